/** The version of the language that manifests name in their first line. */
export const apiVersion = "tenantry/v1";
