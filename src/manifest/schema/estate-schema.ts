import * as z from "zod";
import { rolePrefixFault, schemaFault } from "../../model/database-name.ts";
import { description } from "./bindings.ts";
import { scalar } from "./scalar.ts";
import { name, text } from "./scalars.ts";
import { mapOf } from "./shapes.ts";

const environmentVariable = scalar<string>(
  "the name of an environment variable",
  {
    description: "The environment variable that holds the database's URL, which is a secret",
    type: "string",
    pattern: "^[A-Za-z_][A-Za-z0-9_]*$",
  },
  (value) => {
    if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(value)) return value;
    // What stands there may be a URL with its password, and is not repeated.
    return {
      code: "secret-in-place",
      detail:
        "Only the name of an environment variable may stand here, as PRODUCTION_DATABASE_URL. A password that was committed has to be changed.",
    };
  },
);

const database = z
  .strictObject({
    env: environmentVariable.optional(),
    directory: text("The directory of an embedded database, from where the command runs", 1_000).optional(),
  })
  .superRefine(({ env, directory }, context) => {
    if ((env === undefined) !== (directory === undefined)) return;
    const message =
      "A database is one of { env: NAME }, a server's, and { directory: PATH }, an embedded one.";
    context.addIssue({ code: "custom", message, params: { code: "conflicting-fields" } });
  })
  .meta({ description: "Where the estate's database is" });

const estate = z
  .strictObject({
    description: description().optional(),
    database,
    schema: databaseName("The database's schema that holds the estate; tenantry where nothing is said", {
      fault: schemaFault,
      longest: 63,
    }).optional(),
    role_prefix: databaseName(
      "What the names of the database's roles begin with; tenantry_ where nothing is said",
      { fault: rolePrefixFault, longest: 56 },
    ).optional(),
  })
  .meta({ description: "One database's worth of tenants" });

export const estateSchema = z
  .strictObject({
    apiVersion: z.unknown(),
    estates: mapOf(name("What --estate and the folder in overlays/ call it"), estate).meta({
      description: "Estates, by name: each has these manifests, with overlays/<name>/ laid over them",
    }),
  })
  .meta({ title: "Tenantry estates", description: "The databases that the manifests are applied to" });

export type EstateManifest = Readonly<z.output<typeof estateSchema>>;

interface NameRule {
  readonly fault: (name: string) => string | null;
  readonly longest: number;
}

function databaseName(said: string, { fault, longest }: NameRule) {
  const json = { description: said, type: "string", pattern: "^[a-z_][a-z0-9_]*$", maxLength: longest };
  return scalar<string>("a name", json, (value) => {
    const detail = fault(value);
    return detail === null ? value : { code: "bad-slug", detail };
  });
}
