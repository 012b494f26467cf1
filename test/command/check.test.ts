import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import type { CheckOptions } from "../../src/command/check.ts";
import { check } from "../../src/command/check.ts";
import type { Terminal } from "../../src/command/terminal.ts";
import { compileCatalog } from "../../src/decision/compile-catalog.ts";
import { loadManifests } from "../../src/reconcile/load-manifests.ts";
import { type Ran, type Sample, sampleWithDatabase } from "../command.ts";
import { eachEngine, urls } from "../engines.ts";
import { inheritedEnvironment } from "../inherited-environment.ts";
import { serveEstate } from "../server/serve-estate.ts";

const tenants = join(import.meta.dirname, "../../tenants");

interface Answered {
  readonly exitCode: number;
  readonly out: string;
}

const nothingAsked = {
  dir: tenants,
  attribute: [],
  context: [],
  fromManifests: true,
  explain: false,
  json: false,
  detailedExitcode: false,
} as const satisfies CheckOptions;

/** Asks within this process, from the sample's manifests unless it is said otherwise. */
async function ask(org: string, asked: Partial<CheckOptions>): Promise<Answered> {
  let out = "";
  const terminal: Terminal = {
    out: (text) => {
      out += text;
    },
    talk: () => {},
    colour: false,
    talkColour: false,
    width: 100,
    confirm: null,
    progress: () => ({ update: () => {}, stop: () => {} }),
  };
  const exitCode = await check(org, { ...nothingAsked, ...asked }, terminal);
  return { exitCode, out };
}

async function data(org: string, asked: Partial<CheckOptions>) {
  return JSON.parse((await ask(org, { ...asked, json: true })).out);
}

const { desired } = loadManifests(tenants, { now: new Date("2026-11-20T09:00:00Z") });
const catalog = compileCatalog(desired.catalog.resources);

/** Every question that the sample's orgs can be asked of their members, flags and features. */
const questions = desired.orgs.flatMap(({ org, resources }) => {
  const members = resources.filter(({ kind }) => kind === "member").map(({ key }) => key);
  const places = [undefined, ...resources.filter(({ kind }) => kind === "environment").map(({ key }) => key)];
  return places.flatMap((environment) => [
    ...members.flatMap((member) =>
      [...catalog.permissions.keys()].map((permission) => ({ org, environment, member, permission })),
    ),
    ...[...catalog.flags.keys()].map((flag) => ({ org, environment, flag })),
    ...[...catalog.features.keys()].map((entitlement) => ({ org, environment, entitlement })),
  ]);
});

eachEngine("check", (open, engine) => {
  test("answers as the HTTP service does: from the database always, from the manifests where nothing is undetermined", async () => {
    const database = await open();
    const { app, clock } = await serveEstate(database);
    const at = new Date(clock.now).toISOString().replace(".000", "");
    const context = { mfa: true };
    const served = new Map<string, readonly object[]>();
    for (const slug of new Set(questions.map(({ org }) => org as string))) {
      const asked = questions.filter(({ org }) => org === slug);
      const response = await app.inject({
        method: "POST",
        url: `/v1/orgs/${slug}/check`,
        payload: { questions: asked.map(({ org, ...question }) => ({ ...question, context })) },
      });
      expect(response.statusCode).toBe(200);
      served.set(slug, response.json().answers);
    }
    expect(questions.length).toBeGreaterThan(300);
    for (const [slug, answers] of served) {
      const asked = questions.filter(({ org }) => org === slug);
      for (const [index, { org, ...question }] of asked.entries()) {
        const same = { ...question, at, context: ["mfa=true"], explain: true };
        if (engine === "pglite") {
          // Each reads the manifests anew.
          if (index % 5 !== 0 && !("flag" in question)) continue;
          const { answer, explanation } = await data(slug, same);
          const isKnown = (explanation.undetermined ?? null) === null;
          if (isKnown) expect(answer, JSON.stringify(question)).toMatchObject(answers[index] as object);
          else expect("flag" in question).toBe(true);
        } else if (index % 23 === 0) {
          // Each opens the database anew: some of each kind will do.
          const place = { database: urls.get(database), rolePrefix: inject("engines").rolePrefix };
          const found = await data(slug, { ...place, ...same, fromManifests: false });
          expect(found).toMatchObject({ answer: answers[index], source: { kind: "database", revision: 1 } });
        }
      }
    }
  });
});

describe("check, from the manifests", () => {
  test("says what decided, and where it is declared", async () => {
    const { out } = await ask("acme", {
      member: "ana@acme.example",
      permission: "members:invite",
      context: ["mfa=true"],
    });
    expect(out.split("\n")[0]).toBe("yes  A role that the member holds allows it");
    expect(out).toMatch(/decided by {2}catalog\/role\/owner#grants\/0 \([^ ]*tenants\/catalog\.yaml:\d+\)/);
    expect(out).toMatch(/through {5}acme\/binding\/ana@acme\.example:owner \([^ ]*acme\.yaml:\d+\)/);
  });

  test("ends with 0 whatever the answer is, and with 2 for a no where that is asked for", async () => {
    const detailedExitcode = true;
    const mo = { member: "mo@globex.example", permission: "billing:change" };
    expect(await ask("globex", mo)).toMatchObject({ exitCode: 0 });
    expect(await ask("globex", { ...mo, detailedExitcode })).toMatchObject({ exitCode: 2 });
    const kim = { member: "kim@globex.example", permission: "billing:change", detailedExitcode };
    expect(await ask("globex", kim)).toMatchObject({ exitCode: 0 });
    const flag = { flag: "new_dashboard", detailedExitcode };
    expect(await ask("acme", flag)).toMatchObject({ exitCode: 0 });
    expect(await ask("acme", { ...flag, environment: "web/live" })).toMatchObject({ exitCode: 2 });
    expect(await ask("acme", { entitlement: "sso", detailedExitcode })).toMatchObject({ exitCode: 0 });
    expect(await ask("globex", { entitlement: "sso", detailedExitcode })).toMatchObject({ exitCode: 2 });
    expect(await ask("globex", { flag: "constructor", detailedExitcode })).toMatchObject({ exitCode: 2 });
  });

  test("says undetermined of a share, because ids are made when manifests are applied", async () => {
    const { out } = await ask("initech", { flag: "new_dashboard" });
    expect(out).toMatch(/^undetermined, else false {2}/);
    expect(out).toContain("a database knows who is within a share");
  });

  test("is asked as of another time", async () => {
    const calls = { entitlement: "api_calls" };
    expect((await ask("acme", { ...calls, at: "2026-12-31T23:59:59Z" })).out).toMatch(/^yes, 250_000\/month/);
    expect((await ask("acme", { ...calls, at: "2027-01-01T00:00:00Z" })).out).toMatch(/^yes, 100_000\/month/);
  });

  test("reads attributes by their types", async () => {
    const cy = {
      member: "cy@contractor.example",
      permission: "document:write",
      workspace: "web",
      context: ["mfa=true", "ip_country=DE"],
      resource: "document/spec",
    };
    const written = await data("acme", { ...cy, attribute: ["status=draft"] });
    expect(written).toMatchObject({
      asked: {
        resource: { type: "document", id: "spec", attributes: { status: "draft" } },
        context: { mfa: true, ip_country: "DE" },
      },
      answer: { allowed: true },
    });
    const archived = await data("acme", { ...cy, attribute: ["status=archived"] });
    expect(archived.answer).toMatchObject({ allowed: false, reason: "not-granted" });
  });

  test.each([
    ["unknown-permission", { member: "ana@acme.example", permission: "members:invit" }, "members:invite"],
    ["unknown-member", { member: "ana@acme.exmple", permission: "members:invite" }, "ana@acme.example"],
    ["unknown-flag", { flag: "new_dashbord" }, "new_dashboard"],
    ["unknown-feature", { entitlement: "seat" }, "seats"],
    ["unknown-workspace", { entitlement: "seats", workspace: "wbe" }, "web"],
    ["unknown-environment", { entitlement: "seats", workspace: "web", environment: "liv" }, "web/live"],
  ])("answers no to what is %s, and says what was probably meant", async (reason, asked, meant) => {
    const { answer, hint } = await data("acme", asked);
    expect(answer.reason).toBe(reason);
    expect(answer.allowed ?? answer.entitled ?? false).toBe(false);
    expect(hint).toContain(`Did you mean "${meant}"?`);
  });

  test.each([
    ["another attribute of a request", { context: ["ipcountry=DE"] }, 'Did you mean "ip_country"?'],
    ["another attribute of a resource", { resource: "document", attribute: ["sttus=live"] }, '"status"'],
    ["another type of resource", { resource: "documnt/1" }, 'Did you mean "document"?'],
    ["a switch that is neither", { context: ["mfa=yes"] }, '"yes" is not true or false'],
    ["a choice that is none", { resource: "document", attribute: ["status=lve"] }, "draft, live, archived"],
    ["a pair without a value", { context: ["mfa"] }, "name=value"],
    ["a name that objects inherit", { context: ["__proto__=1"] }, 'no attribute "__proto__"'],
    ["a resource without its id", { resource: "document/" }, "a type and an id, as document/spec"],
    ["a resource without its type", { resource: "/spec" }, "a type and an id, as document/spec"],
    ["attributes of nothing", { attribute: ["status=live"] }, "--resource"],
    ["an environment without its workspace", { environment: "live" }, "web/live"],
    ["two questions", { entitlement: "seats" }, "One question at a time"],
    ["a permission for nobody", { flag: undefined, permission: "org:read" }, "Say who asks"],
    ["no question", { flag: undefined }, "Say what is asked"],
  ])("refuses %s", async (_, asked, words) => {
    await expect(ask("acme", { flag: "checkout", ...asked })).rejects.toThrow(words);
  });

  test("says which org was probably meant", async () => {
    await expect(ask("acmee", { flag: "checkout" })).rejects.toThrow('Did you mean "acme"?');
  });
});

describe("check, on the command line", () => {
  let directory: Sample;
  const run = (...args: readonly string[]) => tenantryFromSource(directory.path, ["check", ...args]);

  beforeAll(() => {
    directory = sampleWithDatabase();
  });

  afterAll(() => directory.remove());

  test("asks the database, and with --dir the manifests", async () => {
    const stored = run("acme", "ana@acme.example", "org:read");
    expect(stored).toMatchObject({ exitCode: 1 });
    expect(stored.talk).toContain('There is no org "acme" in the embedded database in .tenantry');
    const declared = run("acme", "ana@acme.example", "org:read", "--context", "mfa=true", "--dir", "tenants");
    expect(declared.out).toMatch(/^yes {2}/);
    expect(declared.out).toContain("the manifests in tenants alone");
    expect(run("acme", "--flag", "checkout", "--dir", "tenants", "--database", "./other").talk).toContain(
      "say one of them",
    );
    expect(
      run("acme", "ana@acme.example", "--flag", "checkout", "--member", "bo@acme.example").talk,
    ).toContain("said twice");
  });

  test("is coloured on terminals only", () => {
    const asked = ["acme", "--entitlement", "sso", "--dir", "tenants"];
    expect(tenantryFromSource(directory.path, ["check", ...asked], { CI: "" }).out).toMatch(/^yes {2}/);
    expect(tenantryFromSource(directory.path, ["check", ...asked], { CI: "true" }).out).toMatch(/^yes {2}/);
    expect(tenantryFromSource(directory.path, ["check", ...asked], { FORCE_COLOR: "1" }).out).toContain(
      "\u001b[32myes",
    );
  });
});

/** Runs the command from its sources, as a user would. */
function tenantryFromSource(cwd: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): Ran {
  const root = join(import.meta.dirname, "../..");
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--import", join(root, "test/typescript-loader.mjs"), join(root, "src/cli.ts"), ...args],
    {
      cwd,
      env: { ...inheritedEnvironment(), ...environment },
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  return { exitCode: status, out: stdout, talk: stderr };
}
