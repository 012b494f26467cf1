/** An expression of a policy, as the server writes it on the search path `pg_catalog`, and where it stands. */
export interface Expression {
  readonly text: string;
  /** Whether it is of the estate's own table, where one role does all the work. */
  readonly isOneRoles: boolean;
}

/**
 * What is known of an expression: it holds to one org (`held`), and to none without the setting; it has to do with org_id
 * and something that differs from transaction to transaction, in a form that nobody can judge (`unjudged`); or it does
 * not hold to an org (`open`).
 */
export type Form = "held" | "unjudged" | "open";

/**
 * Only forms that are known to be closed while the setting is not set, or empty, are `held`: what the migrations and
 * `tenantry isolate` write, and the same without its select or nullif. Others need not be: `coalesce`, `case` and `is not
 * false` are open then.
 */
export function formOf({ text, isOneRoles }: Expression): Form {
  const written = bare(text);
  if (isOneOrg.test(written) || (isOneRoles && isOneOrgForTheApp.test(written))) return "held";
  const mayTie = /\borg_id\b/.test(text) && /\w\(|\b(?:current|session)_user\b/i.test(text);
  // What stands behind an OR may be true of every org.
  return mayTie && !/\bOR\b/.test(text) ? "unjudged" : "open";
}

const setting = String.raw`current_setting'tenantry\.org_id'(?:,true)?`;
const thisOrg = `(?:select)?(?:nullif${setting},''|${setting})(?:::uuid)?`;
const ofThisOrg = `(?:org_id=${thisOrg}|${thisOrg}=org_id)`;
const isOneOrg = new RegExp(`^${ofThisOrg}$`);
// Where one role does everything, it says itself what it works as.
const isOneOrgForTheApp = new RegExp(
  `^(?:select)?coalescecurrent_setting'tenantry\\.role',true,''<>'app'or${ofThisOrg}$`,
);

/** What the server adds when it writes an expression out, taken away: brackets, casts to text, names of columns, blanks. */
function bare(text: string): string {
  return text.toLowerCase().replace(/::text|\s+as\s+"?\w+"?(?=\))|[()\s]/g, "");
}
