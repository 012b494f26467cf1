import { describe, expect, it } from "vitest";
import { placeText } from "../../src/diagnostic/position.ts";
import type { SourceFile } from "../../src/diagnostic/span.ts";
import { spanOf } from "../../src/manifest/place.ts";
import { readManifests } from "../../src/manifest/read-manifests.ts";
import type { Path } from "../../src/model/state.ts";
import type { Value } from "../../src/model/value.ts";
import { diagnosticsText } from "../../src/view/diagnostics-text.ts";

const header = "apiVersion: tenantry/v1\n";

const catalog = common(
  "catalog.yaml",
  `catalog: shop
permissions: { org: [read, update] }
attributes: { org: { region: [eu, us] } }
roles:
  owner: { description: May do everything, grants: ["*:*"] }
  member: { grants: [org:read] }
features: { sso: switch, seats: { limit: members }, extra: switch }
rate_limits: { api: 60/minute }
products: [platform]
plans:
  team: { product: platform, fallback: true, versions: { 1: { price: { monthly: 39.00 USD, annual: 390.00 USD }, trial: 14 days, entitlements: { sso: false, seats: 25 } } } }
flags:
  beta: { description: The new one, default: false, rules: [{ if: { org.region: eu }, serve: true }] }
  checkout: { variants: { old: { page: a, size: 1 }, new: { page: b } }, default: old }
templates:
  standard: { trace: { mode: sampled, sample_rate: 0.5 }, security: { require_mfa: true }, locked: [security.require_mfa] }
guards: { max_removals: 10% }
policy: { team_limit: 5, creator_role: owner }
tests:
  - { name: a, now: 2026-01-01, org: { plan: team }, expect: { flags.beta: false } }
  - { name: b, now: 2026-01-01, org: { plan: team }, expect: { entitlements.seats: 25 } }
`,
);

const acme = common(
  "orgs/acme.yaml",
  `org: acme
name: Acme
templates: [standard]
members: { Ana@acme.example: owner, bo@acme.example: member }
flags: { beta: true, checkout: { value: new, reason: asked for it } }
branding: { primary: "#0b5fff", font: Inter }
`,
);

function common(name: string, text: string): SourceFile {
  return { path: `tenants/${name}`, text: header + text };
}

function overlay(name: string, text: string): SourceFile {
  return { path: `tenants/overlays/staging/${name}`, text: header + text, overlay: "staging" };
}

function read(...files: readonly SourceFile[]) {
  const all = readManifests([catalog, acme, ...files]);
  expect(diagnosticsText(all.diagnostics, { colour: false })).toBe("");
  return all;
}

function codes(...files: readonly SourceFile[]): string[] {
  return readManifests([catalog, acme, ...files]).diagnostics.map(
    ({ code, at }) => `${code} ${at === null ? "" : placeText(at)}`,
  );
}

function fieldsOf(manifests: ReturnType<typeof read>, org: string | null, kind: string, key = "") {
  const scopes = [manifests.desired?.catalog, ...(manifests.desired?.orgs ?? [])];
  const scope = scopes.find((one) => one?.org === org);
  return scope?.resources.find((one) => one.kind === kind && one.key === key)?.fields;
}

describe("an estate's org file over the common one", () => {
  const staging = overlay(
    "orgs/acme.yaml",
    `org: acme
name: Acme, staging
members: { ana@acme.example: member, cy@acme.example: owner }
flags: { checkout: old }
trace: { mode: all }
branding: { font: Mono }
unset: [flags.beta, members.bo@acme.example]
`,
  );

  it("merges maps; scalars, lists and what counts whole replace; unset takes away", () => {
    const manifests = read(staging);
    const { content } = manifests.merged("acme") as { content: { readonly [name: string]: Value } };
    expect(content).toMatchObject({
      name: "Acme, staging",
      flags: { checkout: { value: "old" } },
      branding: { primary: "#0b5fff", font: "Mono" },
      trace: { mode: "all" },
      security: { require_mfa: true },
    });
    expect(content.flags).toEqual({ checkout: { value: "old" } });
    expect(content.trace).toEqual({ mode: "all" });
    expect(Object.keys(content.members as object).sort()).toEqual(["ana@acme.example", "cy@acme.example"]);
    expect(manifests.desired?.orgs.map(({ org }) => org)).toEqual(["acme"]);
    expect(fieldsOf(manifests, "acme", "org")).toMatchObject({
      name: "Acme, staging",
      templates: ["standard"],
    });
  });

  it("is named as the layer that values come from, with its place", () => {
    const merged = read(staging).merged("acme");
    const source = (path: Path) => [
      merged?.source(path).label,
      merged && placeText(spanOf(merged.place(path))),
    ];
    expect(source(["name"])).toEqual(["overlay staging", "tenants/overlays/staging/orgs/acme.yaml:3:7"]);
    expect(source(["branding", "font"])).toEqual([
      "overlay staging",
      "tenants/overlays/staging/orgs/acme.yaml:7:19",
    ]);
    expect(source(["branding", "primary"])).toEqual(["org acme", "tenants/orgs/acme.yaml:7:22"]);
    expect(source(["security", "require_mfa"])).toEqual(["template standard", expect.any(String)]);
  });

  it("may replace templates, management and what is let go of", () => {
    const manifests = read(
      overlay(
        "orgs/acme.yaml",
        "org: acme\ntemplates: []\nprotected: true\nmanage: { members: authoritative }\nrelease: [teams]\npreviously: [acme-staging]\n",
      ),
    );
    expect(fieldsOf(manifests, "acme", "org")).toMatchObject({ templates: [], protected: true });
    const scope = manifests.desired?.orgs[0];
    expect(scope?.sections.has("security")).toBe(false);
    expect([...(scope?.authoritative ?? [])]).toEqual([["members", "unaccounted"]]);
    expect([...(scope?.released ?? [])]).toEqual(["teams"]);
    expect(scope?.previously).toEqual(["acme-staging"]);
  });

  it("may declare an org of the estate's own", () => {
    const manifests = read(overlay("orgs/robots.yaml", "org: robots\nname: Robots\n"));
    expect(manifests.desired?.orgs.map(({ org }) => org)).toEqual(["acme", "robots"]);
    expect(manifests.merged("robots")?.source(["name"]).label).toBe("org robots");
  });

  it.each([
    ["a locked value", "security: { require_mfa: false }", "locked-value", "3:26"],
    ["a path that leads nowhere", "unset: [flags.gamma]", "unknown-path", "3:9"],
    ["an unknown role", "members: { cy@acme.example: onwer }", "unknown-role", "3:29"],
    ["an unknown template", "templates: [standrd]", "unknown-template", "3:13"],
    ["a section that is let go of below", "release: [flags]", "conflicting-fields", "3:11"],
  ])("is refused with %s, at its own place", (_, line, code, place) => {
    const at = `tenants/overlays/staging/orgs/acme.yaml:${place}`;
    expect(codes(overlay("orgs/acme.yaml", `org: acme\n${line}\n`))).toEqual([`${code} ${at}`]);
  });

  it("is refused a second time in the same overlay", () => {
    const again = overlay("acme.yaml", "org: acme\n");
    expect(codes(overlay("orgs/acme.yaml", "org: acme\n"), again)).toEqual([
      expect.stringMatching(/^claimed-twice tenants\/overlays\/staging\//),
    ]);
  });

  it("is refused a domain that another org has", () => {
    const globex = common("orgs/globex.yaml", "org: globex\nprimary_domain: acme.example\n");
    expect(codes(globex, overlay("orgs/acme.yaml", "org: acme\nprimary_domain: acme.example\n"))).toEqual([
      "claimed-twice tenants/orgs/globex.yaml:3:17",
    ]);
  });
});

describe("an estate's catalog over the common one", () => {
  const laid = (text: string) => read(overlay("catalog.yaml", `catalog: shop\n${text}\n`));

  it("merges entries of the same name and adds others", () => {
    const manifests = laid(
      "roles: { owner: { grants: [org:read], at_least: 1 }, tester: { grants: [org:update] } }",
    );
    expect(fieldsOf(manifests, null, "catalog_role", "owner")).toMatchObject({
      description: "May do everything",
      at_least: 1,
      grants: [{ permission: "org:read" }],
    });
    expect(fieldsOf(manifests, null, "catalog_role", "tester")).toBeDefined();
    expect(fieldsOf(manifests, null, "catalog_role", "member")).toBeDefined();
  });

  it("takes a price, a value and a declaration whole", () => {
    const manifests = laid(
      `plans: { team: { product: platform, versions: { 1: { price: { monthly: 1.00 USD } } } } }
flags: { checkout: { variants: { old: { page: c } }, default: new } }
features: { extra: quota }
attributes: { org: { region: text } }
rate_limits: { api: 5/second }`,
    );
    expect(fieldsOf(manifests, null, "plan_version", "team@1")).toMatchObject({ trial_days: 14 });
    expect(fieldsOf(manifests, null, "plan_version", "team@1")?.price).toEqual({
      monthly: { amount: "1.00", currency: "USD" },
    });
    expect(fieldsOf(manifests, null, "flag", "checkout")).toMatchObject({
      default: "new",
      variants: { old: { page: "c" }, new: { page: "b" } },
    });
    expect(fieldsOf(manifests, null, "flag", "checkout")?.variants).toEqual({
      old: { page: "c" },
      new: { page: "b" },
    });
    expect(fieldsOf(manifests, null, "feature", "extra")).toMatchObject({ type: "quota" });
    expect(fieldsOf(manifests, null, "attribute", "org.region")).toMatchObject({ type: "text" });
    expect(fieldsOf(manifests, null, "catalog_rate_limit", "api")).toMatchObject({
      amount: 5,
      period: "second",
    });
  });

  it("merges guards and policy, and replaces products", () => {
    const manifests = laid(
      "guards: { max_removals: 50% }\npolicy: { team_limit: 9 }\nproducts: [platform, extra]",
    );
    expect(fieldsOf(manifests, null, "catalog")).toMatchObject({
      max_removals: 50,
      team_limit: 9,
      creator_role: "owner",
    });
    expect(fieldsOf(manifests, null, "product", "extra")).toBeDefined();
  });

  it("reaches templates, section by section", () => {
    const manifests = laid("templates: { standard: { trace: { mode: all } } }");
    expect(manifests.merged("acme")?.content).toMatchObject({
      trace: { mode: "all" },
      security: { require_mfa: true },
    });
    expect(manifests.merged("acme")?.content.trace).toEqual({ mode: "all" });
  });

  it("replaces tests of the same name, and keeps the others", () => {
    const { tests } = laid(
      "tests: [{ name: a, now: 2026-01-01, org: { plan: team }, expect: { flags.beta: true } }]",
    );
    expect(tests.map(({ test }) => [test.name, test.expect])).toEqual([
      ["b", { "entitlements.seats": 25 }],
      ["a", { "flags.beta": true }],
    ]);
  });

  it("keeps the places of what stays, and has its own for what it says", () => {
    const manifests = laid("flags:\n  beta:\n    default: true");
    const at = (path: Path) => {
      const place = manifests.place(null, path);
      return place && placeText(spanOf(place));
    };
    expect(at(["flags", "beta", "default"])).toBe("tenants/overlays/staging/catalog.yaml:5:5");
    expect(at(["flags", "beta", "rules", 0])).toBe("tenants/catalog.yaml:14:61");
    expect(at(["flags", "checkout"])).toBe("tenants/catalog.yaml:15:3");
  });

  it("is the whole catalog where there is no common one", () => {
    const only = { ...catalog, path: "tenants/overlays/staging/catalog.yaml", overlay: "staging" };
    const { desired, diagnostics } = readManifests([only, acme]);
    expect(diagnostics).toEqual([]);
    expect(desired?.catalog.resources.length).toBeGreaterThan(10);
  });

  it("is refused the same name twice in one overlay, and another catalog's name", () => {
    const one = overlay("catalog.yaml", "catalog: shop\nflags: { gamma: { default: true } }\n");
    const two = overlay("flags.yaml", "catalog: shop\nflags: { gamma: { default: true } }\n");
    expect(codes(one, two)).toEqual([expect.stringMatching(/^duplicate-key tenants\/overlays\/staging\//)]);
    expect(codes(overlay("catalog.yaml", "catalog: shopp\n"))).toEqual([
      "claimed-twice tenants/overlays/staging/catalog.yaml:2:10",
    ]);
  });
});
