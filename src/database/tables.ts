import type { ColumnType, Generated } from "kysely";
import type { Kind, kinds } from "../model/kinds.ts";
import type { Origin } from "../model/state.ts";
import type { Value } from "../model/value.ts";

/** The tables as kysely knows them: one a kind, and the books. */
export type Tables = { readonly [K in Kind]: RowOf<K> } & BookTables;

type RowOf<K extends Kind> = ColumnsOf<(typeof kinds)[K]["fields"]> &
  LedgerColumns &
  ((typeof kinds)[K]["tier"] extends "org" ? { readonly org_id: string } : object);

type ColumnsOf<F> = {
  readonly [N in keyof F as F[N] extends { readonly type: "reference" } ? `${N & string}_id` : N]: ColumnOf<
    F[N]
  >;
};

type ColumnOf<F> = F extends { readonly type: infer T }
  ? T extends "text" | "reference"
    ? string | null
    : T extends "integer"
      ? number | null
      : T extends "number"
        ? ColumnType<string | null, number | null>
        : T extends "switch"
          ? boolean | null
          : T extends "time"
            ? ColumnType<Date | null, string | null>
            : T extends "names"
              ? string[] | null
              : ColumnType<Value, string | null>
  : never;

interface LedgerColumns {
  readonly id: Generated<string>;
  readonly origin: Generated<Origin>;
  readonly managed: string[] | null;
}

interface BookTables {
  readonly migration: { readonly number: number; readonly name: string; readonly applied_at: Date };
  readonly estate: {
    readonly epoch: string;
    readonly revision: string;
    readonly apply_id: string | null;
    readonly noted: string;
    readonly created_at: Date;
  };
  readonly revision: {
    readonly revision: string;
    readonly apply_id: string;
    readonly at: Date;
    readonly actor: string;
    readonly commit: string | null;
    readonly title: string | null;
    readonly counts: Value;
  };
  readonly org_books: {
    readonly org_id: string;
    readonly source_digest: string | null;
    readonly change_counter: string;
    readonly applied_counter: string;
    readonly next_due: Date | null;
  };
  readonly audit: Writer & {
    readonly id: string;
    readonly kind: Kind;
    readonly row_id: string;
    readonly action: "insert" | "update" | "delete";
    readonly before: Value;
  };
  readonly change_set: Writer & { readonly counter: string; readonly revision: string | null };
}

/** Who wrote in which transaction, as far as the database knows it. `actor` is a claim. */
interface Writer {
  readonly org_id: string;
  readonly xid: string;
  readonly at: Date;
  readonly login: string;
  readonly application: string | null;
  readonly actor: string | null;
}
