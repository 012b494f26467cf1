import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { convert } from "../../examples/kubernetes/convert.ts";
import type { GitHubOrganization } from "../../examples/kubernetes/github-organization.ts";
import { orgManifest } from "../../examples/kubernetes/org-manifest.ts";
import { compileCatalog } from "../../src/decision/compile-catalog.ts";
import { runCatalogTests } from "../../src/decision/run-catalog-tests.ts";
import { discover } from "../../src/manifest/discover.ts";
import { readManifests } from "../../src/manifest/read-manifests.ts";
import type { Kind } from "../../src/model/kinds.ts";

const example = join(import.meta.dirname, "../../examples/kubernetes");
const source = join(example, "source");
const slugs = ["etcd-io", "kubernetes-client", "kubernetes-csi", "kubernetes-sigs"];

describe("the manifests", () => {
  it("are what the conversion writes, byte for byte", () => {
    const target = mkdtempSync(join(tmpdir(), "tenantry-kubernetes-"));
    try {
      convert(source, target);
      expect(filesIn(join(example, "tenants/orgs"))).toEqual(filesIn(target));
    } finally {
      rmSync(target, { recursive: true });
    }
  });

  const found = discover(join(example, "tenants"));
  const { desired, diagnostics, tests } = readManifests(found.files);

  it("have no problem, and their catalog does what it promises", () => {
    expect([...found.diagnostics, ...diagnostics]).toEqual([]);
    const catalog = compileCatalog(desired?.catalog.resources ?? []);
    const asked = tests.map(({ test }) => test);
    expect(asked.length).toBeGreaterThan(0);
    expect(runCatalogTests(catalog, asked)).toEqual([]);
  });

  it.each(slugs)("of %s declare as much as its source", (slug) => {
    const resources = desired?.orgs.find(({ org }) => org === slug)?.resources ?? [];
    const count = (kind: Kind) => resources.filter((each) => each.kind === kind).length;
    expect({
      members: count("member"),
      teams: count("team"),
      teamMembers: count("team_member"),
      bindings: count("binding"),
      resources: count("resource"),
      renamed: resources.filter(({ previously }) => previously.length > 0).length,
    }).toEqual(countsOf(readSource(slug)));
  });
});

describe("what a source leaves unclear stops the conversion", () => {
  const organization: GitHubOrganization = {
    org: "small",
    name: "Small",
    description: "",
    default_repository_permission: "none",
    admins: ["u-1"],
    members: ["u-2"],
    teams: [],
  };
  const team = { name: "a/b", description: "", privacy: "closed", repos: {}, previously: [] } as const;

  it("stranger-in-team", () => {
    const teams = [{ ...team, maintainers: ["u-3"], members: ["u-4"] }];
    expect(() => orgManifest({ ...organization, teams })).toThrow(
      "small: u-3 is in team a/b and not in the organisation.\nsmall: u-4 is in team a/b and not in the organisation.",
    );
  });

  it("admin-and-member", () => {
    expect(() => orgManifest({ ...organization, members: ["u-1"] })).toThrow(
      "small: u-1 is an admin and a member. Keep one.",
    );
  });

  it("maintainer-and-member", () => {
    const teams = [{ ...team, maintainers: ["u-1"], members: ["u-1"] }];
    expect(() => orgManifest({ ...organization, teams })).toThrow(
      "small: u-1 is a maintainer and a member of team a/b. Keep one.",
    );
  });

  it("same-address", () => {
    const nobody = { maintainers: [], members: [] };
    const teams = [{ ...team, ...nobody, teams: [{ ...team, ...nobody, name: "a-b" }] }];
    expect(() => orgManifest({ ...organization, teams })).toThrow('small: teams a/b and a-b are both "a-b".');
  });
});

function filesIn(folder: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    readdirSync(folder)
      .sort()
      .map((file) => [file, readFileSync(join(folder, file), "utf8")]),
  );
}

/** Only what is counted, so that the conversion's own reading is not what it is compared with. */
interface Counted {
  readonly maintainers: readonly string[];
  readonly members: readonly string[];
  readonly repos: Readonly<Record<string, string>>;
  readonly previously: readonly string[];
  readonly teams?: readonly Counted[];
}

interface CountedOrg {
  readonly admins: readonly string[];
  readonly members: readonly string[];
  readonly teams: readonly Counted[];
}

function readSource(slug: string): CountedOrg {
  return JSON.parse(readFileSync(join(source, `${slug}.json`), "utf8")) as CountedOrg;
}

function countsOf({ admins, members, teams }: CountedOrg) {
  const people = new Set([...admins, ...members]);
  const repositories = new Set<string>();
  const counts = { teams: 0, teamMembers: 0, grants: 0, renamed: 0 };
  const rest = [...teams];
  for (let team = rest.pop(); team; team = rest.pop()) {
    counts.teams += 1;
    counts.teamMembers += new Set([...team.maintainers, ...team.members]).size;
    counts.grants += Object.keys(team.repos).length;
    counts.renamed += team.previously.length > 0 ? 1 : 0;
    for (const repository of Object.keys(team.repos)) repositories.add(repository);
    rest.push(...(team.teams ?? []));
  }
  return {
    members: people.size,
    teams: counts.teams,
    teamMembers: counts.teamMembers,
    bindings: people.size + counts.grants,
    resources: repositories.size,
    renamed: counts.renamed,
  };
}
