import { flagCases } from "./flag-cases.ts";
import { flagFixture, usualFlags, wrongFlags } from "./flag-fixture.ts";
import type { MeasuredCase, Prepare } from "./measured-case.ts";
import { permissionCases } from "./permission-cases.ts";
import { permissionFixture, usualPermissions } from "./permission-fixture.ts";

/** What is measured side by side: everybody answers the same requests. */
export interface CaseGroup<Fixture> {
  readonly fixture: () => Fixture;
  readonly count: (fixture: Fixture) => number;
  /** How many of the answers, in the order of the requests, are wrong. */
  readonly wrong: (fixture: Fixture, answers: readonly boolean[]) => number;
  readonly own: Readonly<Record<string, Prepare<Fixture>>>;
  /** The first is the limit that the others are measured against. */
  readonly cases: readonly MeasuredCase[];
}

const permissions = {
  fixture: () => permissionFixture(usualPermissions),
  count: ({ requests }) => requests.length,
  wrong: ({ expected }, answers) => answers.filter((answer, index) => answer !== expected[index]).length,
  own: permissionCases,
  cases: [
    { name: "nested Map", own: "nestedMap" },
    { name: "nested Map, question and answer", own: "nestedMapAnswered" },
    { name: "Tenantry", own: "tenantry" },
    { name: "Tenantry, org at hand", own: "tenantryAtHand" },
    { name: "CASL with conditions", peer: "permissions/casl.mjs" },
    { name: "accesscontrol", peer: "permissions/accesscontrol.mjs" },
    { name: "casbin enforceSync", peer: "permissions/casbin.mjs" },
    {
      name: "cedar-wasm, policies parsed before",
      peer: "permissions/cedar.mjs",
      // Node 20 aborts where a forced collection meets calls into this module that were compiled in line.
      nodeOptions: ["--no-turbo-inline-js-wasm-calls"],
    },
  ],
} as const satisfies CaseGroup<ReturnType<typeof permissionFixture>>;

const flags = {
  fixture: () => flagFixture(usualFlags),
  count: ({ requests }) => requests.length,
  wrong: wrongFlags,
  own: flagCases,
  cases: [
    { name: "hand-written", own: "handWritten" },
    { name: "Tenantry", own: "tenantry" },
    { name: "Tenantry, org by its slug", own: "tenantryBySlug" },
    { name: "flagd-core", peer: "flags/flagd-core.mjs" },
    { name: "GrowthBook client", peer: "flags/growthbook.mjs" },
    { name: "unleash-client", peer: "flags/unleash.mjs" },
    { name: "LaunchDarkly server SDK", peer: "flags/launchdarkly.mjs" },
    { name: "Flipt wasm", peer: "flags/flipt.mjs" },
  ],
} as const satisfies CaseGroup<ReturnType<typeof flagFixture>>;

export const caseGroups = { permissions, flags } as const;

export type CaseGroupName = keyof typeof caseGroups;
