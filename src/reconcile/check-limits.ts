import { type OverLimit, overLimits } from "../decision/over-limits.ts";
import type { CatalogSnapshot } from "../decision/snapshot.ts";
import type { PlacedNote, Report } from "../manifest/place.ts";
import type { ReadManifests } from "../manifest/read-manifests.ts";
import { sectionOf } from "../model/kinds.ts";
import type { DesiredScope } from "../model/state.ts";
import type { Declarations } from "./declarations.ts";

interface LimitCheck {
  readonly catalog: CatalogSnapshot;
  readonly manifests: ReadManifests;
  readonly declarations: Declarations;
  readonly now: string;
  readonly report: Report;
}

/** Reports where an org declares more active members, teams and so on than its plan and overrides allow. */
export function checkLimits({ org: slug, resources }: DesiredScope, check: LimitCheck): void {
  if (slug === null) return;
  for (const over of overLimits(check.catalog, { id: null, slug, resources }, Date.parse(check.now)))
    reportOverLimit(slug, over, check);
}

function reportOverLimit(slug: string, over: OverLimit, check: LimitCheck): void {
  const { feature, counts, kind, count, allowed, decidedBy } = over;
  const place = check.manifests.place(slug, [sectionOf(kind, {})]);
  if (!place) return;
  const decisive = decidedBy === null ? null : check.declarations.placeOf(decidedBy);
  const notes: PlacedNote[] = decisive ? [{ message: `${decidedBy} says so`, place: decisive }] : [];
  const counted = kind === "member" ? "active members" : counts;
  check.report(
    "over-limit",
    place,
    `${slug} has ${count} ${counted}, and ${feature} allows ${allowed}. Take some away, or give it more: entitlements: { ${feature}: ${count} }.`,
    notes,
  );
}
