import type { Plan } from "../plan/plan.ts";
import type { Database } from "./connect.ts";
import { beginning, workingRoles } from "./in-transaction.ts";
import { recordStatements } from "./record-statements.ts";
import type { WriteOptions } from "./write-plan.ts";
import { writeRevision } from "./write-revision.ts";

export interface PlanSqlOptions extends Pick<WriteOptions, "applyId" | "actor" | "commit" | "title"> {
  /** What the audit calls the writer. */
  readonly applicationName: string;
}

/**
 * The SQL of an apply, for psql (`psql -v ON_ERROR_STOP=1 -f plan.sql`): run on the database that the plan was made
 * from, or on a copy of it, it leaves the rows, the ledger, the audit and the revision that the apply would. It is
 * stricter: where anybody wrote to what the plan read, it fails, and changes nothing.
 */
export async function planSql(database: Database, plan: Plan, options: PlanSqlOptions): Promise<string> {
  const roles = await workingRoles(database);
  const { statements, transaction, demand } = recordStatements();
  const { epoch, revision, noted, counters } = plan.base;
  await transaction.query("select set_config('application_name', $1, true)", [options.applicationName]);
  await transaction.query("select from estate for no key update");
  const estate =
    "select epoch = $1::uuid and revision = $2::bigint and noted = coalesce($3::bigint, noted) from estate";
  demand(estate, [epoch, revision, noted ?? null], "The estate is no more what the plan was made from.");
  const check = async () =>
    demand(
      `select not exists (
         select from unnest($1::uuid[], $2::bigint[]) as base (org_id, counter)
         left join org_books b using (org_id)
         where base.counter <> coalesce(b.change_counter, 0))`,
      [[...counters.keys()], [...counters.values()]],
      "Something that the plan read was changed since. Make the plan again.",
    );
  await check();
  await writeRevision(transaction, plan, { ...options, revision: revision + 1, step: () => {}, check });
  const begin = beginning(database, roles, "apply", { actor: options.actor });
  return ["set standard_conforming_strings = on;", `${begin.trim()};`, ...statements, "commit;", ""].join(
    "\n\n",
  );
}
