import type { Condition } from "../model/condition.ts";
import { type AskedAttribute, askedAttributes } from "./asked-attributes.ts";
import type { Truth } from "./condition.ts";
import { decidePermission, type PermissionDecision, standingOf, truthOf } from "./decide-permission.ts";
import { bindingOf, heldAt, type Level, levels, type Standing } from "./permission-standing.ts";
import { knownResourceOf, memberOf, ownValue, type Question } from "./question.ts";
import type { Reason } from "./reason.ts";
import type { HeldRoles, SetClause } from "./snapshot.ts";

/** A decision with all that was looked at, for people. */
export interface PermissionExplanation {
  readonly decision: PermissionDecision;
  /** What is looked at before any role, in order, up to the first that fails. */
  readonly checks: readonly PermissionCheck[];
  /** Every role held that counts where it is asked, in the order in which they are asked; none where a check fails. */
  readonly roles: readonly ExplainedRole[];
}

export interface PermissionCheck {
  readonly check: (typeof checks)[number]["check"];
  readonly isPassed: boolean;
  /** What was found; null: nothing. */
  readonly found: string | boolean | null;
}

export interface ExplainedRole {
  readonly role: string;
  /** The binding by which it is held. */
  readonly through: string;
  /** null: by the member itself. */
  readonly team: string | null;
  readonly heldIn: Level;
  /** What it says of the permission; none where it says nothing. What an unconditional grant makes superfluous is left out. */
  readonly clauses: readonly ExplainedClause[];
}

export interface ExplainedClause {
  /** `catalog/role/editor#grants/1` */
  readonly address: string;
  readonly effect: "allow" | "deny";
  /** null: always. */
  readonly condition: Condition | null;
  readonly truth: Truth;
  readonly attributes: readonly AskedAttribute[];
}

/** Why `decidePermission` answers as it does. */
export function explainPermission(question: Question, permission: string): PermissionExplanation {
  const decision = decidePermission(question, permission);
  const standing = standingOf(question, permission);
  return {
    decision,
    checks: checksOf(question, decision.reason),
    roles: "reason" in standing ? [] : levels.flatMap((level) => rolesAt(level, standing)),
  };
}

/** In the order in which the decision makes them; each with the reasons of which one is given where it fails. */
const checks = [
  { check: "permission", fails: ["unknown-permission"], found: () => null },
  { check: "org-status", fails: ["org-not-active"], found: ({ org }: Question) => org.status },
  { check: "member", fails: ["unknown-member"], found: (asked: Question) => memberOf(asked)?.key ?? null },
  {
    check: "member-status",
    fails: ["member-suspended"],
    found: (asked: Question) => memberOf(asked)?.status ?? null,
  },
  {
    check: "mfa",
    fails: ["mfa-required"],
    found: ({ request }: Question) => ownValue(request, "mfa") === true,
  },
  {
    check: "place",
    fails: ["unknown-workspace", "unknown-environment", "wrong-place"],
    // What is named, else where the estate knows the resource to be.
    found: (asked: Question) => {
      const resource = knownResourceOf(asked);
      return asked.environment ?? asked.workspace ?? resource?.environment ?? resource?.workspace ?? null;
    },
  },
] as const satisfies readonly {
  readonly check: string;
  readonly fails: readonly Reason[];
  readonly found: unknown;
}[];

function checksOf(question: Question, reason: Reason): readonly PermissionCheck[] {
  const failed = checks.findIndex(({ fails }) => (fails as readonly Reason[]).includes(reason));
  const made = failed === -1 ? checks : checks.slice(0, failed + 1);
  return made.map(({ check, found }, at) => ({ check, isPassed: at !== failed, found: found(question) }));
}

function rolesAt(level: Level, standing: Standing): readonly ExplainedRole[] {
  const held = heldAt(level, standing);
  if (!held) return [];
  return held.set.roles.map((name, role) => ({
    role: name,
    through: bindingOf(held, { role }, level, standing),
    team: held.teams[role] ?? null,
    heldIn: level,
    clauses: clausesOf(held, role, standing),
  }));
}

function clausesOf({ set }: HeldRoles, role: number, standing: Standing): readonly ExplainedClause[] {
  const verdict = set.verdicts[standing.permission.index];
  const explained = (effect: "allow" | "deny") =>
    (verdict?.[effect] ?? [])
      .filter((clause) => clause.role === role)
      .map((clause) => explainedClause(clause, effect, standing));
  return [...explained("deny"), ...explained("allow")];
}

function explainedClause(
  clause: SetClause,
  effect: "allow" | "deny",
  { question, permission }: Standing,
): ExplainedClause {
  const { address, condition } = clause;
  const attributes = askedAttributes(condition, question, permission);
  return { address, effect, condition, truth: truthOf(clause, question), attributes };
}
