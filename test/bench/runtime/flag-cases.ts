import { compileCatalog } from "../../../src/decision/compile-catalog.ts";
import { compileOrg } from "../../../src/decision/compile-org.ts";
import { decideFlag } from "../../../src/decision/decide-flag.ts";
import { murmur3From } from "../../../src/decision/murmur3.ts";
import { questionOf } from "../../../src/decision/question.ts";
import type { OrgSnapshot } from "../../../src/decision/snapshot.ts";
import {
  type FlagFixture,
  type FlagOrg,
  type FlagRequest,
  flaggedPercent,
  flaggedPlans,
} from "./flag-fixture.ts";
import type { Prepare } from "./measured-case.ts";
import { declared, measuredCatalogResources } from "./measured-catalog.ts";
import { flat } from "./permission-fixture.ts";

/** A rule written by hand and this product's evaluation, each from a request to on or off. */
export const flagCases = {
  /** The limit: the flag by its name, the plan in a set, one hash of the org's id. */
  handWritten({ requests, orgs, flags }) {
    const plans = new Set<string>(flaggedPlans);
    const hashes = new Map(flags.map((flag) => [flag, murmur3From(`${flag}.`)]));
    return (index) => {
      const { flag, org } = requests[index] as FlagRequest;
      const { id, plan } = orgs[org] as FlagOrg;
      const hash = hashes.get(flag);
      return hash !== undefined && plans.has(plan) && hash(id) % 100 < flaggedPercent;
    };
  },

  /** The org in hand, as every library here has its context. */
  tenantry({ requests, orgs }) {
    const compiled = compiledOrgs(orgs);
    const now = Date.now();
    return (index) => {
      const { flag, org } = requests[index] as FlagRequest;
      return decideFlag(questionOf({ org: compiled[org] as OrgSnapshot, now }), flag).value === true;
    };
  },

  /** The whole way: the org by its slug too. */
  tenantryBySlug({ requests, orgs }) {
    const bySlug = new Map(compiledOrgs(orgs).map((org) => [org.slug, org]));
    const slugs = requests.map(({ org }) => flat(orgs[org]?.id ?? ""));
    const now = Date.now();
    return (index) => {
      const { flag } = requests[index] as FlagRequest;
      const org = bySlug.get(slugs[index] as string);
      return org !== undefined && decideFlag(questionOf({ org, now }), flag).value === true;
    };
  },
} as const satisfies Record<string, Prepare<FlagFixture>>;

function compiledOrgs(orgs: readonly FlagOrg[]): readonly OrgSnapshot[] {
  const catalog = compileCatalog(measuredCatalogResources());
  return orgs.map(({ id, plan }) =>
    compileOrg(catalog, {
      id,
      slug: id,
      resources: [
        declared("org", { slug: id }),
        declared("subscription", { product: "platform", plan: `${plan}@1` }),
      ],
    }),
  );
}
