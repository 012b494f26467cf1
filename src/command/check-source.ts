import { readSlugs } from "../database/read-actual.ts";
import { compileCatalog } from "../decision/compile-catalog.ts";
import { compileOrg } from "../decision/compile-org.ts";
import type { OrgSnapshot } from "../decision/snapshot.ts";
import { placeText } from "../diagnostic/position.ts";
import { spanOf } from "../manifest/place.ts";
import { declarationsOf } from "../reconcile/declarations.ts";
import { openLiveEstate } from "../runtime/live-estate.ts";
import type { ExitCode } from "./exit-code.ts";
import { type LoadOptions, load } from "./load.ts";
import type { Terminal } from "./terminal.ts";
import { unknownOrg } from "./unknown-org.ts";
import { type DatabaseOptions, placeOf, withDatabase } from "./with-database.ts";

/** An org to ask, and where it is from. */
export interface CheckSource {
  readonly org: OrgSnapshot;
  /** `the embedded database in .tenantry, revision 3` */
  readonly words: string;
  readonly data:
    | { readonly kind: "database"; readonly revision: number }
    | { readonly kind: "manifests"; readonly dir: string };
  /** `tenants/catalog.yaml:22`, where an address is declared; null where nobody knows. */
  readonly declaredAt: (address: string) => string | null;
}

/** The org as `serve` would answer for it now. Throws `UnknownOrg` where there is none. */
export function orgOfDatabase(
  slug: string,
  options: DatabaseOptions,
  terminal: Terminal,
): Promise<CheckSource> {
  return withDatabase(options, terminal, async (database) => {
    const estate = await openLiveEstate(database, { maxOrgs: 1 });
    const org = await estate.org(slug);
    const where = placeOf(database);
    if (!org) return unknownOrg(slug, { where, slugs: await readSlugs(database) });
    const { revision } = estate.state();
    return {
      org,
      words: `${where}, revision ${revision}`,
      data: { kind: "database", revision },
      // The manifests at hand may be others than those that were applied.
      declaredAt: () => null,
    };
  });
}

/**
 * The org as it would be once the manifests are applied, without ids. Prints what is wrong with them and gives the
 * exit code. Throws `UnknownOrg` where they declare none of that slug.
 */
export function orgOfManifests(
  slug: string,
  options: LoadOptions,
  terminal: Terminal,
): CheckSource | ExitCode {
  const loaded = load(options, terminal);
  if (typeof loaded === "number") return loaded;
  const { desired, manifests } = loaded;
  const words = `the manifests in ${options.dir}`;
  const scope = desired.orgs.find(({ org }) => org === slug);
  if (!scope) return unknownOrg(slug, { where: words, slugs: desired.orgs.flatMap(({ org }) => org ?? []) });
  const declarations = declarationsOf(desired, manifests);
  return {
    org: compileOrg(compileCatalog(desired.catalog.resources), {
      id: null,
      slug,
      resources: scope.resources,
    }),
    words: `${words} alone`,
    data: { kind: "manifests", dir: options.dir },
    declaredAt: (address) => {
      const place = declarations.placeOf(address);
      return place && placeText(spanOf(place)).replace(/:\d+$/, "");
    },
  };
}
