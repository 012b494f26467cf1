import { spawn } from "node:child_process";
import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { parse } from "yaml";
import type { Database } from "../../src/database/connect.ts";
import { tenantry } from "../command.ts";
import { eachEngine, urls } from "../engines.ts";
import { makeRepository, type Repository } from "../repository.ts";
import { type CommentsServer, serveComments } from "./comments-server.ts";

const root = join(import.meta.dirname, "../..");
const example = join(root, "examples/github-actions");
const scripts = join(example, "scripts");

interface Ran {
  readonly exitCode: number | null;
  readonly out: string;
}

/** Runs a script as a job's step does; asynchronously, because what it talks to may live in this process. */
function run(
  file: string,
  args: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<Ran> {
  const runner = file.endsWith(".mjs") ? process.execPath : "sh";
  const child = spawn(runner, [join(scripts, file), ...args], {
    ...options,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (bytes) => {
      out += bytes;
    });
  }
  return new Promise((resolve) => child.on("close", (exitCode) => resolve({ exitCode, out })));
}

describe("the plan's comment", () => {
  let repository: Repository;
  let server: CommentsServer;

  beforeEach(async () => {
    repository = makeRepository();
    server = await serveComments("a-token");
  });

  afterEach(async () => {
    repository.remove();
    await server.close();
  });

  const comment = (text: string, environment: NodeJS.ProcessEnv = {}) => {
    repository.write("plan.md", text);
    const github = { GITHUB_API_URL: server.url, GITHUB_TOKEN: "a-token", GITHUB_REPOSITORY: "acme/tenants" };
    const env = { ...repository.environment, ...github, PULL_REQUEST: "7", ...environment };
    return run("comment.mjs", ["plan.md"], { cwd: repository.path, env });
  };

  test("is made once, and updated in its place, however many others there are", async () => {
    for (let count = 0; count < 120; count++) server.add("ana", "One more thought");
    expect(await comment("2 changes\n")).toMatchObject({ exitCode: 0 });
    for (let count = 0; count < 120; count++) server.add("bo", "And another");
    expect(await comment("3 changes\n")).toMatchObject({ exitCode: 0 });
    const plans = server.comments.filter(({ user }) => user.type === "Bot");
    expect(plans).toMatchObject([{ id: 121, body: "<!-- tenantry plan -->\n3 changes\n" }]);
  });

  test("is not a person's that quotes it, nor another tool's", async () => {
    server.add("ana", "<!-- tenantry plan -->\nlook at this");
    server.add("other[bot]", "> <!-- tenantry plan -->");
    expect(await comment("2 changes\n")).toMatchObject({ exitCode: 0 });
    expect(server.comments.map(({ body }) => body)).toEqual([
      "<!-- tenantry plan -->\nlook at this",
      "> <!-- tenantry plan -->",
      "<!-- tenantry plan -->\n2 changes\n",
    ]);
  });

  test("is cut where it would not fit, and says so", async () => {
    expect(await comment("a line\n".repeat(20_000))).toMatchObject({ exitCode: 0 });
    expect(server.comments[0]?.body).toMatch(/a line\n\n\*The rest did not fit/);
  });

  test("fails, without telling the token, where GitHub refuses", async () => {
    const { exitCode, out } = await comment("2 changes\n", { GITHUB_TOKEN: "another-token" });
    expect(exitCode).toBe(1);
    expect(out).toContain("401");
    expect(out).not.toContain("another-token");
  });
});

// The scripts stand on these options of `plan`; without them there is no plan to save.
const { out: help } = tenantry(root, ["plan", "--help"]);
const isBuilt = ["--out", "--markdown", "--drift-only"].every((option) => help.includes(option));

eachEngine("a repository's life", (open, engine) => {
  let repository: Repository;
  let database: Database | null;

  beforeEach(async () => {
    repository = makeRepository();
    database = engine === "postgres" ? await open() : null;
    cpSync(join(root, "tenants"), join(repository.path, "tenants"), { recursive: true });
    if (!database) cpSync(inject("engines").embedded, file(".tenantry"), { recursive: true });
    repository.write(".gitignore", ".tenantry/\nbin/\nplan.*\ndrift.md\nsummary.md\noutput\n");
    repository.write(
      "bin/tenantry",
      `#!/bin/sh\nexec '${process.execPath}' '${join(root, "dist/cli.js")}' "$@"\n`,
    );
    chmodSync(join(repository.path, "bin/tenantry"), 0o755);
    repository.commit("Begin");
  });

  afterEach(() => repository.remove());

  const file = (name: string) => join(repository.path, name);
  const step = (script: string, sha: string) =>
    run(script, [], {
      cwd: repository.path,
      env: {
        ...repository.environment,
        PATH: `${file("bin")}:${repository.environment.PATH}`,
        ...(database
          ? { DATABASE_URL: urls.get(database), TENANTRY_ROLE_PREFIX: inject("engines").rolePrefix }
          : {}),
        CI: "true",
        GITHUB_ACTIONS: "true",
        GITHUB_SHA: sha,
        GITHUB_ACTOR: "dora",
        GITHUB_STEP_SUMMARY: file("summary.md"),
        GITHUB_OUTPUT: file("output"),
      },
    });

  const rename = (name: string) => {
    const text = readFileSync(file("tenants/orgs/acme.yaml"), "utf8");
    repository.write("tenants/orgs/acme.yaml", text.replace(/^name: .*$/m, `name: ${name}`));
  };

  const byHand = async (sql: string) => {
    const { openDatabase } = await import("../../src/database/connect.ts");
    const opened = database ?? (await openDatabase({ directory: file(".tenantry") }));
    return opened.pool.query(sql).finally(() => (database ? undefined : opened.close()));
  };

  test.runIf(isBuilt)("what is merged is planned, saved, and applied as it was saved", async () => {
    const begun = repository.git("rev-parse", "HEAD");
    expect(await step("plan.sh", begun)).toMatchObject({ exitCode: 0 });
    expect(readFileSync(file("output"), "utf8")).toBe("changes=true\n");
    expect(await step("apply.sh", begun)).toMatchObject({ exitCode: 0 });

    repository.git("switch", "--quiet", "--create", "rename");
    rename("Acme Renamed");
    const pushed = repository.commit("Rename Acme");
    expect(await step("plan.sh", pushed)).toMatchObject({ exitCode: 0 });
    expect(readFileSync(file("plan.md"), "utf8")).toContain("Acme Renamed");

    repository.git("switch", "--quiet", "main");
    repository.git("merge", "--quiet", "--no-ff", "--message", "Merge the rename", "rename");
    const merged = repository.git("rev-parse", "HEAD");
    expect(await step("plan.sh", merged)).toMatchObject({ exitCode: 0 });
    expect(await step("apply.sh", merged)).toMatchObject({ exitCode: 0 });
    const { rows } = await byHand(
      `select actor, "commit" from tenantry.revision order by revision desc limit 1`,
    );
    expect(rows).toEqual([{ actor: "dora", commit: merged }]);
    expect(readFileSync(file("summary.md"), "utf8")).toContain("Acme Renamed");

    writeFileSync(file("output"), "");
    expect(await step("plan.sh", merged)).toMatchObject({ exitCode: 0 });
    expect(readFileSync(file("output"), "utf8")).toBe("");
  });

  test.runIf(isBuilt)("a saved plan whose rows changed is refused, and drift is found", async () => {
    const sha = repository.git("rev-parse", "HEAD");
    await step("plan.sh", sha);
    expect(await step("apply.sh", sha)).toMatchObject({ exitCode: 0 });
    expect(await step("drift.sh", sha)).toMatchObject({ exitCode: 0 });
    rename("Acme Renamed");
    const renamed = repository.commit("Rename Acme");
    expect(await step("drift.sh", renamed)).toMatchObject({ exitCode: 0 });
    await step("plan.sh", renamed);
    await byHand("update tenantry.org set name = 'By hand' where slug = 'acme'");
    const stale = await step("apply.sh", renamed);
    expect(stale.exitCode).toBe(3);
    expect(stale.out).toContain("::error::");
    expect(await step("drift.sh", renamed)).toMatchObject({ exitCode: 2 });
    expect(readFileSync(file("drift.md"), "utf8")).toContain("By hand");
  });

  test.runIf(isBuilt)("a faulty manifest is told in the comment, and fails the job", async () => {
    repository.write("tenants/orgs/acme.yaml", "apiVersion: tenantry/v1\norg: acme\nnmae: Acme\n");
    const { exitCode } = await step("plan.sh", repository.commit("Mistype"));
    expect(exitCode).toBe(1);
    expect(readFileSync(file("plan.md"), "utf8")).toMatch(/tenants\/orgs\/acme\.yaml:3:1[\s\S]*nmae/);
    expect(existsSync(file("plan.json"))).toBe(false);
  });
});

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly "runs-on": string;
  readonly if?: string;
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly "timeout-minutes"?: number;
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

describe.each(readdirSync(join(example, "workflows")))("%s", (name) => {
  const text = readFileSync(join(example, "workflows", name), "utf8");
  const { on, permissions, jobs } = parse(text) as Workflow;
  const steps = Object.values(jobs).flatMap((job) => job.steps.map((step) => ({ job, step })));

  test("every script that it runs is there", () => {
    const used = [...text.matchAll(/\.github\/tenantry\/(\S+)/g)].map(([, script]) => script as string);
    expect(used.filter((script) => !existsSync(join(scripts, script)))).toEqual([]);
    expect(used).not.toEqual([]);
  });

  test("its jobs may do what they need, and end some time", () => {
    expect(permissions).toEqual({});
    for (const [job, { permissions, "timeout-minutes": timeout }] of Object.entries(jobs)) {
      const comments = jobs[job]?.steps.some(({ run }) => run?.includes("comment.mjs"));
      expect(permissions).toEqual({ contents: "read", ...(comments ? { "pull-requests": "write" } : {}) });
      expect(timeout).toBeGreaterThan(0);
    }
  });

  test("its actions are pinned, and keep no token", () => {
    for (const { step } of steps) {
      if (step.uses === undefined) continue;
      expect(step.uses).toMatch(/^[\w-]+\/[\w-]+@(?:v\d+|[0-9a-f]{40})$/);
      if (step.uses.startsWith("actions/checkout")) expect(step.with?.["persist-credentials"]).toBe(false);
    }
  });

  test("no secret gets anywhere but into the environment of a step that runs tenantry", () => {
    const inEnvironments = steps.flatMap(({ step }) => Object.values(step.env ?? {}));
    const secrets = inEnvironments.filter((value) => value.includes("secrets."));
    expect(text.match(/secrets\./g)).toHaveLength(secrets.length);
    for (const { step } of steps) {
      if (step.run === undefined) continue;
      // What somebody else wrote, such as a title or a branch's name, would run as part of the script.
      expect(step.run).not.toContain("${{");
      if (JSON.stringify(step.env ?? {}).includes("secrets."))
        expect(step.run).toMatch(/^sh \.github\/tenantry\//);
    }
  });

  test("forks get no secret, and only the environment's job may write", () => {
    expect(Object.keys(on)).not.toContain("pull_request_target");
    for (const { job, step } of steps) {
      const env = JSON.stringify(step.env ?? {});
      if ("pull_request" in on && env.includes("secrets.")) {
        expect(job.if).toBe("github.event.pull_request.head.repo.full_name == github.repository");
      }
      if (env.includes("TENANTRY_DATABASE_URL")) expect(job.environment).toBe("production");
    }
  });
});

test("the scripts name no secret and print no environment", () => {
  for (const script of readdirSync(scripts)) {
    const text = readFileSync(join(scripts, script), "utf8");
    expect(text).not.toMatch(/DATABASE_URL|\bprintenv\b|\bset -[a-z]*x|^\s*env\s*$/m);
  }
});
