import { chmodSync, existsSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findProvenance, recordedCommit } from "../../src/command/find-provenance.ts";
import { openDatabase } from "../../src/database/connect.ts";
import { tenantryInProcess } from "../command.ts";
import { makeRepository, type Repository } from "../repository.ts";

let repository: Repository;
let dir: string;
let head: string;

beforeEach(() => {
  repository = makeRepository();
  dir = join(repository.path, "tenants");
  repository.write("tenants/catalog.yaml", "apiVersion: tenantry/v1\ncatalog: acme-cloud\n");
  head = repository.commit("Q4 access review\n\nAsked for by dora.");
});

afterEach(() => repository.remove());

const find = (options: { commit?: string; actor?: string } = {}, environment: NodeJS.ProcessEnv = {}) =>
  findProvenance({ dir, ...options }, { ...repository.environment, ...environment });

const clean = () => ({
  commit: head,
  title: "Q4 access review",
  actor: "ana@acme.example",
  isDirty: false,
});

describe("by Git", () => {
  test("it is the commit of the repository that holds the manifests, and who commits there", async () => {
    expect(await find()).toEqual(clean());
  });

  test.each([
    ["changed", () => repository.write("tenants/catalog.yaml", "catalog: other\n")],
    ["new", () => repository.write("tenants/orgs/acme.yaml", "org: acme\n")],
    [
      "staged",
      () => {
        repository.write("tenants/orgs/acme.yml", "org: acme\n");
        repository.git("add", "tenants");
      },
    ],
    ["gone", () => repository.git("rm", "--quiet", "--cached", "tenants/catalog.yaml")],
    [
      "ignored",
      () => {
        repository.write(".git/info/exclude", "orgs\n");
        repository.write("tenants/orgs/acme.yaml", "org: acme\n");
      },
    ],
  ])("a manifest that is %s makes it an edited commit", async (_, edit) => {
    edit();
    const found = await find();
    expect(found).toEqual({ ...clean(), isDirty: true });
    expect(recordedCommit(found)).toBe(`${head} (edited)`);
  });

  test("what is not read as a manifest does not", async () => {
    repository.write("README.md", "beside\n");
    repository.write("other/orgs/acme.yaml", "beside\n");
    repository.write("tenants/notes.txt", "no manifest\n");
    repository.write("tenants/.#catalog.yaml", "an editor's\n");
    repository.write("tenants/.cache/acme.yaml", "hidden\n");
    repository.write("tenants/node_modules/a/acme.yaml", "installed\n");
    expect(await find()).toEqual(clean());
    expect(recordedCommit(await find())).toBe(head);
  });

  test("a hidden directory above the manifests hides no edit", async () => {
    repository.write(".config/tenants/acme.yaml", "org: acme\n");
    dir = join(repository.path, ".config/tenants");
    expect((await find()).isDirty).toBe(true);
  });

  test("a hook's variables do not point to another repository", async () => {
    const other = makeRepository();
    try {
      other.write("a", "a");
      other.commit("Another");
      expect(await find({}, { GIT_DIR: join(other.path, ".git"), GIT_WORK_TREE: other.path })).toEqual(
        clean(),
      );
    } finally {
      other.remove();
    }
  });

  test("no program that the repository's configuration names is started", async () => {
    const program = join(repository.path, "program");
    const trace = join(repository.path, "trace");
    writeFileSync(program, `#!/bin/sh\necho ran >> '${trace}'\n`);
    chmodSync(program, 0o755);
    repository.git("config", "core.fsmonitor", program);
    repository.git("config", "log.showSignature", "true");
    repository.git("config", "gpg.program", program);
    await find();
    expect(existsSync(trace)).toBe(false);
  });

  test("outside of a repository, or before the first commit, nobody knows the commit", async () => {
    expect(await findProvenance({ dir: "/" }, repository.environment)).toMatchObject({ commit: null });
    expect(await findProvenance({ dir: "/nowhere" }, repository.environment)).toMatchObject({ commit: null });
    const empty = makeRepository();
    try {
      const found = await findProvenance({ dir: empty.path }, empty.environment);
      expect(found).toEqual({ commit: null, title: null, actor: "ana@acme.example", isDirty: false });
      expect(recordedCommit(found)).toBeUndefined();
    } finally {
      empty.remove();
    }
  });

  test("a repository of another user, which Git does not trust, is as none", async () => {
    const found = await find({}, { GIT_TEST_ASSUME_DIFFERENT_OWNER: "1" });
    expect(found).toMatchObject({ commit: null, title: null, isDirty: false });
  });

  test("without Git it is the system's user, and no commit", async () => {
    expect(await find({}, { PATH: "/nowhere" })).toEqual({
      commit: null,
      title: null,
      actor: userInfo().username,
      isDirty: false,
    });
  });
});

describe("by the options", () => {
  test("they are taken at their word", async () => {
    repository.write("tenants/catalog.yaml", "catalog: other\n");
    const found = await find(
      { commit: "release-7", actor: "dora" },
      { GITHUB_ACTIONS: "true", GITHUB_ACTOR: "bo" },
    );
    expect(found).toEqual({ commit: "release-7", title: null, actor: "dora", isDirty: false });
  });

  test("the title is looked up where the repository has the commit", async () => {
    expect(await find({ commit: head.slice(0, 9) })).toMatchObject({ title: "Q4 access review" });
    expect(await find({ commit: "--all" })).toMatchObject({ commit: "--all", title: null });
  });

  test("an empty option, as of a variable that is not set, says nothing", async () => {
    expect(await find({ commit: "", actor: "" })).toEqual(clean());
  });
});

describe("by the CI's environment", () => {
  const event = (content: unknown) => {
    const path = join(repository.path, "event.json");
    writeFileSync(path, JSON.stringify(content));
    return path;
  };

  test("a pull request's commit is the one that was pushed, not the merge that is built", async () => {
    const pushed = head;
    repository.write("README.md", "main went on\n");
    const merge = repository.commit("Merge 1 into 2");
    const github = {
      GITHUB_ACTIONS: "true",
      GITHUB_SHA: merge,
      GITHUB_REF: "refs/pull/7/merge",
      GITHUB_ACTOR: "ana",
      GITHUB_TRIGGERING_ACTOR: "bo",
      GITHUB_EVENT_PATH: event({ pull_request: { head: { sha: pushed } } }),
    };
    expect(await find({}, github)).toEqual({ ...clean(), commit: pushed, actor: "bo" });
    expect(await find({}, { ...github, GITHUB_EVENT_PATH: "/nowhere" })).toMatchObject({ commit: merge });
  });

  test("a push brings its title, also where there is no Git", async () => {
    const github = {
      GITHUB_ACTIONS: "true",
      GITHUB_SHA: head,
      GITHUB_REF: "refs/heads/main",
      GITHUB_ACTOR: "ana",
      GITHUB_EVENT_PATH: event({ head_commit: { id: head, message: "Q4 access review\n\nMore." } }),
    };
    expect(await find({}, github)).toEqual({ ...clean(), actor: "ana" });
    expect(await find({}, { ...github, PATH: "/nowhere" })).toEqual({ ...clean(), actor: "ana" });
  });

  test("where another commit is checked out than the job was started for, that one counts", async () => {
    const found = await find({}, { GITHUB_ACTIONS: "true", GITHUB_SHA: "1".repeat(40), GITHUB_ACTOR: "ana" });
    expect(found).toEqual({ ...clean(), actor: "ana" });
  });

  test("manifests that the job edited are edited there too", async () => {
    repository.write("tenants/catalog.yaml", "catalog: rendered\n");
    expect(await find({}, { CIRCLECI: "true", CIRCLE_SHA1: head })).toMatchObject({
      commit: head,
      isDirty: true,
    });
  });

  const sha = "a".repeat(40);
  const merge = "b".repeat(40);
  test.each([
    [
      "GitLab CI",
      { GITLAB_CI: "true", CI_COMMIT_SHA: sha, CI_COMMIT_TITLE: "One", GITLAB_USER_LOGIN: "ana" },
      "One",
      "ana",
    ],
    [
      "GitLab CI, of a merged result",
      {
        GITLAB_CI: "true",
        CI_COMMIT_SHA: merge,
        CI_COMMIT_TITLE: "Merge",
        CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: sha,
        GITLAB_USER_LOGIN: "ana",
      },
      null,
      "ana",
    ],
    [
      "Bitbucket",
      { BITBUCKET_BUILD_NUMBER: "7", BITBUCKET_COMMIT: sha, BITBUCKET_STEP_TRIGGERER_UUID: "{17}" },
      null,
      "{17}",
    ],
    ["CircleCI", { CIRCLECI: "true", CIRCLE_SHA1: sha, CIRCLE_USERNAME: "ana" }, null, "ana"],
    [
      "Buildkite",
      {
        BUILDKITE: "true",
        BUILDKITE_COMMIT: sha,
        BUILDKITE_MESSAGE: "One\n\nMore",
        BUILDKITE_BUILD_CREATOR: "Ana",
        BUILDKITE_BUILD_CREATOR_EMAIL: "ana@acme.example",
      },
      "One",
      "ana@acme.example",
    ],
    [
      "Azure Pipelines, of a pull request",
      {
        TF_BUILD: "True",
        BUILD_SOURCEVERSION: merge,
        BUILD_SOURCEVERSIONMESSAGE: "Merge",
        SYSTEM_PULLREQUEST_SOURCECOMMITID: sha,
        BUILD_REQUESTEDFOR: "Ana",
      },
      null,
      "Ana",
    ],
    [
      "Jenkins",
      { JENKINS_URL: "https://ci.acme.example/", GIT_COMMIT: sha, BUILD_USER_ID: "ana" },
      null,
      "ana",
    ],
  ])("%s", async (_, variables, title, actor) => {
    const found = await findProvenance({ dir: "/" }, { PATH: "/nowhere", ...variables });
    expect(found).toEqual({ commit: sha, title, actor, isDirty: false });
  });

  test("what is no commit's name is not taken for one", async () => {
    expect(await find({}, { BUILDKITE: "true", BUILDKITE_COMMIT: "HEAD" })).toMatchObject({ commit: head });
  });
});

test("an apply leaves in history where it came from, edits included", async () => {
  repository.write("tenants/catalog.yaml", "apiVersion: tenantry/v1\ncatalog: acme\n");
  const ci = { GITHUB_ACTIONS: "true", GITHUB_SHA: head, GITHUB_TRIGGERING_ACTOR: "dora" };
  const ran = await tenantryInProcess(repository.path, ["apply", "--yes"], {
    ...repository.environment,
    ...ci,
    DATABASE_URL: "",
  });
  expect(ran).toMatchObject({ exitCode: 0 });
  const database = await openDatabase({ directory: join(repository.path, ".tenantry") });
  try {
    const { rows } = await database.pool.query(`select actor, "commit" from tenantry.revision`);
    expect(rows).toEqual([{ actor: "dora", commit: `${head} (edited)` }]);
  } finally {
    await database.close();
  }
});
