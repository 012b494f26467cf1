import { compileCatalog } from "../decision/compile-catalog.ts";
import { compileOrg } from "../decision/compile-org.ts";
import { decideEntitlement } from "../decision/decide-entitlement.ts";
import { decideFlag } from "../decision/decide-flag.ts";
import { decideRateLimit } from "../decision/decide-rate-limit.ts";
import { questionOf } from "../decision/question.ts";
import { reasons } from "../decision/reason.ts";
import { placeText } from "../diagnostic/position.ts";
import { type Place, spanOf } from "../manifest/place.ts";
import { kinds } from "../model/kinds.ts";
import type { DesiredScope, Path } from "../model/state.ts";
import { isList, type Value } from "../model/value.ts";
import { declarationsOf } from "./declarations.ts";
import type { LoadedManifests } from "./load-manifests.ts";

/** A value that is in effect, and who says so. */
export interface Explained {
  readonly group: "declared" | "entitlements" | "rate limits" | "flags" | "defaults";
  /** `security.require_mfa`, `seats`. */
  readonly name: string;
  readonly value: Value;
  /** The layer, plan or rule that it comes from. */
  readonly source: string;
  /** `tenants/catalog.yaml:97`; null for what nobody wrote. */
  readonly at: string | null;
}

/** Every value that is in effect for an org by its manifests alone; null where no manifest declares it. */
export function explainOrg(
  { desired, manifests }: LoadedManifests,
  slug: string,
  now: string,
): Explained[] | null {
  const org = desired.orgs.find((scope) => scope.org === slug);
  const merged = manifests.merged(slug);
  if (!org || !merged) return null;
  const declarations = declarationsOf(desired, manifests);
  const lineOf = (place: Place | null) => place && placeText(spanOf(place)).replace(/:\d+$/, "");
  const catalog = compileCatalog(desired.catalog.resources);
  const snapshot = compileOrg(catalog, { id: null, slug, resources: org.resources });
  const question = questionOf({ org: snapshot, now: Date.parse(now) });
  const decided = (address: string | null) =>
    address === null ? null : lineOf(declarations.placeOf(address));
  return [
    ...[...leaves(merged.content, [])].map(({ path, value }): Explained => {
      const name = path.join(".");
      return {
        group: "declared",
        name,
        value,
        source: merged.source(path).label,
        at: lineOf(merged.place(path)),
      };
    }),
    ...[...catalog.features.keys()].map((name): Explained => {
      const { value, reason, decidedBy } = decideEntitlement(question, name);
      return {
        group: "entitlements",
        name,
        value: value as Value,
        source: sourceOf(reason, decidedBy),
        at: decided(decidedBy),
      };
    }),
    ...[...catalog.rateLimits.keys()].flatMap((name): Explained[] => {
      const limit = decideRateLimit(snapshot, name, question.now);
      if (!limit) return [];
      const { value, decidedBy } = limit;
      return [{ group: "rate limits", name, value: { ...value }, source: decidedBy, at: decided(decidedBy) }];
    }),
    ...[...catalog.flags.keys()].map((name): Explained => {
      const { value, variant, reason, decidedBy, undetermined } = decideFlag(question, name);
      const source = undetermined
        ? `${sourceOf(reason, decidedBy)}; ${undetermined.rule} depends on what is not known here`
        : sourceOf(reason, decidedBy);
      return { group: "flags", name, value: variant ?? value, source, at: decided(decidedBy) };
    }),
    ...unsaid(org),
  ];
}

function sourceOf(reason: keyof typeof reasons, decidedBy: string | null): string {
  return decidedBy ?? reasons[reason];
}

/** The values of a manifest, each with its path; lists and quantities are values. */
function* leaves(content: Value, path: Path): Generator<{ readonly path: Path; readonly value: Value }> {
  const isMap = typeof content === "object" && content !== null && !isList(content);
  if (!isMap || "per" in content || (Object.keys(content).length === 0 && path.length > 0))
    yield { path, value: content };
  else for (const [name, value] of Object.entries(content)) yield* leaves(value, [...path, name]);
}

/** Settings that nobody wrote, and what holds instead. */
function unsaid(org: DesiredScope): Explained[] {
  return (["security", "trace"] as const).flatMap((kind) => {
    if (org.sections.has(kind)) return [];
    return Object.entries(kinds[kind].fields).map(([field, { default: value }]): Explained => {
      return {
        group: "defaults",
        name: `${kind}.${field}`,
        value,
        source: "nobody says otherwise",
        at: null,
      };
    });
  });
}
