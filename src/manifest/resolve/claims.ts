import type { Place, Report } from "../place.ts";
import { checkEarlierNames } from "./earlier-names.ts";
import type { OrgFile } from "./org.ts";

/** Reports slugs and domains that two orgs claim, and earlier slugs that another org still bears or claims too. */
export function checkClaims(orgs: readonly OrgFile[], report: Report): void {
  const slugs = claims("slug", report);
  const domains = claims("domain", report);
  for (const org of orgs) {
    slugs.claim(org.content.org, org, at(org, ["org"]));
    for (const [domain, place] of domainsOf(org)) domains.claim(domain, org, place);
  }
  checkEarlierNames(
    orgs.map((org) => ({
      name: org.content.org,
      previously: org.content.previously ?? [],
      place: at(org, ["org"]),
      placeOf: (index) => at(org, ["previously", index]),
    })),
    report,
  );
}

/** What no other org may claim too, as words to find it by: `slug acme`, `previously acme-corp`, `domain acme.example`. */
export function claimsOf(org: OrgFile): string[] {
  const { org: slug, previously = [] } = org.content;
  return [
    `slug ${slug}`,
    ...previously.map((name) => `previously ${name}`),
    ...[...domainsOf(org)].map(([domain]) => `domain ${domain}`),
  ];
}

/** The words under which another org would stand that claims the same. */
export function contestedBy(claims: readonly string[]): string[] {
  return claims.flatMap((claim) => {
    const name = claim.slice(claim.indexOf(" ") + 1);
    return claim.startsWith("domain ") ? [claim] : [`slug ${name}`, `previously ${name}`];
  });
}

function claims(what: string, report: Report) {
  const first = new Map<string, { readonly org: OrgFile; readonly place: Place }>();
  return {
    claim(name: string, org: OrgFile, place: Place): void {
      const earlier = first.get(name);
      if (!earlier) first.set(name, { org, place });
      else if (earlier.org !== org) {
        const other = earlier.org.content.org;
        const by = other === org.content.org ? "another file" : other;
        const detail = `The ${what} "${name}" is claimed by ${by} too, and belongs to one org. Take it away from one of the two.`;
        report("claimed-twice", place, detail, [{ message: "first claimed", place: earlier.place }]);
      }
    },
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
