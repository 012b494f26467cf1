import { type FoundFile, sha256, sourceDigest } from "../manifest/found-file.ts";
import type { ParsedCatalog, ParsedManifest, ParsedOrg } from "../manifest/parse-manifests.ts";
import { claimsOf } from "../manifest/resolve/claims.ts";
import { descriptorOf } from "../model/kinds.ts";
import type { DesiredScope, Resource } from "../model/state.ts";
import type { Baseline, StoredSource } from "../plan/baseline.ts";

/** What an apply is to note of a scope, but for whose it is and when it is next due. */
export type SourceNote = Omit<Baseline, "orgId" | "nextDue">;

/** Of orgs, by slug: their files, those that changed with all that was read from them. */
export function baselinesOf(
  desired: readonly DesiredScope[],
  parsed: readonly ParsedOrg[],
  changed: readonly FoundFile[],
): ReadonlyMap<string, SourceNote> {
  const isChanged = new Set(changed.map(({ below }) => below));
  const bySlug = new Map<string, ParsedOrg[]>();
  for (const org of parsed) bySlug.set(org.content.org, [...(bySlug.get(org.content.org) ?? []), org]);
  return new Map(
    desired.map((scope): [string, SourceNote] => {
      const files = bySlug.get(scope.org ?? "") ?? [];
      const isNew = files.some(({ file }) => isChanged.has(foundFileOf(file).below));
      return [
        scope.org ?? "",
        {
          sourceDigest: sourceDigest(files.map(({ file }) => foundFileOf(file))),
          desiredDigest: desiredDigest(scope),
          sources: isNew ? files.map((org) => storedSource(org, claimsOf(org))) : null,
        },
      ];
    }),
  );
}

/** Of the catalog: its files, and the digest of what orgs are resolved with. */
export function baselineOfCatalog(parsed: readonly ParsedCatalog[], closure: string | null): SourceNote {
  return {
    sourceDigest: sourceDigest(parsed.map(({ file }) => foundFileOf(file))),
    desiredDigest: closure,
    sources: parsed.map((catalog) => storedSource(catalog, [])),
  };
}

/** Of all that a scope's manifest comes to; not of where it stands in the file. */
export function desiredDigest(scope: DesiredScope): string {
  const { previously, sections, authoritative, released, resources } = scope;
  // Resources come in the order in which they are written, which is the same for the same bytes.
  const rows = resources.map(({ kind, key, previously: names, fields }) => [kind, key, names, fields]);
  return sha256(JSON.stringify([previously, [...sections].sort(), [...authoritative], [...released], rows]));
}

/** The first moment after `now`, in milliseconds, at which something of a state lapses or begins; null: never. */
export function nextDueOf(resources: readonly Resource[], now: number): string | null {
  let next: string | null = null;
  let soonest = Number.POSITIVE_INFINITY;
  for (const { kind, fields } of resources) {
    for (const field of timesOf(kind)) {
      const text = fields[field];
      const at = typeof text === "string" ? Date.parse(text) : Number.NaN;
      // A purge stays due until it is done.
      const isAhead = at > now || (field === "purge_after" && fields.status === "deleted");
      if (isAhead && at < soonest) [soonest, next] = [at, text as string];
    }
  }
  return next;
}

const times = new Map<Resource["kind"], readonly string[]>();

/** The fields of a kind that say when something begins or ends; when it was made is past. */
function timesOf(kind: Resource["kind"]): readonly string[] {
  const known = times.get(kind);
  if (known) return known;
  const { fields } = descriptorOf(kind);
  const found = Object.keys(fields).filter((name) => fields[name]?.type === "time" && name !== "created_at");
  times.set(kind, found);
  return found;
}

function storedSource({ file, content }: ParsedManifest, claims: readonly string[]): StoredSource {
  const { below, digest, text } = foundFileOf(file);
  return { path: below, digest, text, content: JSON.stringify(content), claims };
}

/** Files that were not found in a directory are only read, never applied. */
function foundFileOf(file: ParsedManifest["file"]): FoundFile {
  if (!("digest" in file)) throw new Error(`${file.path} was not found in the manifests' directory.`);
  return file as FoundFile;
}
