import { type DemandedRole, holdersOf, ownersOf } from "../decision/holders.ts";
import type { Resource } from "../model/state.ts";
import { byCodeUnit } from "../model/value.ts";
import { orPassOnce } from "../plan/pass-once.ts";
import type { Finding, FindingCode, Note } from "../plan/plan.ts";
import type { JudgedOrg, Judgement, Judging } from "./brakes.ts";

/**
 * Whether enough members hold the roles that some must hold, as the database will be, and whether one of them is
 * somebody who can sign in. An org that has ended needs nobody, and one that has no member yet gets its first by itself.
 */
export function judgeHolders({ slug, before, after, changes }: JudgedOrg, judging: Judging): Judgement {
  if (!after || hasEnded(after)) return nothing;
  const held = before && !hasEnded(before) ? ownersOf(judging.before, { resources: before }) : [];
  const demanded = stricter(ownersOf(judging.after, { resources: after }), held, after).map(countHolders);
  const few = demanded.filter(({ active, atLeast }) => active < atLeast);
  const nobody = demanded.filter(({ active, canSignIn }) => active > 0 && canSignIn === 0);
  if (few.length + nobody.length === 0) return nothing;
  const isStarting = before === null && !after.some(({ kind }) => kind === "member");
  const earlier = new Map(held.map((role) => [role.role, countHolders(role)]));
  const isWorse = (role: Counted) => missing(role) > missing(earlier.get(role.role));
  const isLost = ({ role }: Counted) => earlier.get(role)?.canSignIn !== 0;
  const stopped = { few: isStarting ? [] : few.filter(isWorse), nobody: nobody.filter(isLost) };
  const told = [
    ...few.filter((role) => !stopped.few.includes(role)).map(tooFewText),
    ...nobody.filter((role) => !stopped.nobody.includes(role)).map(noSignInText),
  ];
  return {
    findings: [
      ...finding("at-least", slug, stopped.few.map(tooFewText), stopped.few),
      ...finding("no-sign-in", slug, stopped.nobody.map(noSignInText), stopped.nobody),
    ],
    notes: changes.length === 0 ? [] : told.map((text) => note(slug, text, isStarting)),
  };
}

/** What is demanded before the plan or after it, whichever is more: a plan must not loosen the brake that would stop it. */
function stricter(
  now: readonly DemandedRole[],
  before: readonly DemandedRole[],
  after: readonly Resource[],
): DemandedRole[] {
  const roles = new Map(now.map((demanded) => [demanded.role, demanded]));
  for (const { role, atLeast } of before) {
    const known = roles.get(role);
    if (known && known.atLeast >= atLeast) continue;
    roles.set(role, { role, atLeast, holders: known?.holders ?? holdersOf({ resources: after }, role) });
  }
  return [...roles.values()].sort((a, b) => byCodeUnit(a.role, b.role));
}

/** The status of an org as its rows say it. */
export function statusOf(resources: readonly Resource[]): string {
  return String(resources.find(({ kind }) => kind === "org")?.fields.status ?? "active");
}

const nothing: Judgement = { findings: [], notes: [] };

function hasEnded(resources: readonly Resource[]): boolean {
  return ["archived", "deleted"].includes(statusOf(resources));
}

interface Counted {
  readonly role: string;
  readonly atLeast: number;
  readonly active: number;
  readonly canSignIn: number;
}

function countHolders({ role, atLeast, holders }: DemandedRole): Counted {
  const active = holders.filter(({ isActive }) => isActive).length;
  return { role, atLeast, active, canSignIn: holders.filter(({ canSignIn }) => canSignIn).length };
}

function missing(role: Counted | undefined): number {
  return role ? Math.max(0, role.atLeast - role.active) : 0;
}

function tooFewText({ role, atLeast, active }: Counted): string {
  return `${active === 0 ? "no" : `only ${active}`} active ${role}, and needs ${atLeast}`;
}

function noSignInText({ role }: Counted): string {
  return `no ${role} who can sign in: services alone hold that role`;
}

function finding(
  code: Extract<FindingCode, "at-least" | "no-sign-in">,
  slug: string,
  texts: readonly string[],
  roles: readonly Counted[],
): Finding[] {
  if (texts.length === 0) return [];
  const names = roles.map(({ role }) => role).join(" and ");
  return [
    {
      code,
      subject: slug,
      message: `${slug} would have ${texts.join("; ")}.`,
      help: orPassOnce(`Leave or give ${names} to a member who can sign in`, code, slug),
      canPass: true,
      at: { org: slug, path: ["members"] },
    },
  ];
}

function note(slug: string, text: string, isStarting: boolean): Note {
  return {
    subject: slug,
    message: isStarting ? `It has no member yet, and so ${text}.` : `It has ${text}, as before.`,
    at: { org: slug, path: [] },
  };
}
