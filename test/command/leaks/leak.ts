/** A leak, made by hand, and what it is called; `clerk` and `boss` are roles that the app has. */
export interface Leak {
  readonly id: string;
  readonly make: string;
  readonly where: string | RegExp;
}

/** The restrictive policy as an app might write it itself. */
export const ofOrg = "org_id = nullif(current_setting('tenantry.org_id', true), '')::uuid";
