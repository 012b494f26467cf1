import { descriptorOf, type Kind } from "../model/kinds.ts";
import type { Delete } from "../plan/plan.ts";
import { columnOf, sqlTypeOf } from "./column.ts";
import { idColumn, orgIdColumn, rowSet, type SetColumn, storedValue } from "./row-set.ts";
import { writeBatches } from "./write-batches.ts";
import type { PlacedChange, Writing } from "./writing.ts";

/** Deletes rows of one kind that still are, field by field, as the plan saw them. */
export async function deleteRows(
  writing: Writing,
  kind: Kind,
  deletes: readonly PlacedChange<Delete>[],
): Promise<void> {
  const key = keyOf(kind);
  const before = fieldsOf(kind);
  const columns = [...key.values(), ...before.values()];
  await writeBatches(writing, deletes, {
    name: `delete ${kind}`,
    setOf: (batch) => rowSet(columns, batch),
    textOf(set) {
      const conditions = [...key.keys(), ...before.keys()].map(
        (name, index) => `t.${name} ${index < key.size ? "=" : "is not distinct from"} ${set.columns[index]}`,
      );
      return `
        delete from ${kind} t using ${set.from}
        where ${conditions.join(" and ")}
        returning t.id`;
    },
  });
}

function keyOf(kind: Kind): ReadonlyMap<string, SetColumn> {
  const id = ["id", idColumn] as const;
  return new Map(descriptorOf(kind).tier === "org" ? [["org_id", orgIdColumn], id] : [id]);
}

function fieldsOf(kind: Kind): ReadonlyMap<string, SetColumn> {
  return new Map(
    Object.entries(descriptorOf(kind).fields).map(([name, field]) => [
      columnOf(name, field),
      {
        type: sqlTypeOf[field.type],
        read: (placed: PlacedChange) =>
          storedValue(field, (placed.change as Delete).before[name] ?? null, placed),
      },
    ]),
  );
}
