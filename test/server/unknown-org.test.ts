import { expect, test } from "vitest";
import { eachEngine } from "../engines.ts";
import { get, post } from "./answers.ts";
import { serveEstate } from "./serve-estate.ts";

eachEngine("an org that is not there", (open) => {
  test.each([
    { held: "all orgs", maxOrgs: undefined },
    { held: "few orgs", maxOrgs: 1 },
  ])("has the same answer everywhere, byte for byte, where $held are held", async ({ maxOrgs }) => {
    const served = await serveEstate(await open(), { maxOrgs });
    const answers = new Set<string>();
    for (const org of ["nothing", "constructor", "__proto__", "toString", "ACME", "acme%00"]) {
      for (const base of [`/v1/orgs/${org}`, `/v1/orgs/${org}/environments/web/live`]) {
        const asked = [
          post(served, `${base}/check`, { questions: [{ flag: "new_dashboard" }] }),
          ...["flags", "entitlements", "config", "members/ana@acme.example/permissions"].map((path) =>
            get(served, `${base}/${path}`, { "if-none-match": "*" }),
          ),
        ];
        for (const { status, headers, text } of await Promise.all(asked)) {
          const { date: _, "x-request-id": __, ...others } = headers;
          answers.add(`${status} ${JSON.stringify(others)} ${text}`);
        }
      }
    }
    expect([...answers]).toEqual([expect.stringMatching(/^404 .*urn:tenantry:problem:unknown-org/)]);
  });
});
