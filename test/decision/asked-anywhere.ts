import fc from "fast-check";
import { compileCatalog } from "../../src/decision/compile-catalog.ts";
import { compileOrg } from "../../src/decision/compile-org.ts";
import { type Question, questionOf } from "../../src/decision/question.ts";
import { now } from "./acme-cloud.ts";
import { catalogRows, orgSource } from "./impact/random-orgs.ts";

/** A question by anybody, at any place, about anything, in a random estate; also by and about what is not there. */
export const askedAnywhere: fc.Arbitrary<Question> = fc
  .record({
    rows: catalogRows,
    source: orgSource("acme"),
    member: fc.constantFrom(
      "ana@acme.example",
      "BO@acme.example",
      "cy@acme.example",
      "di@acme.example",
      null,
    ),
    place: fc.constantFrom<Partial<Question>>(
      {},
      { workspace: "web" },
      { workspace: "api" },
      { environment: "web/live" },
      { environment: "web/dev", workspace: "web" },
      { environment: "web/live", workspace: "api" },
    ),
    resource: fc.constantFrom<Question["resource"]>(
      null,
      { type: "document", id: "spec", attributes: { status: "live" } },
      { type: "document", id: null, attributes: { status: "draft" } },
    ),
    request: fc.constantFrom(null, { mfa: true }),
  })
  .map(({ rows, source, member, place, resource, request }) => {
    const org = compileOrg(compileCatalog(rows), source);
    return questionOf({ org, now, member, ...place, resource, request });
  });
