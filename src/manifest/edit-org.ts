import { byCodeUnit } from "../model/value.ts";
import { editManifest } from "./edit-manifest.ts";
import { entryPath, wantedEntry } from "./wanted-entry.ts";
import { wantedOrgFields } from "./wanted-org-fields.ts";
import { type DeclaredRow, Unsayable } from "./wanted-value.ts";

export interface OrgEdit {
  /** The rows as the manifest is to declare them. */
  readonly after: readonly DeclaredRow[];
  /** Those that change, as they are now and as they are to be: both name entries of the manifest. */
  readonly changed: readonly DeclaredRow[];
  /** The fields of the org itself that change. */
  readonly orgFields: readonly string[];
}

/** An org's manifest after an edit, and the rows whose entries could not be edited. */
export interface EditedOrg {
  readonly text: string;
  readonly byHand: readonly DeclaredRow[];
}

/** Edits an org's manifest so that it declares what changed as it is to be; everything else stays byte for byte. */
export function editOrg(text: string, { after, changed, orgFields }: OrgEdit): EditedOrg {
  const byHand: DeclaredRow[] = [];
  let edited = text;
  const entries = new Map<string, { readonly path: string[]; readonly rows: DeclaredRow[] }>();
  for (const row of changed) {
    const path = entryPath(row);
    if (path === null) {
      if (row.kind !== "org") byHand.push(row);
      continue;
    }
    const entry = entries.get(path.join("\n")) ?? { path, rows: [] };
    entries.set(path.join("\n"), entry);
    entry.rows.push(row);
  }
  const byPath = new Map<string, DeclaredRow[]>();
  for (const row of after) {
    const name = entryPath(row)?.join("\n");
    if (name !== undefined) byPath.set(name, [...(byPath.get(name) ?? []), row]);
  }
  for (const [name, { path, rows }] of [...entries].sort(([a], [b]) => byCodeUnit(a, b))) {
    const next = trying(() => editManifest(edited, path, wantedEntry(path, byPath.get(name) ?? [])));
    if (next === null) byHand.push(...rows);
    else edited = next;
  }
  const org = after.find(({ kind }) => kind === "org");
  for (const [path, wanted] of org ? wantedOrgFields(org, orgFields) : []) {
    const next = wanted === "by hand" ? null : trying(() => editManifest(edited, path, wanted));
    if (next !== null) edited = next;
    else if (org && !byHand.includes(org)) byHand.push(org);
  }
  return { text: edited, byHand };
}

function trying(edit: () => string | null): string | null {
  try {
    return edit();
  } catch (error) {
    if (error instanceof Unsayable) return null;
    throw error;
  }
}
