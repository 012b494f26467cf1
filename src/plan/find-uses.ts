import { addressOf } from "../model/address.ts";
import { descriptorOf, type Kind } from "../model/kinds.ts";
import { sameValue } from "../model/value.ts";
import type { PlannedScope } from "./make-plan.ts";
import { noWayRound, orPassOnce } from "./pass-once.ts";
import type { Change, Finding } from "./plan.ts";

/** Rows of one kind, in orgs that the plan did not read, that refer to a row of the catalog. */
export interface UseElsewhere {
  /** What they refer to. */
  readonly id: string;
  readonly kind: Kind;
  /** Sorted by slug. */
  readonly orgs: readonly { readonly orgId: string; readonly slug: string }[];
}

/** What would go away or change although rows that stay still depend on it. */
export function findUses(
  scopes: readonly PlannedScope[],
  elsewhere: readonly UseElsewhere[] = [],
): Finding[] {
  const { deleted, versions } = endangered(scopes);
  if (deleted.size === 0 && versions.size === 0) return [];
  const users = new Map<string, { readonly kind: Kind; readonly by: string[] }>();
  const note = (id: string, kind: Kind, by: string) => {
    // A role is told of as held, whatever else refers to it.
    const name = `${kind === "binding" || kind === "subscription" ? kind : ""} ${id}`;
    const noted = users.get(name) ?? { kind, by: [] };
    users.set(name, noted);
    noted.by.push(by);
  };
  for (const scope of scopes) {
    for (const { id, kind, key } of referencesIn(scope))
      if (deleted.has(id) || versions.has(id)) note(id, kind, addressOf(scope.org, kind, key));
  }
  for (const { id, kind, orgs } of elsewhere) for (const { slug } of orgs) note(id, kind, slug);
  return [...users].flatMap(([name, { kind, by }]): Finding[] => {
    const id = name.slice(name.indexOf(" ") + 1);
    const gone = deleted.get(id);
    const version = versions.get(id);
    if (gone !== undefined) return [kind === "binding" ? roleInUse(gone, by) : stillUsed(gone, by)];
    return version !== undefined && kind === "subscription" ? [versionInUse(version, by)] : [];
  });
}

/** The addresses, by id, of what a plan deletes, and of the plans' versions that it changes. */
export function endangered(scopes: readonly PlannedScope[]) {
  const deleted = new Map<string, string>();
  const versions = new Map<string, string>();
  for (const { org, changes } of scopes) {
    for (const change of changes) {
      const address = addressOf(org, change.kind, change.key);
      if (change.action === "delete") deleted.set(change.id, address);
      if (changesVersion(change)) versions.set(change.id, address);
    }
  }
  return { deleted, versions };
}

/** Every reference of the rows that stay, as it is after the plan. */
function* referencesIn(scope: PlannedScope) {
  const changes = new Map(scope.changes.map((change) => [change.id, change]));
  for (const { id: own, kind, key, actual } of scope.matched.pairs) {
    const change = changes.get(own);
    if (!actual || change?.action === "delete") continue;
    const moved = new Set(change?.action === "update" ? change.fields.map(({ field }) => field) : []);
    for (const [name, field] of Object.entries(descriptorOf(kind).fields)) {
      const id = actual.fields[name];
      if (field.type === "reference" && typeof id === "string" && !moved.has(name)) yield { id, kind, key };
    }
  }
}

function changesVersion(change: Change): boolean {
  if (change.kind !== "plan_version" || change.action !== "update") return false;
  // What somebody changed by hand may be put back: that is what was bought.
  return change.fields.some(
    ({ field, after, drift }) =>
      !["description", "managed", "origin"].includes(field) && !(drift && sameValue(drift.applied, after)),
  );
}

function roleInUse(subject: string, by: readonly string[]): Finding {
  return {
    code: "role-in-use",
    subject,
    message: `The role would go away while it is still held: ${firstOf(by)}, which the manifests do not own. Let pass, that goes too.`,
    help: orPassOnce("Keep the role, or take it away from who holds it first", "role-in-use", subject),
    canPass: true,
    at: null,
  };
}

function stillUsed(subject: string, by: readonly string[]): Finding {
  return {
    code: "still-used",
    subject,
    message: `It would go away while ${firstOf(by)}, which the manifests do not own, still refers to it.`,
    help: noWayRound("Keep it, or remove what refers to it first."),
    canPass: false,
    at: null,
  };
}

/** An org may have a version by its subscription, or by what it falls back to. */
export function versionInUse(subject: string, by: readonly string[]): Finding {
  return {
    code: "plan-version-in-use",
    subject,
    message: `A plan version never changes while somebody has it: ${firstOf(by)}.`,
    help: "Leave it as it was, and add a new version. There is no way round this.",
    canPass: false,
    at: null,
  };
}

function firstOf([first = "", ...others]: readonly string[]): string {
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}
