import { addressOf } from "../model/address.ts";
import { descriptorOf } from "../model/kinds.ts";
import type { PlannedScope } from "./make-plan.ts";
import type { Change, Finding } from "./plan.ts";

/** What would go away or change although rows that stay still depend on it. */
export function findUses(scopes: readonly PlannedScope[]): Finding[] {
  const deleted = new Map<string, string>();
  const versions = new Map<string, string>();
  for (const { org, changes } of scopes) {
    for (const change of changes) {
      const address = addressOf(org, change.kind, change.key);
      if (change.action === "delete") deleted.set(change.id, address);
      if (changesVersion(change)) versions.set(change.id, address);
    }
  }
  if (deleted.size === 0 && versions.size === 0) return [];
  const findings = new Map<string, Finding>();
  for (const scope of scopes) {
    for (const { address, id, user } of usesIn(scope)) {
      if (deleted.has(id)) add(findings, stillUsed(deleted.get(id) as string, address, user));
      if (user === "subscription" && versions.has(id))
        add(findings, versionInUse(versions.get(id) as string, address));
    }
  }
  return [...findings.values()];
}

/** Every reference of the rows that stay, as it is after the plan. */
function* usesIn(scope: PlannedScope) {
  const changes = new Map(scope.changes.map((change) => [change.id, change]));
  for (const pair of scope.matched.pairs) {
    const change = changes.get(pair.id);
    if (!pair.actual || change?.action === "delete") continue;
    const moved = new Set(change?.action === "update" ? change.fields.map(({ field }) => field) : []);
    for (const [name, field] of Object.entries(descriptorOf(pair.kind).fields)) {
      const id = pair.actual.fields[name];
      if (field.type !== "reference" || typeof id !== "string" || moved.has(name)) continue;
      yield { id, address: addressOf(scope.org, pair.kind, pair.key), user: pair.kind };
    }
  }
}

function changesVersion(change: Change): boolean {
  if (change.kind !== "plan_version" || change.action !== "update") return false;
  return change.fields.some(({ field }) => field !== "description");
}

function stillUsed(subject: string, by: string, user: string): Finding {
  const isRole = user === "binding";
  return {
    code: isRole ? "role-in-use" : "still-used",
    subject,
    message: isRole
      ? `The role would go away while it is still held: ${by}, which the manifests do not own.`
      : `It would go away while ${by}, which the manifests do not own, still refers to it.`,
    help: isRole
      ? "Keep the role, or take it away from who holds it first."
      : "Keep it, or remove what refers to it first.",
    canPass: false,
    at: null,
  };
}

function versionInUse(subject: string, by: string): Finding {
  return {
    code: "plan-version-in-use",
    subject,
    message: `A plan version never changes while somebody has it: ${by}.`,
    help: "Leave it as it was, and add a new version. There is no way round this.",
    canPass: false,
    at: null,
  };
}

/** One finding a subject: the first user stands for all. */
function add(findings: Map<string, Finding>, finding: Finding): void {
  const name = `${finding.code} ${finding.subject}`;
  if (!findings.has(name)) findings.set(name, finding);
}
