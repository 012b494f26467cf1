import { expect, test } from "vitest";
import { eachEngine } from "../../engines.ts";
import { get, post } from "../answers.ts";
import { serveEstate } from "../serve-estate.ts";

interface Named {
  readonly [name: string]: unknown;
}

eachEngine("the native API's lists", (open) => {
  test("say of everything in the catalog what check says of it", async () => {
    const served = await serveEstate(await open());
    const { app, estate } = served;
    const org = await estate.org("acme");
    const cy = "cy@contractor.example";
    const lists = [
      ["flags", "flag", `?member=${cy}&environment=web/live`],
      ["entitlements", "entitlement", "?workspace=web"],
      [
        `members/${cy}/permissions`,
        "permission",
        "?environment=web/live&resource_type=document&resource_id=returns-policy&mfa=true",
      ],
    ] as const;
    const places = { flag: { environment: "web/live" }, entitlement: { workspace: "web" } };
    const inCatalog = {
      flag: org?.catalog.flags,
      entitlement: org?.catalog.features,
      permission: org?.catalog.permissions,
    };
    for (const [path, kind, query] of lists) {
      const { status, body } = await get({ app }, `/v1/orgs/acme/${path}${query}`);
      expect(status).toBe(200);
      const listed: readonly Named[] = body[path.slice(path.lastIndexOf("/") + 1)];
      const names = listed.map((each) => String(each[kind]));
      expect(names).toEqual([...(inCatalog[kind]?.keys() ?? [])].sort());
      const said =
        kind === "permission"
          ? {
              environment: "web/live",
              context: { mfa: true },
              resource: { type: "document", id: "returns-policy" },
            }
          : places[kind];
      const checked = await post({ app }, "/v1/orgs/acme/check", {
        member: cy,
        questions: names.map((name) => ({ [kind]: name, ...said })),
      });
      expect(listed).toEqual(checked.body.answers);
      expect(body).toMatchObject({ org: "acme", revision: 1 });
    }
    const live = await get(served, "/v1/orgs/acme/environments/web/live/flags");
    expect(live.body.flags).toContainEqual(
      expect.objectContaining({ flag: "new_dashboard", value: false, reason: "override" }),
    );
  });

  test("are a no throughout for somebody or somewhere unknown", async () => {
    const served = await serveEstate(await open());
    for (const name of ["nobody", "constructor", "__proto__", "toString"]) {
      const { status, body } = await get(served, `/v1/orgs/acme/members/${name}/permissions?mfa=true`);
      expect(status).toBe(200);
      expect(body.member).toBe(name);
      expect(new Set(body.permissions.map(({ reason }: Named) => reason))).toEqual(
        new Set(["unknown-member"]),
      );
      const elsewhere = await get(served, `/v1/orgs/acme/environments/${name}/${name}/flags?member=${name}`);
      expect(new Set(elsewhere.body.flags.map(({ reason }: Named) => reason))).toEqual(
        new Set(["unknown-environment"]),
      );
      const here = await get(served, `/v1/orgs/acme/entitlements?workspace=${name}`);
      expect(new Set(here.body.entitlements.map(({ reason }: Named) => reason))).toEqual(
        new Set(["unknown-workspace"]),
      );
    }
  });

  test("refuse a query that they do not know", async () => {
    const served = await serveEstate(await open());
    const cases = {
      "/v1/orgs/acme/flags?membr=a":
        'Query parameter "membr": There is no "membr" here. Did you mean "member"?',
      "/v1/orgs/acme/flags?member=a&member=b": 'Query parameter "member": It has to be text.',
      "/v1/orgs/acme/members/a/permissions?mfa=yes":
        'Query parameter "mfa": It has to be one of "true" or "false".',
      "/v1/orgs/acme/members/a/permissions?resource_id=1": '"resource_id" wants "resource_type" beside it.',
      "/v1/orgs/acme/config?member=a": 'Query parameter "member": There is no "member" here.',
      "/v1/users/a/orgs?org=acme": 'Query parameter "org": There is no "org" here.',
      "/v1/orgs/acme/entitlements?constructor=1":
        'Query parameter "constructor": There is no "constructor" here. There are "workspace" and "environment".',
    };
    for (const [url, detail] of Object.entries(cases)) {
      const { status, body } = await get(served, url);
      expect({ status, detail: body.detail, at: body.at }).toEqual({ status: 400, detail, at: undefined });
    }
  });

  test("are not sent again while they are the same, whatever the revision", async () => {
    const served = await serveEstate(await open());
    const url = "/v1/orgs/acme/flags?member=ana@acme.example";
    const { headers } = await get(served, url);
    const etag = String(headers.etag);
    const again = await get(served, url, { "if-none-match": `"other", ${etag}` });
    expect({ status: again.status, text: again.text, etag: again.headers.etag }).toEqual({
      status: 304,
      text: "",
      etag,
    });
    await served.apply({
      "orgs/hooli.yaml": "apiVersion: tenantry/v1\norg: hooli\nmembers: { gil@hooli.example: owner }\n",
    });
    await served.estate.refresh();
    const moved = await get(served, url, { "if-none-match": etag });
    expect([moved.status, moved.headers["tenantry-revision"]]).toEqual([304, "2"]);
    // Another member's answer, or another place's, is another result.
    const others = ["/v1/orgs/globex/flags", "/v1/orgs/acme/environments/web/live/flags"];
    for (const other of others)
      expect((await get(served, other, { "if-none-match": etag })).status).toBe(200);
  });
});
