import { descriptorOf, type Kind } from "../model/kinds.ts";
import type { Create } from "../plan/plan.ts";
import { columnOf, sqlTypeOf } from "./column.ts";
import { idColumn, orgIdColumn, rowSet, type SetColumn, storedValue } from "./row-set.ts";
import { writeBatches } from "./write-batches.ts";
import type { PlacedChange, Writing } from "./writing.ts";

/** Creates rows of one kind. They are the manifests' and say so, but for those that come back. */
export async function createRows(
  writing: Writing,
  kind: Kind,
  creates: readonly PlacedChange<Create>[],
): Promise<void> {
  const columns = columnsOf(kind);
  const names = [...columns.keys()];
  await writeBatches(writing, creates, {
    name: `create ${kind}`,
    setOf: (batch) => rowSet([...columns.values()], batch),
    textOf: (set) => `
      insert into ${kind} (${names.join(", ")})
      select ${set.columns.join(", ")} from ${set.from}`,
  });
}

function columnsOf(kind: Kind): ReadonlyMap<string, SetColumn> {
  const { tier, fields } = descriptorOf(kind);
  const columns = new Map<string, SetColumn>();
  if (tier === "org") columns.set("org_id", orgIdColumn);
  columns.set("id", idColumn);
  columns.set("origin", { type: "text", read: ({ change }) => (change as Create).origin ?? "manifest" });
  columns.set("managed", { type: "text[]", read: ({ change }) => (change as Create).managed });
  for (const [name, field] of Object.entries(fields)) {
    columns.set(columnOf(name, field), {
      type: sqlTypeOf[field.type],
      read: (placed) => storedValue(field, (placed.change as Create).after[name] ?? null, placed),
    });
  }
  return columns;
}
