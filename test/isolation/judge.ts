import type { Outcome, Result } from "./attempt.ts";
import { isGranted, type WorkingRole } from "./granted.ts";
import type { HostileForm } from "./hostile-form.ts";
import type { Relation } from "./relations.ts";
import { canary, type Tenant, type TwoTenants } from "./two-tenants.ts";

/** What became of a statement; `leak` for all that must not be, with the reason. */
export type Verdict = "refused" | "empty" | "own rows" | { readonly leak: string };

export interface Case {
  readonly role: WorkingRole;
  readonly form: HostileForm;
  readonly relation: Relation;
  readonly sql: string;
  /** Whose rows the app may see; null: nobody's. The other roles see everybody's. */
  readonly sees: Tenant | null;
  /** The setting is no id: whatever looks at it fails. */
  readonly isGarbled: boolean;
}

/** Judges what a statement answered by what its role is granted and whose its transaction is. */
export function judge(tried: Case, outcome: Outcome, { ownerOf }: TwoTenants): Verdict {
  const { role, form, relation, sees } = tried;
  const mayRead = isGranted(role, relation.name, "select");
  const maySee = mayRead && (role !== "app" || !relation.hasOrg || sees !== null);
  const stranger = strangerIn(tried, outcome, ownerOf);
  if (stranger) return { leak: `shows what is ${stranger}'s` };
  if (outcome.error) return judgeError(tried, outcome.error.code, maySee);
  if (form.needs.length > 0 && !form.needs.some((needed) => isGranted(role, relation.name, needed))) {
    return { leak: "let through without a grant" };
  }
  const last = outcome.results.filter(({ rows }) => rows !== null).at(-1);
  const isEmpty = !last || last.rows?.every(isNothing);
  switch (form.means) {
    case "refused":
      return { leak: "succeeded" };
    case "write":
      return touched(outcome.results) > 0 ? "own rows" : "empty";
    case "rows":
      if (isEmpty) return "empty";
      return maySee ? "own rows" : { leak: "shows rows that nobody granted" };
    case "none":
      if (isEmpty) return "empty";
      return role !== "app" && mayRead ? "own rows" : { leak: "shows something where there is nothing" };
    case "words":
      return isEmpty || !maySee ? "empty" : "own rows";
  }
}

function judgeError({ role, form, isGarbled }: Case, code: string, maySee: boolean): Verdict {
  if (code === "42501") return "refused";
  if (form.fails.includes(code)) return "refused";
  if (isGarbled && code === "22P02") return "refused";
  if (maySee && form.showsBy.some((state) => code.startsWith(state))) return "own rows";
  // Who sees every org learns nothing by a division or a cast that fails.
  if (role !== "app" && maySee && /^(?:22...|ZZ001)$/.test(code)) return "own rows";
  return { leak: `failed with ${code}, which nothing explains` };
}

/** Who is spoken of that must not be: another org, or a table that is hidden from the role. */
function strangerIn(
  { role, sees, sql }: Case,
  outcome: Outcome,
  ownerOf: TwoTenants["ownerOf"],
): string | undefined {
  const said = [
    ...outcome.results.flatMap(({ rows }) => rows?.flat() ?? []),
    ...outcome.words,
    outcome.error?.text,
  ].join("\n");
  for (const [, owner = ""] of said.matchAll(canary)) if (!mayHearOf(role, owner, sees)) return owner;
  if (role !== "app") return undefined;
  for (const [id] of said.matchAll(uuid)) {
    const owner = ownerOf.get(id);
    // What the statement itself says may come back in a plan or a message.
    if (owner && owner !== sees && !sql.includes(id)) return owner;
  }
  return undefined;
}

const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

function mayHearOf(role: WorkingRole, owner: string, sees: Tenant | null): boolean {
  if (owner === "acme" || owner === "globex") return role !== "app" || owner === sees;
  return isGranted(role, owner, "select");
}

/** Whether a row says nothing: no count, no value, no yes. */
function isNothing(row: readonly (string | null)[]): boolean {
  return row.every((value) => value === null || /^(?:0|f|\{\}|\[\]|)\n?$/.test(value));
}

function touched(results: readonly Result[]): number {
  return results.reduce(
    (sum, { tag }) =>
      sum + Number(/^(?:INSERT 0|UPDATE|DELETE|MERGE|COPY|SELECT) (\d+)$/.exec(tag)?.[1] ?? 0),
    0,
  );
}
