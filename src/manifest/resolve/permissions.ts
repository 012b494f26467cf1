import { nearName } from "../../diagnostic/near-name.ts";
import { quoted } from "../../diagnostic/quoted.ts";
import type { Place, Placing, Report } from "../place.ts";
import type { Catalog } from "./catalog.ts";
import { listed } from "./declared.ts";

/** The types of resource that a pattern such as `document:*` reaches; empty where it matches nothing, which is reported. */
export function checkPattern(
  pattern: string,
  place: Placing,
  catalog: Catalog,
  report: Report,
): readonly string[] {
  const colon = pattern.indexOf(":");
  const named = catalog.permissions.get(pattern.slice(0, colon));
  if (named?.actions.includes(pattern.slice(colon + 1))) return [pattern.slice(0, colon)];
  if (!/^(?:\*|[\w.-]+):(?:\*|[\w.-]+)$/.test(pattern)) {
    const help = catalog.permissions.has(pattern)
      ? `Did you mean "${pattern}:*"?`
      : "Write resource:action, and * for all, as members:invite or members:*.";
    report("unknown-permission", place, `${quoted(pattern)} is not a permission. ${help}`);
    return [];
  }
  const [type = "", action = ""] = pattern.split(":");
  const types = [...catalog.permissions].filter(
    ([name, { actions }]) => (type === "*" || type === name) && (action === "*" || actions.includes(action)),
  );
  const isBroken = type === "*" ? catalog.isBroken("permissions") : catalog.declared("permissions").has(type);
  if (types.length > 0 || (isBroken && !catalog.permissions.has(type))) return types.map(([name]) => name);
  const near = nearName(pattern, permissionNames(catalog));
  const what = pattern.includes("*")
    ? `No permission matches "${pattern}".`
    : `"${pattern}" is not a permission.`;
  const help = near === undefined ? listed(alternatives(type, catalog)) : ` Did you mean "${near}"?`;
  report("unknown-permission", place, what + help, near === undefined ? [] : notesFor(near, catalog));
  return [];
}

function* permissionNames(catalog: Catalog): Generator<string> {
  for (const [type, { actions }] of catalog.permissions) {
    yield `${type}:*`;
    for (const action of actions) yield `${type}:${action}`;
  }
}

/** What there is of a type of resource; of one that there is not, what there is at all. */
function alternatives(type: string, catalog: Catalog): readonly string[] {
  const known = catalog.permissions.get(type);
  if (known) return known.actions.map((action) => `${type}:${action}`);
  return [...catalog.permissions.keys()].map((one) => `${one}:*`);
}

function notesFor(permission: string, catalog: Catalog) {
  const [type = "", action = ""] = permission.split(":");
  const entry = catalog.merged.sections.permissions.get(type);
  if (!entry) return [];
  const index = entry.value.actions.indexOf(action);
  const place: Place =
    index < 0
      ? { file: entry.file, path: entry.path, what: "key" }
      : { file: entry.file, path: [...entry.path, "actions", index], what: "value" };
  return [{ message: `"${index < 0 ? type : permission}" is declared`, place }];
}
