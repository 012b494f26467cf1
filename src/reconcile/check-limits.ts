import { compileOrg } from "../decision/compile-org.ts";
import { decideEntitlement } from "../decision/decide-entitlement.ts";
import { questionOf } from "../decision/question.ts";
import type { CatalogSnapshot } from "../decision/snapshot.ts";
import type { PlacedNote, Report } from "../manifest/place.ts";
import type { ReadManifests } from "../manifest/read-manifests.ts";
import type { Kind } from "../model/kinds.ts";
import type { DesiredScope, Resource } from "../model/state.ts";
import type { Declarations } from "./declarations.ts";

/** What a feature can count of what an org declares; anything else is the app's to count. */
const counted: { readonly [word: string]: { readonly kind: Kind; readonly section: string } } = {
  members: { kind: "member", section: "members" },
  teams: { kind: "team", section: "teams" },
  workspaces: { kind: "workspace", section: "workspaces" },
  environments: { kind: "environment", section: "workspaces" },
  resources: { kind: "resource", section: "resources" },
  roles: { kind: "role", section: "roles" },
  api_keys: { kind: "api_key", section: "api_keys" },
  webhooks: { kind: "webhook", section: "webhooks" },
};

interface LimitCheck {
  readonly limits: readonly Limit[];
  readonly catalog: CatalogSnapshot;
  readonly manifests: ReadManifests;
  readonly declarations: Declarations;
  readonly now: string;
  readonly report: Report;
}

/** A feature that limits how many of something may exist at once. */
interface Limit {
  readonly name: string;
  readonly counts: string;
}

/** The limits that a catalog declares. */
export function limitsOf(catalog: DesiredScope): Limit[] {
  return catalog.resources.flatMap(({ kind, key, fields: { counts } }) =>
    kind === "feature" && typeof counts === "string" ? [{ name: key, counts }] : [],
  );
}

/** What decides a limit of the whole org: compiling the rest would cost more than parsing the file did. */
function decisive({ resources }: DesiredScope): Resource[] {
  return resources.filter(
    ({ kind, path }) =>
      kind === "org" || kind === "subscription" || (kind === "entitlement" && path[0] === "entitlements"),
  );
}

/** Reports where an org declares more active members, teams and so on than its plan and overrides allow. */
export function checkLimits(org: DesiredScope, check: LimitCheck): void {
  const { limits } = check;
  if (limits.length === 0 || org.org === null) return;
  const snapshot = compileOrg(check.catalog, { id: null, slug: org.org, resources: decisive(org) });
  if (snapshot.status !== "active") return;
  const question = questionOf({ org: snapshot, now: Date.parse(check.now) });
  for (const { name, counts } of limits) {
    const what = counted[counts];
    if (!what) continue;
    const { value, decidedBy } = decideEntitlement(question, name);
    const count = org.resources.filter(
      ({ kind, fields }) => kind === what.kind && (kind !== "member" || fields.status === "active"),
    ).length;
    const place =
      typeof value === "number" && count > value ? check.manifests.place(org.org, [what.section]) : null;
    if (!place) continue;
    const decisive = decidedBy === null ? null : check.declarations.placeOf(decidedBy);
    const notes: PlacedNote[] = decisive ? [{ message: `${decidedBy} says so`, place: decisive }] : [];
    const active = what.kind === "member" ? "active members" : String(counts);
    check.report(
      "over-limit",
      place,
      `${org.org} has ${count} ${active}, and ${name} allows ${value}. Take some away, or give it more: entitlements: { ${name}: ${count} }.`,
      notes,
    );
  }
}
