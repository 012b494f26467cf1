import { type OverLimit, overLimits } from "../decision/over-limits.ts";
import { sectionOf } from "../model/kinds.ts";
import type { Resource } from "../model/state.ts";
import { orPassOnce } from "../plan/pass-once.ts";
import type { Change, Finding } from "../plan/plan.ts";
import type { JudgedOrg, Judgement, Judging } from "./brakes.ts";

/**
 * Whether an org will have more than its plan and its own entitlements allow, as the database will be: rows that
 * invitations, joining and the app made count as those of the manifests do.
 */
export function judgeLimits({ slug, before, after, changes }: JudgedOrg, judging: Judging): Judgement {
  const over = (resources: readonly Resource[] | null, catalog: Judging["after"]) =>
    resources ? overLimits(catalog, { id: null, slug, resources }, judging.now) : [];
  const found = over(after, judging.after);
  if (found.length === 0) return { findings: [], notes: [] };
  const earlier = new Map(over(before, judging.before).map((limit) => [limit.feature, excessOf(limit)]));
  const isWorse = (limit: OverLimit) => excessOf(limit) > (earlier.get(limit.feature) ?? 0);
  const worse = found.filter(isWorse);
  const told = changes.length === 0 ? [] : found.filter((limit) => !isWorse(limit));
  return {
    findings: worse.length === 0 ? [] : [overLimit(slug, worse, changes)],
    notes: told.map((limit) => ({
      subject: slug,
      message: `It has ${hasText(limit)}, as before.`,
      at: { org: slug, path: [] },
    })),
  };
}

function excessOf({ count, allowed }: OverLimit): number {
  return count - allowed;
}

function overLimit(slug: string, limits: readonly OverLimit[], changes: readonly Change[]): Finding {
  const help = limits
    .map(({ feature, kind, counts, count, allowed }) => {
      const excess = count - allowed;
      return `remove ${excess} ${wordOf(kind, counts, excess)} or give it ${feature}: ${count}`;
    })
    .join(", ");
  return {
    code: "over-limit",
    subject: slug,
    message: `${slug} has ${limits.map(hasText).join(", and ")}`,
    help: orPassOnce(help, "over-limit", slug),
    canPass: true,
    at: { org: slug, path: placeOf(limits[0] as OverLimit, changes) },
  };
}

/** `61 active members, team@2 allows 50` */
function hasText({ kind, counts, feature, count, allowed, decidedBy }: OverLimit): string {
  const active = kind === "member" ? "active " : "";
  return `${count} ${active}${wordOf(kind, counts, count)}, ${sayerOf(feature, decidedBy)} ${allowed}`;
}

function sayerOf(feature: string, decidedBy: string | null): string {
  if (decidedBy === null) return "and nothing allows more than";
  const version = /^catalog\/plan\/([^#]+)/.exec(decidedBy);
  return version ? `${version[1]} allows` : `its own ${feature} allows`;
}

function wordOf(kind: OverLimit["kind"], counts: string, count: number): string {
  return (count === 1 ? kind : counts).replaceAll("_", " ");
}

/** Where the allowance changes; else where what is counted is declared. */
function placeOf({ kind, feature }: OverLimit, changes: readonly Change[]) {
  const moved = changes.find(
    (change) =>
      change.path !== null &&
      (change.kind === "subscription" || (change.kind === "entitlement" && change.key === feature)),
  );
  return moved?.path ?? [sectionOf(kind, {})];
}
