import type { Place, Report } from "../place.ts";
import type { OrgFile } from "./org.ts";

/** Reports slugs and domains that two orgs claim, and earlier slugs that another org still bears. */
export function checkClaims(orgs: readonly OrgFile[], report: Report): void {
  const slugs = claims(report, (slug) => `The slug "${slug}" belongs to one org.`);
  const domains = claims(report, (domain) => `The domain "${domain}" belongs to one org.`);
  for (const org of orgs) {
    slugs.claim(org.content.org, org, at(org, ["org"]));
    for (const [domain, place] of domainsOf(org)) domains.claim(domain, org, place);
  }
  for (const org of orgs) {
    for (const [index, earlier] of (org.content.previously ?? []).entries()) {
      const live = slugs.placeOf(earlier);
      if (!live) continue;
      const detail = `"${earlier}" is still an org, so that "${org.content.org}" cannot be its new slug.`;
      report("previously-live", at(org, ["previously", index]), detail, [
        { message: `"${earlier}" is declared`, place: live },
      ]);
    }
  }
}

function claims(report: Report, detail: (name: string) => string) {
  const first = new Map<string, { readonly org: OrgFile; readonly place: Place }>();
  return {
    claim(name: string, org: OrgFile, place: Place): void {
      const earlier = first.get(name);
      if (!earlier) first.set(name, { org, place });
      else if (earlier.org !== org) {
        report("claimed-twice", place, detail(name), [{ message: "first claimed", place: earlier.place }]);
      }
    },
    placeOf: (name: string) => first.get(name)?.place,
  };
}

function* domainsOf(org: OrgFile): Generator<[string, Place]> {
  const { primary_domain, sso, join } = org.content;
  if (primary_domain !== undefined) yield [primary_domain, at(org, ["primary_domain"])];
  for (const [name, connection] of Object.entries(sso ?? {})) {
    for (const [index, domain] of (connection.domains ?? []).entries()) {
      yield [domain, at(org, ["sso", name, "domains", index])];
    }
  }
  for (const domain of Object.keys(join ?? {})) yield [domain, { ...at(org, ["join", domain]), what: "key" }];
}

function at(org: OrgFile, path: Place["path"]): Place {
  return { file: org.file, path, what: "value" };
}
