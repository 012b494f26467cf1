import { expect, test } from "vitest";
import { eachEngine } from "../../engines.ts";
import { get } from "../answers.ts";
import { serveEstate } from "../serve-estate.ts";

const hooli = {
  "orgs/hooli.yaml": `apiVersion: tenantry/v1
org: hooli
members: { gil@hooli.example: owner, cy@contractor.example: [admin, member] }
`,
};

eachEngine("the orgs of a user", (open) => {
  test("come with status and roles, sorted, also where few orgs are held", async () => {
    const served = await serveEstate(await open(), { maxOrgs: 1 });
    await served.apply(hooli);
    const { status, body } = await get(served, "/v1/users/CY@contractor.example/orgs", {
      "tenantry-min-revision": "2",
    });
    const here = { workspace: null, environment: null, resource: null, team: null };
    expect(status).toBe(200);
    expect(body).toEqual({
      user: "CY@contractor.example",
      orgs: [
        {
          org: "acme",
          name: "Acme Corp",
          status: "active",
          member: { key: "cy@contractor.example", status: "active" },
          roles: [
            { ...here, role: "editor", workspace: "web" },
            { ...here, role: "deployer", workspace: "web", environment: "web/live", team: "release" },
          ],
        },
        {
          org: "hooli",
          name: null,
          status: "active",
          member: { key: "cy@contractor.example", status: "active" },
          roles: [
            { ...here, role: "admin" },
            { ...here, role: "member" },
          ],
        },
      ],
      revision: 2,
    });
    const byId = await get(served, "/v1/users/user_2ab9/orgs");
    expect(byId.body.orgs).toMatchObject([{ org: "acme", member: { status: "suspended" } }]);
    for (const nobody of ["nobody", "constructor", "__proto__", "toString", "%25", "a%2Fb", "a%00"]) {
      const { status, body } = await get(served, `/v1/users/${nobody}/orgs`);
      expect({ status, ...body }).toEqual({
        status: 200,
        user: decodeURIComponent(nobody),
        orgs: [],
        revision: 2,
      });
    }
  });
});
