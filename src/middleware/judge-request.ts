import type {
  About,
  Client,
  LocalClient,
  OrgQuestions,
  PermissionAnswer,
  Query,
  Resource,
  Vocabulary,
} from "../client/client.ts";
import { type Refusal, refusal } from "./refusal.ts";

type MaybeLater<T> = T | Promise<T>;

/** What stands in a request twice is a list, and names nothing. */
type Named = string | readonly string[] | null | undefined;

/** How a request says who asks, about which org, and about what in it. */
export interface Finders<Request> {
  /** The member who is signed in, by address or user id; nothing: nobody is. */
  readonly member: (request: Request) => MaybeLater<Named>;
  /** The org's slug. */
  readonly org: (request: Request) => MaybeLater<Named>;
  readonly workspace?: (request: Request) => MaybeLater<Named>;
  /** With its workspace: `web/live`. */
  readonly environment?: (request: Request) => MaybeLater<Named>;
  readonly resource?: (request: Request) => MaybeLater<Resource | null | undefined>;
  /** `mfa`, and the attributes of requests that the catalog declares. */
  readonly context?: (request: Request) => MaybeLater<About["context"] | null | undefined>;
}

type PermissionQuery = About & { permission: string; member: string; resource?: Resource };
type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** What handlers find on a request that was let through. */
export interface Tenancy<V extends Vocabulary = Vocabulary> {
  /** Answers further questions about the org: at once or later, as the client does. */
  readonly org: OrgQuestions<V, "now" | "later">;
  /** Who asks, as the request said it. */
  readonly member: string;
}

/** A client over HTTP or in process. */
export type AskedClient<V extends Vocabulary> = Pick<Client<V>, "org"> | Pick<LocalClient<V>, "org">;

export type Judged<V extends Vocabulary> = { readonly tenancy: Tenancy<V>; readonly refusal: null } | Refused;

interface Refused {
  readonly tenancy: null;
  readonly refusal: Refusal;
}

/**
 * Whether whoever sent a request may do what it asks for. Rejects with what a finder throws.
 *
 * An org that is not there, one that is not the asker's, and one that is not active are refused alike, byte for byte:
 * whether an org exists is nobody's business but its members', and of an org that is not active nothing says who they are.
 */
export async function judgeRequest<V extends Vocabulary, Request>(
  client: AskedClient<V>,
  permission: V["permissions"],
  find: Finders<Request>,
  request: Request,
): Promise<Judged<V>> {
  const member = await find.member(request);
  if (!isText(member)) return refused("unauthorized");
  const slug = await find.org(request);
  if (!isText(slug)) return refused("bad-request", { detail: "The request names no org, or several." });
  const query: Writable<PermissionQuery> = { permission, member };
  for (const place of ["workspace", "environment"] as const) {
    const name = await find[place]?.(request);
    if (isText(name)) query[place] = name;
    // Left out it would be asked of another place than was meant.
    else if (name != null) return refused("bad-request", { detail: `The request names no one ${place}.` });
  }
  const resource = await find.resource?.(request);
  if (resource) query.resource = resource;
  const context = await find.context?.(request);
  if (context) query.context = context;
  const org = client.org(slug);
  const [answer] = await org.check([query as Query<V>]);
  const { allowed, reason } = answer as PermissionAnswer;
  if (allowed === true) return { tenancy: { org, member }, refusal: null };
  switch (reason) {
    case "unavailable":
      return refused("unavailable");
    case "unknown-org":
    case "unknown-member":
    case "org-not-active":
      return refused("unknown-org");
    default:
      return refused("forbidden", { permission, reason });
  }
}

function refused(...said: Parameters<typeof refusal>): Refused {
  return { tenancy: null, refusal: refusal(...said) };
}

function isText(found: Named): found is string {
  return typeof found === "string" && found !== "";
}
