import { expect, test } from "vitest";
import { catalogId } from "../../src/model/state.ts";
import { forgetFaults } from "../../src/plan/forget-faults.ts";
import { actualScope, declared, desiredScope, foreign, owned } from "./estate.ts";

const desired = {
  catalog: desiredScope(null, []),
  orgs: [
    desiredScope("acme", [
      declared("org", "", { slug: "acme" }),
      declared("workspace", "web", { slug: "web" }),
    ]),
  ],
};
const actual = {
  epoch: "epoch",
  revision: 7,
  catalog: actualScope(null, catalogId, []),
  orgs: [
    actualScope("acme", "o1", [
      owned("org", "o1", { slug: "acme" }),
      owned("workspace", "w1", { slug: "web" }),
      owned("workspace", "w2", { slug: "shop" }),
      foreign("workspace", "w3", { slug: "lab" }),
    ]),
    actualScope("globex", "o2", [owned("org", "o2", { slug: "globex" })]),
    actualScope("hooli", "o3", [foreign("org", "o3", { slug: "hooli" })]),
  ],
};

test("only what the manifests made and declare no more is let go of", () => {
  expect(forgetFaults(["globex", "acme/workspace/shop"], desired, actual)).toEqual([]);
  const asked = [
    "acme",
    "acme/workspace/web",
    "hooli",
    "acme/workspace/lab",
    "globx",
    "initech",
    "acme/member/ana@acme.example",
  ];
  expect(forgetFaults(asked, desired, actual)).toEqual([
    "--forget acme: a manifest declares it. Take that away first, or write release: in it.",
    "--forget acme/workspace/web: a manifest declares it. Take that away first, or write release: in it.",
    "--forget hooli: it is not the manifests', so that there is nothing to let go of.",
    "--forget acme/workspace/lab: it is not the manifests', so that there is nothing to let go of.",
    "--forget globx: the database holds nothing of that name. Did you mean globex?",
    "--forget initech: the database holds nothing of that name.",
    "--forget acme/member/ana@acme.example: only an org, acme, or a workspace, acme/workspace/web, is let go of by name.",
  ]);
});
