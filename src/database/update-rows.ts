import { descriptorOf, type Kind } from "../model/kinds.ts";
import type { Update } from "../plan/plan.ts";
import { columnOf, sqlTypeOf } from "./column.ts";
import { idColumn, orgIdColumn, type RowSet, rowSet, type SetColumn, storedValue } from "./row-set.ts";
import { writeBatches } from "./write-batches.ts";
import type { PlacedChange, Writing } from "./writing.ts";

/** Updates rows of one kind that still are as the plan saw them; one statement for all that change the same fields. */
export async function updateRows(
  writing: Writing,
  kind: Kind,
  updates: readonly PlacedChange<Update>[],
): Promise<void> {
  for (const [names, group] of byFields(updates)) {
    const columns = columnsOf(kind, names);
    await writeBatches(writing, group, {
      name: `update ${kind}`,
      setOf: (batch) => rowSet(columns, batch),
      textOf: (set) => updateText(kind, columns, set),
    });
  }
}

function updateText(kind: Kind, columns: readonly UpdateColumn[], set: RowSet): string {
  const part = (wanted: UpdateColumn["is"], text: (column: string, value: string) => string) =>
    columns.flatMap(({ column, is }, index) =>
      is === wanted ? [text(column, set.columns[index] as string)] : [],
    );
  const conditions = [
    ...part("key", (column, value) => `t.${column} = ${value}`),
    ...part("before", (column, value) => `t.${column} is not distinct from ${value}`),
  ];
  return `
    update ${kind} t set ${part("after", (column, value) => `${column} = ${value}`).join(", ")}
    from ${set.from}
    where ${conditions.join(" and ")}
    returning t.id`;
}

function byFields(updates: readonly PlacedChange<Update>[]) {
  const groups = new Map<string, { names: readonly string[]; placed: PlacedChange<Update>[] }>();
  for (const one of updates) {
    // The ledger's list of fields is written with every update anyway.
    const names = one.change.fields.flatMap(({ field }) => (field === "managed" ? [] : field)).sort();
    const group = groups.get(names.join()) ?? { names, placed: [] };
    groups.set(names.join(), group);
    group.placed.push(one);
  }
  return [...groups.values()].map(({ names, placed }) => [names, placed] as const);
}

/** Of the ledger: no kind's field, and written only where somebody changed it by hand. */
const originField = { type: "text" } as const;

interface UpdateColumn extends SetColumn {
  readonly column: string;
  readonly is: "key" | "before" | "after";
}

function columnsOf(kind: Kind, names: readonly string[]): UpdateColumn[] {
  const { tier, fields } = descriptorOf(kind);
  const key: UpdateColumn[] = [{ ...idColumn, column: "id", is: "key" }];
  if (tier === "org") key.unshift({ ...orgIdColumn, column: "org_id", is: "key" });
  const ledger = (["managedBefore", "managed"] as const).map(
    (which): UpdateColumn => ({
      column: "managed",
      is: which === "managed" ? "after" : "before",
      type: "text[]",
      read: ({ change }) => (change as Update)[which],
    }),
  );
  const changed = names.flatMap((name) => {
    const field = name === "origin" ? originField : fields[name];
    if (!field) throw new Error(`The plan changes ${kind}.${name}, which there is not.`);
    return (["before", "after"] as const).map(
      (is): UpdateColumn => ({
        column: columnOf(name, field),
        is,
        type: sqlTypeOf[field.type],
        read: (placed) => {
          const change = (placed.change as Update).fields.find((one) => one.field === name);
          return storedValue(field, change?.[is] ?? null, placed);
        },
      }),
    );
  });
  return [...key, ...ledger, ...changed];
}
