import type {
  ExplainedClause,
  ExplainedRole,
  PermissionCheck,
  PermissionExplanation,
} from "../decision/explain-permission.ts";
import { printable } from "../diagnostic/printable.ts";
import { judgedText } from "./condition-steps.ts";

/** What was looked at for a permission: what comes before any role, then each role that counts and what it says. */
export function permissionSteps(
  permission: string,
  { checks, roles }: PermissionExplanation,
  placed: (address: string) => string,
): string[] {
  const isRefused = checks.some(({ isPassed }) => !isPassed);
  return [
    "",
    "Before any role",
    ...checks.map((check) => `  ${check.isPassed ? "✓" : "✗"} ${printable(checkText(check, permission))}`),
    ...(isRefused ? [] : ["", "Roles that count here", ...rolesText(roles, permission, placed)]),
  ];
}

function checkText({ check, isPassed, found }: PermissionCheck, permission: string): string {
  switch (check) {
    case "permission":
      return isPassed ? `the catalog has ${permission}` : `the catalog has no ${permission}`;
    case "org-status":
      return `the org is ${found}`;
    case "member":
      return isPassed ? `the member is ${found}` : "the org has no such member";
    case "member-status":
      return `the member's status is ${found}`;
    case "mfa":
      if (found === true) return "the request has a second factor";
      return isPassed
        ? "the request has no second factor, and needs none"
        : "the request has no second factor, and needs one";
    case "place":
      if (found === null) return "no workspace or environment is named";
      return isPassed ? `the place is ${found}` : `${found} is not a place where it can be asked`;
  }
}

const levelWords = {
  org: "in the org",
  resource: "on the resource",
  workspace: "in the workspace",
  environment: "in the environment",
} as const satisfies Record<ExplainedRole["heldIn"], string>;

function rolesText(
  roles: readonly ExplainedRole[],
  permission: string,
  placed: (address: string) => string,
): string[] {
  if (roles.length === 0) return ["  none: the member holds no role here"];
  return roles.flatMap(({ role, team, heldIn, through, clauses }) => [
    `  ${printable(role)}, held ${levelWords[heldIn]}${team === null ? "" : ` by team ${printable(team)}`}: ${placed(through)}`,
    ...(clauses.length === 0
      ? [`    says nothing of ${printable(permission)}`]
      : clauses.flatMap((clause) => clauseText(clause, placed))),
  ]);
}

function clauseText(clause: ExplainedClause, placed: (address: string) => string): string[] {
  const { effect, address, condition } = clause;
  return condition === null
    ? [`    ${effect} always: ${placed(address)}`]
    : [`    ${effect} on a condition: ${placed(address)}`, `      ${judgedText(clause)}`];
}
