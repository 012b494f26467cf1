import { expect, it } from "vitest";
import { measuredCatalogResources } from "./measured-catalog.ts";
import { permissionCases } from "./permission-cases.ts";
import { permissionFixture } from "./permission-fixture.ts";

const size = { orgs: 50, members: 20, requests: 4_000 };

it("asks the same every time, a tenth of it across orgs, which is denied", () => {
  const fixture = permissionFixture(size);
  expect(permissionFixture(size)).toEqual(fixture);
  const homes = new Map(fixture.memberships.map(({ org, user }) => [user, org]));
  const foreign = fixture.requests.flatMap(({ org, user }, index) =>
    homes.get(user) === org ? [] : [index],
  );
  expect(foreign.length / size.requests).toBeCloseTo(0.1, 1);
  expect(foreign.filter((index) => fixture.expected[index])).toEqual([]);
});

it("expects what look-ups written by hand and compiled snapshots both answer", () => {
  const fixture = permissionFixture(size);
  const answers = (ask: (index: number) => unknown) => fixture.requests.map((_, index) => ask(index));
  expect(answers(permissionCases.nestedMap(fixture))).toEqual(fixture.expected);
  expect(answers(permissionCases.tenantry(fixture))).toEqual(fixture.expected);
});

it("has a catalog without problems", () => {
  const kinds = measuredCatalogResources().map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind === "flag")).toHaveLength(50);
  expect(kinds.filter((kind) => kind === "permission")).toHaveLength(24);
});
