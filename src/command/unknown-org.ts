import { nearName } from "../diagnostic/near-name.ts";

/** What was asked for is not in the database. */
export class UnknownOrg extends Error {
  readonly code = "unknown-org";
}

/** Says that there is no such org, and which was probably meant. */
export function unknownOrg(
  org: string,
  { where, slugs }: { readonly where: string; readonly slugs: readonly string[] },
): never {
  const near = nearName(org, slugs);
  throw new UnknownOrg(`There is no org "${org}" in ${where}.${near ? ` Did you mean "${near}"?` : ""}`);
}
