/** Within the size of a manifest, and more than anybody reviews. */
export const files = {
  "tenants/orgs/acme.yaml": `apiVersion: tenantry/v1\norg: acme\nmetadata: [${"1,".repeat(600_000)}]\n`,
};
