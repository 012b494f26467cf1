import { LRUCache } from "lru-cache";
import type { OrgSnapshot } from "../decision/snapshot.ts";

/** The orgs that are held in memory. */
export interface OrgStore {
  /** null: there is no such org; undefined: it is not held, and there may be one. */
  readonly get: (slug: string) => OrgSnapshot | null | undefined;
  /**
   * Takes an org in the place of the one with its id. What that was called goes on to answer until `settle`: the name may
   * be passing to an org that is still to come, and nobody is to be told in between that there is none.
   */
  readonly put: (org: OrgSnapshot) => void;
  /** Forgets the names that orgs do not have any more. */
  readonly settle: () => void;
  /** Remembers that there is no org of that slug, until something changes. */
  readonly putNone: (slug: string) => void;
  readonly forgetNone: () => void;
  readonly drop: (id: string) => void;
  readonly slugOf: (id: string) => string | undefined;
  /** Those asked for last come last. */
  readonly ids: () => readonly string[];
  readonly size: () => number;
  /** Whether every org there is belongs here. */
  readonly holdsAll: boolean;
}

/** Holds every org. */
export function allOrgs(): OrgStore {
  const bySlug = new Map<string, OrgSnapshot>();
  const slugs = new Map<string, string>();
  return {
    ...keptById(bySlug, slugs),
    get: (slug) => bySlug.get(slug) ?? null,
    putNone() {},
    forgetNone() {},
    ids: () => [...slugs.keys()],
    holdsAll: true,
  };
}

/** Holds so many of the orgs that were asked for last, and as many of the slugs that no org has. */
export function usedOrgs(max: number): OrgStore {
  const slugs = new Map<string, string>();
  const bySlug = new LRUCache<string, OrgSnapshot>({
    max,
    dispose(org, slug, reason) {
      if (reason === "evict" && slugs.get(idOf(org)) === slug) slugs.delete(idOf(org));
    },
  });
  const none = new LRUCache<string, true>({ max });
  const kept = keptById(
    {
      // To look is not to use.
      get: (slug) => bySlug.peek(slug),
      set: (slug, org) => bySlug.set(slug, org),
      delete: (slug) => bySlug.delete(slug),
    },
    slugs,
  );
  return {
    ...kept,
    get: (slug) => bySlug.get(slug) ?? (none.get(slug) ? null : undefined),
    put(org) {
      none.delete(org.slug);
      kept.put(org);
    },
    putNone: (slug) => none.set(slug, true),
    forgetNone: () => none.clear(),
    ids: () => [...bySlug.rvalues()].flatMap((org) => (org ? [idOf(org)] : [])),
    holdsAll: false,
  };
}

interface BySlug {
  readonly get: (slug: string) => OrgSnapshot | undefined;
  readonly set: (slug: string, org: OrgSnapshot) => unknown;
  readonly delete: (slug: string) => unknown;
}

function keptById(bySlug: BySlug, slugs: Map<string, string>) {
  const former = new Map<string, string>();
  /** Its name may be another org's by now. */
  const free = (slug: string, id: string) => {
    const holder = bySlug.get(slug);
    if (holder && idOf(holder) === id) bySlug.delete(slug);
  };
  return {
    put(org: OrgSnapshot) {
      const id = idOf(org);
      const before = slugs.get(id);
      if (before !== undefined && before !== org.slug) former.set(before, id);
      slugs.set(id, org.slug);
      bySlug.set(org.slug, org);
    },
    settle() {
      for (const [slug, id] of former) if (slugs.get(id) !== slug) free(slug, id);
      former.clear();
    },
    drop(id: string) {
      const slug = slugs.get(id);
      slugs.delete(id);
      if (slug !== undefined) free(slug, id);
    },
    slugOf: (id: string) => slugs.get(id),
    size: () => slugs.size,
  };
}

/** Every org that was read from a database has one. */
function idOf({ id }: OrgSnapshot): string {
  return id ?? "";
}
