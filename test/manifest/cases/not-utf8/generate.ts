/** As an editor set to Latin-1 writes it, and as PowerShell does. */
export const files = {
  "tenants/orgs/acme.yaml": Buffer.from("name: Caf\u00e9\n", "latin1"),
  "tenants/orgs/globex.yaml": Buffer.from("\ufeffname: Globex\n", "utf16le"),
};
