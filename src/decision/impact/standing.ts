import type { AttributeTest, Condition } from "../../model/condition.ts";
import { byCodeUnit, canonicalText } from "../../model/value.ts";
import { attributesOf } from "../asked-attributes.ts";
import { attributeOf } from "../attribute.ts";
import { compileCondition, type Truth } from "../condition.ts";
import type { Question } from "../question.ts";
import type { CatalogSnapshot, PermissionSnapshot, RoleSet, SetClause } from "../snapshot.ts";
import type { Standing } from "./impact.ts";
import { residualOf } from "./residual-condition.ts";

/** What one side says: its catalog, and the question that its facts are found in; null: no fact is needed. */
export interface Side {
  readonly catalog: CatalogSnapshot;
  readonly question: Question | null;
}

/** Where a standing comes from: the clause of one of the given sets. */
export interface Source {
  /** Which of the sets. */
  readonly set: number;
  /** Which of its roles. */
  readonly role: number;
}

export interface Judged {
  readonly standing: Standing;
  /** The standing as text, to be compared. */
  readonly text: string;
  /** What allows, or where it is never allowed, what denies; null: nothing is said. */
  readonly source: Source | null;
  /** What denies it, always or on a condition; null: nothing does. */
  readonly denial: Source | null;
}

/**
 * What sets of roles that count at one place say together of a permission: as the runtime decides it, but with
 * everything that only a request can know left open.
 */
export function standingOf(
  sets: readonly (RoleSet | null)[],
  permission: PermissionSnapshot,
  side: Side,
): Judged {
  const given = openClauses(sets, "allow", permission, side);
  if (given.length === 0) return never;
  const deny = openClauses(sets, "deny", permission, side);
  const allow = given.filter(({ condition }) => !isDeniedAlike(condition, deny));
  const denied = allow.length === 0 ? deny[0] : deny.find(({ condition }) => condition === null);
  if (denied) return { ...never, source: denied.source, denial: denied.source };
  const always = allow.find(({ condition }) => condition === null);
  const source = (always ?? allow[0])?.source ?? null;
  if (always && deny.length === 0) return { standing: "always", text: "always", source, denial: null };
  const when = always ? [] : distinct(allow);
  const unless = distinct(deny);
  return {
    standing: { when, unless },
    text: canonicalText({ when, unless }),
    source,
    denial: deny[0]?.source ?? null,
  };
}

const never: Judged = { standing: "never", text: "never", source: null, denial: null };

/** Whether a set's verdicts depend on the org, the member or the environment, and not only on the request. */
export function needsFacts({ verdicts }: RoleSet): boolean {
  return verdicts.some(
    (verdict) =>
      verdict !== null &&
      [...verdict.allow, ...verdict.deny].some(({ condition }) => condition !== null && asksFacts(condition)),
  );
}

/** Whether a condition asks about the org, the member or the environment. */
export function asksFacts(condition: Condition): boolean {
  return attributesOf(condition).some((name) => !isOpen(name));
}

/** Only a request says these; the time of a request is no fact of the org either. */
function isOpen(attribute: string): boolean {
  return /^(?:resource|request|subject|action)\./.test(attribute);
}

/** What is denied on the condition on which it is allowed is never allowed by it. */
function isDeniedAlike(condition: Condition | null, deny: readonly OpenClause[]): boolean {
  if (condition === null || deny.length === 0) return false;
  const text = canonicalText(condition);
  return deny.some((denial) => denial.condition !== null && canonicalText(denial.condition) === text);
}

interface OpenClause {
  /** null: it holds. */
  readonly condition: Condition | null;
  readonly source: Source;
}

/** The clauses that hold or may hold. */
function openClauses(
  sets: readonly (RoleSet | null)[],
  effect: "allow" | "deny",
  permission: PermissionSnapshot,
  side: Side,
): OpenClause[] {
  return sets.flatMap((held, set) =>
    (held?.verdicts[permission.index]?.[effect] ?? []).flatMap((clause) => {
      const left = openCondition(clause, effect, (test) => judge(test, permission, side));
      return left === false
        ? []
        : [{ condition: left === true ? null : left, source: { set, role: clause.role } }];
    }),
  );
}

/** What is unknown for good never allows, and always denies. */
function openCondition(
  { condition }: SetClause,
  effect: "allow" | "deny",
  judged: (test: AttributeTest) => Truth | "open",
): boolean | Condition {
  return condition === null || residualOf(condition, judged, effect === "deny");
}

function judge(
  test: AttributeTest,
  permission: PermissionSnapshot,
  { catalog, question }: Side,
): Truth | "open" {
  const { attribute } = test;
  if (attribute === "action.name")
    return compileCondition(test, () => ({ type: "text", read: () => permission.action }))(null);
  if (question === null || isOpen(attribute)) return "open";
  if (attribute.startsWith("environment.") && question.environment === null) return "open";
  return compileCondition<Question>(test, (name) => attributeOf(catalog, name, permission))(question);
}

function distinct(clauses: readonly OpenClause[]): readonly Condition[] {
  const byText = new Map(
    clauses.flatMap(({ condition }) => (condition ? [[canonicalText(condition), condition]] : [])),
  );
  return [...byText].sort(([a], [b]) => byCodeUnit(a, b)).map(([, condition]) => condition);
}
