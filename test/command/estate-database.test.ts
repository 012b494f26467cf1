import { expect, it } from "vitest";
import { estateDatabase } from "../../src/command/estate-database.ts";
import type { EstateDeclaration } from "../../src/manifest/read-estates.ts";

const staging: EstateDeclaration = {
  name: "staging",
  description: null,
  database: { env: "STAGING_URL" },
  schema: "acme_staging",
  rolePrefix: "acme_staging_",
};

const environment = {
  DATABASE_URL: "postgres://app.example/app",
  STAGING_URL: "postgres://staging.example/tenants",
  TENANTRY_SCHEMA: "of_the_environment",
  TENANTRY_ROLE_PREFIX: "of_the_environment_",
};

it("the estate's database and names go before the environment's", () => {
  expect(estateDatabase({}, staging, environment)).toEqual({
    url: "postgres://staging.example/tenants",
    schema: "acme_staging",
    rolePrefix: "acme_staging_",
  });
});

it("what the command line says goes before the estate's", () => {
  const given = { database: "./data", schema: "mine", rolePrefix: "mine_" };
  expect(estateDatabase(given, staging, environment)).toEqual({
    directory: "./data",
    schema: "mine",
    rolePrefix: "mine_",
  });
});

it("without an estate the environment counts, and the usual names", () => {
  expect(estateDatabase({}, null, environment)).toEqual({
    url: "postgres://app.example/app",
    schema: "of_the_environment",
    rolePrefix: "of_the_environment_",
  });
  expect(estateDatabase({}, null, { TENANTRY_SCHEMA: "" })).toEqual({
    schema: undefined,
    rolePrefix: undefined,
  });
});

it("an estate's embedded database needs no variable", () => {
  const local: EstateDeclaration = { ...staging, database: { directory: "data" } };
  expect(estateDatabase({}, local, environment)).toMatchObject({ directory: "./data" });
});

it("names the variable that is not set", () => {
  expect(() => estateDatabase({}, staging, { ...environment, STAGING_URL: undefined })).toThrow(
    'The environment variable STAGING_URL, which names the database of the estate "staging", is not set.',
  );
});

it("does not repeat what the variable holds", () => {
  const choose = () => estateDatabase({}, staging, { STAGING_URL: "ana:hunter2@db.example/app" });
  expect(choose).toThrow("STAGING_URL");
  expect(choose).not.toThrow("hunter2");
});
