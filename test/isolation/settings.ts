/** How a transaction's org is said, or is not; and which of the two its statements then are for. */
export interface TenantSetting {
  readonly name: string;
  /** Whose rows there are to see; null: nobody's. */
  readonly sees: "own" | "other" | null;
  /** Needs a connection on which nobody ever said an org. */
  readonly isFirst?: true;
  /** Is no id, and fails where it is looked at. */
  readonly isGarbled?: true;
  /** What was done on the connection before; a message each, and it may fail. */
  readonly before: readonly string[];
  /** What is done in the transaction, after it took up its role. */
  readonly begin: string;
}

const say = (org: string) => `set local tenantry.org_id = '${org}'`;
const nobody = "00000000-0000-0000-0000-000000000000";

/** `:own_id` and `:other_id` stand for the orgs, `:as` for the role. */
export const tenantSettings: readonly TenantSetting[] = [
  { name: "missing", sees: null, isFirst: true, before: [], begin: "" },
  { name: "own", sees: "own", before: [], begin: say(":own_id") },
  { name: "of the other org", sees: "other", before: [], begin: say(":other_id") },
  {
    name: "own, in capitals and braces",
    sees: "own",
    before: [],
    begin: "select set_config('tenantry.org_id', '{' || upper(':own_id') || '}', true)",
  },
  { name: "empty", sees: null, before: [], begin: say("") },
  { name: "garbage", sees: null, isGarbled: true, before: [], begin: say("x'' or true --") },
  {
    name: "half an id",
    sees: null,
    isGarbled: true,
    before: [],
    begin: "select set_config('tenantry.org_id', left(':other_id', 35), true)",
  },
  { name: "a wildcard", sees: null, isGarbled: true, before: [], begin: say("%") },
  { name: "the catalog's id", sees: null, before: [], begin: say(nobody) },
  { name: "of no org", sees: null, before: [], begin: say("0190a1b2-0000-7000-8000-00000000dead") },
  {
    name: "stale after a commit",
    sees: null,
    before: [`begin; :as; ${say(":other_id")}; select from tenantry.org; commit`],
    begin: "",
  },
  {
    name: "stale after an error",
    sees: null,
    before: [`begin; :as; ${say(":other_id")}; select 1 / 0`, "rollback"],
    begin: "",
  },
  {
    name: "stale in the session, said anew",
    sees: "own",
    before: ["set tenantry.org_id = ':other_id'"],
    begin: say(":own_id"),
  },
  { name: "twice", sees: "own", before: [], begin: `${say(":other_id")}; ${say(":own_id")}` },
  {
    name: "in a savepoint that was rolled back",
    sees: "own",
    before: [],
    begin: `${say(":own_id")}; savepoint s; ${say(":other_id")}; rollback to s`,
  },
  {
    name: "only in a savepoint that was rolled back",
    sees: null,
    before: [],
    begin: `savepoint s; ${say(":other_id")}; select from tenantry.org; rollback to s`,
  },
  {
    name: "in a savepoint that was released",
    sees: "own",
    before: [],
    begin: `${say(":other_id")}; savepoint s; ${say(":own_id")}; release s`,
  },
  {
    name: "with the role's name forged",
    sees: "own",
    before: [],
    begin: `${say(":own_id")}; set local tenantry.role = 'apply'`,
  },
];
