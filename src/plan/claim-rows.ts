import { descriptorOf } from "../model/kinds.ts";
import type { ActualRow, Resource } from "../model/state.ts";
import { type Claims, claimNames, clashesOf, type Holder } from "./claim-names.ts";

/** A row with its key. */
export interface NamedRow extends Holder {
  readonly row: ActualRow;
}

export interface ClaimedRows {
  readonly rowOf: ReadonlyMap<Resource, ActualRow>;
  /** The rows that nobody declares. */
  readonly left: readonly NamedRow[];
  readonly clashes: readonly { readonly resource: Resource; readonly earlier: string }[];
}

/** Says which row each resource of a kind is: by its key, by an earlier one, or by what else names it. */
export function claimRows(resources: readonly Resource[], rows: readonly NamedRow[]): ClaimedRows {
  const claims = claimNames(resources, rows);
  const rowOf = new Map([...claims.held].map(([resource, { row }]) => [resource, row]));
  const byAlias = claimByAlias(resources, claims);
  for (const [resource, { row }] of byAlias) rowOf.set(resource, row);
  const taken = new Set(byAlias.values());
  const left = new Set([...claims.left].filter((named) => !taken.has(named)));
  const held = new Map([...claims.held, ...byAlias]);
  const clashes = clashesOf(resources, { held, left });
  return {
    rowOf,
    left: [...left],
    clashes: clashes.map(({ claimant, earlier }) => ({ resource: claimant, earlier })),
  };
}

function claimByAlias(
  resources: readonly Resource[],
  { held, left }: Claims<Resource, NamedRow>,
): ReadonlyMap<Resource, NamedRow> {
  const found = new Map<Resource, NamedRow>();
  const [first] = left;
  if (!first) return found;
  const { aliases = [] } = descriptorOf(first.row.kind);
  for (const alias of aliases) {
    const named = new Map([...left].map((one) => [one.row.fields[alias], one]));
    const taken = new Set(found.values());
    for (const resource of resources) {
      const value = resource.fields[alias];
      if (typeof value !== "string" || held.has(resource) || found.has(resource)) continue;
      const one = named.get(value);
      if (one && !taken.has(one)) found.set(resource, one);
      if (one) taken.add(one);
    }
  }
  return found;
}
