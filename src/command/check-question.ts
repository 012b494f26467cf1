import { type AskedResource, type Question, questionOf } from "../decision/question.ts";
import type { OrgSnapshot } from "../decision/snapshot.ts";
import { nearName } from "../diagnostic/near-name.ts";
import { type AttributeSpec, builtInAttributes } from "../model/condition.ts";
import { saidAttributes } from "./said-attributes.ts";
import { UsageError } from "./usage-error.ts";

/** Who asks, where, and about what, as the command line says it. */
export interface AskedOnCommandLine {
  readonly member?: string | undefined;
  readonly workspace?: string | undefined;
  /** `web/live`, or `live` where the workspace is said, too. */
  readonly environment?: string | undefined;
  /** `document/spec`, or `document`. */
  readonly resource?: string | undefined;
  /** `status=live` */
  readonly attribute: readonly string[];
  /** `mfa=true` */
  readonly context: readonly string[];
}

/** The question that the command line asks of an org. Throws `UsageError` for what nothing declares, or does not fit. */
export function checkQuestion(asked: AskedOnCommandLine, org: OrgSnapshot, now: number): Question {
  return questionOf({
    org,
    now,
    member: asked.member ?? null,
    workspace: asked.workspace ?? null,
    environment: environmentOf(asked, org),
    resource: resourceOf(asked, org),
    request: saidAttributes(asked.context, {
      option: "--context",
      declared: new Map([
        ["mfa", builtInAttributes.get("request.mfa") as AttributeSpec],
        ...declaredOf("request", org),
      ]),
      subject: "a request",
    }),
  });
}

function environmentOf({ environment, workspace }: AskedOnCommandLine, org: OrgSnapshot): string | null {
  if (environment === undefined || environment.includes("/")) return environment ?? null;
  if (workspace !== undefined) return `${workspace}/${environment}`;
  const whole = [...org.environments.keys()].find((key) => key.endsWith(`/${environment}`));
  throw new UsageError(
    `--environment wants its workspace, too: ${whole ?? "web/live"}, or --workspace beside it.`,
  );
}

function resourceOf({ resource, attribute }: AskedOnCommandLine, org: OrgSnapshot): AskedResource | null {
  if (resource === undefined) {
    if (attribute.length > 0) throw new UsageError("--attribute says something of a --resource: name it.");
    return null;
  }
  if (!/^[^/]+(?:\/.+)?$/s.test(resource))
    throw new UsageError("--resource takes a type and an id, as document/spec, or a type alone.");
  const slash = resource.indexOf("/");
  const type = slash === -1 ? resource : resource.slice(0, slash);
  const types = new Set([...org.catalog.permissions.values()].map((permission) => permission.type));
  if (!types.has(type)) {
    const near = nearName(type, types);
    throw new UsageError(
      `The catalog has no permissions for resources of type "${type}".${near ? ` Did you mean "${near}"?` : ` There are: ${[...types].join(", ")}.`}`,
    );
  }
  const declared = new Map(declaredOf(type, org));
  const attributes = saidAttributes(attribute, { option: "--attribute", declared, subject: `a ${type}` });
  return { type, id: slash === -1 ? null : resource.slice(slash + 1), attributes };
}

/** The declared attributes of something, by their names alone. */
function declaredOf(subject: string, { catalog }: OrgSnapshot): [string, AttributeSpec][] {
  const prefix = `${subject}.`;
  return [...catalog.attributes].flatMap(([name, spec]): [string, AttributeSpec][] =>
    name.startsWith(prefix) ? [[name.slice(prefix.length), spec]] : [],
  );
}
