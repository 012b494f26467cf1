import { catalogId } from "../model/state.ts";
import { hasDrift } from "../plan/drift-only.ts";
import type { Plan, ScopePlan } from "../plan/plan.ts";
import { groupsOf } from "./change-text.ts";

/** How much a plan changes, in the resources that a reader sees: a member with its roles is one. */
export interface PlanCounts {
  readonly create: number;
  readonly update: number;
  readonly delete: number;
  /** How many of them undo what something else did. */
  readonly drift: number;
  /** All of them. */
  readonly changes: number;
  /** Orgs with changes. */
  readonly orgs: number;
  readonly isCatalogChanged: boolean;
}

/** Counts a whole plan, without laying it out. */
export function planCounts({ scopes }: Plan): PlanCounts {
  const counts = scopes.map(scopeCounts);
  const sum = (name: keyof ScopeCounts) => counts.reduce((total, count) => total + count[name], 0);
  const orgs = scopes.filter(({ orgId }) => orgId !== catalogId).length;
  return {
    create: sum("create"),
    update: sum("update"),
    delete: sum("delete"),
    drift: sum("drift"),
    changes: sum("changes"),
    orgs,
    isCatalogChanged: orgs < scopes.length,
  };
}

type ScopeCounts = Pick<PlanCounts, "create" | "update" | "delete" | "drift" | "changes">;

/** The same of one scope. */
export function scopeCounts({ changes }: ScopePlan): ScopeCounts {
  const counts = { create: 0, update: 0, delete: 0, drift: 0, changes: 0 };
  for (const group of groupsOf(changes).values()) {
    const [first] = group;
    counts[first && !first.partOf ? first.action : "update"] += 1;
    counts.changes += 1;
    if (group.some(hasDrift)) counts.drift += 1;
  }
  return counts;
}

/** `3 changes, 2 from Git, 1 drift`; without drift `3 changes`. */
export function changesText({ changes, drift }: Pick<PlanCounts, "changes" | "drift">): string {
  const all = counted(changes, "change");
  if (drift === 0) return all;
  return drift === changes
    ? `${all}, all of it drift`
    : `${all}, ${changes - drift} from Git, ${drift} drift`;
}

/** `1 to create, 2 to delete`: only what there is. */
export function actionsText(counts: Pick<PlanCounts, "create" | "update" | "delete">): string {
  return (["create", "update", "delete"] as const)
    .filter((action) => counts[action] > 0)
    .map((action) => `${figure(counts[action])} to ${action}`)
    .join(", ");
}

/** `1 org`, `1,037 members` */
export function counted(count: number, one: string): string {
  return `${figure(count)} ${one}${count === 1 ? "" : "s"}`;
}

/** `1,037` */
export function figure(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ",");
}
