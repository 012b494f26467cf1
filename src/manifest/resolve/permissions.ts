import { nearName } from "../../diagnostic/near-name.ts";
import type { Place, Report } from "../place.ts";
import type { Catalog } from "./catalog.ts";

/** The types of resource that a pattern such as `document:*` reaches; empty where it matches nothing, which is reported. */
export function checkPattern(
  pattern: string,
  place: Place,
  catalog: Catalog,
  report: Report,
): readonly string[] {
  const [type = "", action = ""] = pattern.split(":");
  const types = [...catalog.permissions].filter(
    ([name, { actions }]) => (type === "*" || type === name) && (action === "*" || actions.includes(action)),
  );
  const isBroken =
    type !== "*" && catalog.declared("permissions").has(type) && !catalog.permissions.has(type);
  if (types.length > 0 || isBroken || catalog.isIncomplete) return types.map(([name]) => name);
  const near = nearName(pattern, permissionNames(catalog));
  const what = pattern.includes("*")
    ? `No permission matches "${pattern}".`
    : `"${pattern}" is not a permission.`;
  report(
    "unknown-permission",
    place,
    near ? `${what} Did you mean "${near}"?` : what,
    notesFor(near, catalog),
  );
  return [];
}

function* permissionNames(catalog: Catalog): Generator<string> {
  for (const [type, { actions }] of catalog.permissions) {
    yield `${type}:*`;
    for (const action of actions) yield `${type}:${action}`;
  }
}

function notesFor(near: string | undefined, catalog: Catalog) {
  const [type] = near?.split(":") ?? [];
  const place = type === undefined ? null : catalog.declared("permissions").place(type);
  return place ? [{ message: `"${type}" is declared`, place }] : [];
}
