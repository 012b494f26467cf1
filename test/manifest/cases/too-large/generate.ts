/** Too large to be kept in Git. */
export const files = {
  "tenants/orgs/acme.yaml": `apiVersion: tenantry/v1\norg: acme\n${"# a comment\n".repeat(800_000)}`,
};
