import type {
  Answer,
  FlagAnswer,
  LocalClient,
  OrgQuestions,
  Query,
  Trouble,
  Vocabulary,
} from "../src/client/client.ts";
import { decideEntitlement } from "../src/decision/decide-entitlement.ts";
import { decideFlag } from "../src/decision/decide-flag.ts";
import { decidePermission } from "../src/decision/decide-permission.ts";
import { type Question, questionOf } from "../src/decision/question.ts";
import type { OrgSnapshot } from "../src/decision/snapshot.ts";
import type { LiveEstate } from "../src/runtime/live-estate.ts";

export interface ClientOverEstate {
  readonly client: LocalClient;
  /** What tests bring about by hand. */
  readonly trouble: {
    readonly isCutOff: boolean;
    /** What is known is too old. */
    isTooOld: boolean;
    readonly cutOff: () => void;
    readonly back: () => void;
  };
}

/** The engine's answers over a live estate, as a client in process gives them. */
export function clientOverEstate(estate: LiveEstate, clock: () => number, own?: string): ClientOverEstate {
  const listeners = new Set<(trouble: Trouble) => void>();
  const tell = (told: Trouble) => {
    trouble.isCutOff = told.kind === "cut-off";
    for (const listener of listeners) listener(told);
  };
  const trouble = {
    isCutOff: false,
    isTooOld: false,
    cutOff: () => tell({ kind: "cut-off", error: new Error("cut off") }),
    back: () => tell({ kind: "back" }),
  };
  const onTrouble: LocalClient["onTrouble"] = (listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  const org = (slug: string): OrgQuestions<Vocabulary, "now"> => {
    const check = (queries: readonly Query[]) =>
      queries.map((query) =>
        trouble.isTooOld
          ? ({
              ...flagOf(query),
              value: null,
              variant: null,
              reason: "unavailable",
              decidedBy: null,
            } as Answer)
          : answer(query, estate.org(slug) as OrgSnapshot | null, clock()),
      );
    const unneeded = () => {
      throw new Error("It asks by check alone.");
    };
    return {
      check,
      can: unneeded,
      flag: unneeded,
      entitled: unneeded,
      explain: unneeded,
      onChange: (listener) =>
        estate.onChange(({ slugs }) => {
          if (slugs === null || slugs.has(slug)) listener();
        }),
    };
  };
  const standing = () => ({
    revision: estate.state().revision,
    age: trouble.isTooOld ? Number.POSITIVE_INFINITY : 0,
    isCutOff: trouble.isCutOff,
  });
  const client: LocalClient = {
    ...org(own ?? ""),
    mode: "now",
    staleFor: 60_000,
    org,
    standing,
    onTrouble,
    close: async () => {},
  };
  return { client, trouble };
}

function flagOf(query: Query): Pick<FlagAnswer, "kind" | "flag"> {
  return { kind: "flag", flag: "flag" in query ? query.flag : "" };
}

function answer(query: Query, org: OrgSnapshot | null, now: number): Answer {
  if (!org) return { ...flagOf(query), value: null, variant: null, reason: "unknown-org", decidedBy: null };
  const question = questionOf({
    org,
    now,
    member: query.member ?? null,
    workspace: query.workspace ?? null,
    environment: query.environment ?? null,
    request: query.context ?? null,
    resource: resourceOf(query),
  });
  if ("flag" in query) {
    const { value, variant, reason, decidedBy } = decideFlag(question, query.flag);
    return { kind: "flag", flag: query.flag, value, variant, reason, decidedBy };
  }
  if ("permission" in query) {
    const { isAllowed, reason, decidedBy, through } = decidePermission(question, query.permission);
    return {
      kind: "permission",
      permission: query.permission,
      allowed: isAllowed,
      reason,
      decidedBy,
      through,
    };
  }
  const { isEntitled, value, reason, decidedBy, through } = decideEntitlement(question, query.entitlement);
  return {
    kind: "entitlement",
    entitlement: query.entitlement,
    entitled: isEntitled,
    value,
    reason,
    decidedBy,
    through,
  };
}

function resourceOf(query: Query): Question["resource"] {
  if (!("resource" in query) || !query.resource) return null;
  const { type, id = null, attributes = null } = query.resource;
  return { type, id, attributes };
}
