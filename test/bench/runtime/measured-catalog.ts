import { readManifests } from "../../../src/manifest/read-manifests.ts";
import type { FieldsOf } from "../../../src/model/field.ts";
import { descriptorOf, type Kind } from "../../../src/model/kinds.ts";
import type { Resource } from "../../../src/model/state.ts";
import { resource } from "../../../src/model/state.ts";
import type { Value } from "../../../src/model/value.ts";
import { flaggedPercent, flaggedPlans, flagNames, planNames } from "./flag-fixture.ts";
import { actions, resourceTypes, rightsByRole, roleNames } from "./rights.ts";

/** The manifest of the catalog that is measured: the roles and flags of the fixtures. */
export function measuredCatalog(): string {
  const list = (names: readonly string[]) => `[${names.join(", ")}]`;
  return [
    "apiVersion: tenantry/v1",
    "catalog: bench",
    "permissions:",
    ...resourceTypes.map((type) => `  ${type}: ${list(actions)}`),
    "roles:",
    ...roleNames.map(
      (role) => `  ${role}: { grants: ${list(rightsByRole[role].map((right) => `"${right.join(":")}"`))} }`,
    ),
    "features: { seats: { limit: members } }",
    "products: [platform]",
    "plans:",
    ...planNames.flatMap((plan, index) => [
      `  ${plan}:`,
      "    product: platform",
      ...(index === 0 ? ["    fallback: true"] : []),
      "    versions: { 1: { entitlements: { seats: unlimited } } }",
    ]),
    "flags:",
    ...flagNames.flatMap((flag) => [
      `  ${flag}:`,
      `    salt: ${flag}`,
      "    default: false",
      `    rules: [{ if: { org.plan: ${list(flaggedPlans)} }, rollout: ${flaggedPercent}%, serve: true }]`,
    ]),
    "",
  ].join("\n");
}

/** Its resources, as reading the manifest gives them. */
export function measuredCatalogResources(): readonly Resource[] {
  const { desired, diagnostics } = readManifests([{ path: "catalog.yaml", text: measuredCatalog() }]);
  if (!desired || diagnostics.length > 0) throw new Error(JSON.stringify(diagnostics, null, 2));
  return desired.catalog.resources;
}

/** A resource with the key that its fields make. */
export function declared<K extends Kind>(kind: K, fields: Partial<FieldsOf<K>>): Resource<K> {
  const key = descriptorOf(kind).key(fields as Readonly<Record<string, Value>>);
  return resource(kind, { key, path: [], fields });
}
