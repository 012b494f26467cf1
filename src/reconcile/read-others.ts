import type { Books } from "../database/read-books.ts";
import { readOrgRows } from "../database/read-rows.ts";
import type { Transaction } from "../database/transaction.ts";
import { descriptorOf, type Kind } from "../model/kinds.ts";
import type { Resource } from "../model/state.ts";
import { keysOfScope } from "../plan/diff-scopes.ts";
import type { PlannedScope } from "../plan/make-plan.ts";
import { matchScope } from "../plan/match-scope.ts";

/** So many orgs are read at a time. */
const orgsAtATime = 1_000;

export interface Others {
  /** The orgs that a plan did not look at. */
  readonly others: readonly Books[];
  /** The kinds of rows that are wanted of them. */
  readonly kinds: ReadonlySet<Kind>;
  readonly catalog: PlannedScope;
}

/** An org of which no row changes. */
export interface OtherOrg {
  readonly orgId: string;
  readonly slug: string;
  readonly resources: readonly Resource[];
  readonly memberIds: ReadonlyMap<string, string>;
}

/** Reads some of the rows of the orgs that only the catalog's change reaches, part by part. */
export async function* readOthers(
  transaction: Transaction,
  { others, kinds, catalog }: Others,
): AsyncGenerator<OtherOrg> {
  if (kinds.size === 0) return;
  const keyOf = keysOfScope(catalog);
  const wanted = withNamed(kinds);
  for (let start = 0; start < others.length; start += orgsAtATime) {
    const part = others.slice(start, start + orgsAtATime);
    const ids = part.map(({ orgId }) => orgId);
    const rows = await readOrgRows(transaction, ids, wanted);
    for (const { orgId, slug, counter } of part) {
      if (slug === null) continue;
      const actual = { org: slug, orgId, counter, rows: rows.get(orgId) ?? new Map(), writes: [] };
      const { pairs } = matchScope(null, actual, keyOf, noNewRows);
      yield {
        orgId,
        slug,
        resources: pairs.map(({ kind, key, before }): Resource => {
          return { kind, key, fields: before, previously: [], path: [] };
        }),
        memberIds: new Map(pairs.flatMap(({ kind, key, id }) => (kind === "member" ? [[key, id]] : []))),
      };
    }
  }
}

/** The kinds, and those that name them: a binding is known by its member and its place. */
function withNamed(kinds: ReadonlySet<Kind>): Kind[] {
  const wanted = new Set<Kind>(["org", ...kinds]);
  // What is added while going through is gone through too.
  for (const kind of wanted) {
    for (const field of Object.values(descriptorOf(kind).fields)) {
      if (field.type !== "reference") continue;
      const named = field.to as Kind;
      if (descriptorOf(named).tier === "org") wanted.add(named);
    }
  }
  return [...wanted];
}

function noNewRows(): never {
  throw new Error("An org that is only looked at gets no new rows.");
}
