import { randomUUID } from "node:crypto";
import { discover } from "../manifest/discover.ts";
import { editOrg } from "../manifest/edit-org.ts";
import type { FoundFile } from "../manifest/found-file.ts";
import { readManifests } from "../manifest/read-manifests.ts";
import type { DeclaredRow } from "../manifest/wanted-value.ts";
import { addressOf } from "../model/address.ts";
import { byCodeUnit, canonicalTime } from "../model/value.ts";
import { makePlan, type PlannedScope } from "../plan/make-plan.ts";
import type { UndoPlan } from "../plan/plan-undo.ts";

export interface PatchedFile {
  /** As people see it. */
  readonly path: string;
  /** Below the manifests' directory. */
  readonly below: string;
  /** Null where the file is new. */
  readonly before: string | null;
  /** Null where nothing of it is left. */
  readonly after: string | null;
}

/** The edits by which the manifests say what a plan makes true, and what they cannot be made to say. */
export interface ManifestPatch {
  readonly files: readonly PatchedFile[];
  /** Addresses of rows that have to be edited by hand, or the next plan would change them back. */
  readonly byHand: readonly string[];
}

/**
 * Edits the manifests so that they declare the state that a plan leads to. Every edit is tried: the edited
 * manifests are read and compared with that state, and whatever a plan would still change is left to people.
 */
export function patchManifests(directory: string, made: UndoPlan, now: Date): ManifestPatch {
  const { files } = discover(directory);
  const changed = made.planned.filter(({ changes }) => changes.length > 0);
  const edited = changed.flatMap((scope) => editScope(scope, files) ?? []);
  const patched = edited.filter((file) => file.before !== file.after && isReadable(files, [file]));
  return { files: patched, byHand: leftOver(applyTo(files, patched), made, now) };
}

function editScope(scope: PlannedScope, files: readonly FoundFile[]): PatchedFile | null {
  const { org, changes, matched } = scope;
  if (org === null) return null;
  const found = files.find(({ text, overlay }) => overlay === undefined && declaresOrg(text, scope));
  const isGone = changes.some(({ kind, action }) => kind === "org" && action === "delete");
  const below = found?.below ?? `orgs/${org}.yaml`;
  if (isGone) {
    return found ? { path: found.path, below, before: found.text, after: null } : null;
  }
  const byId = new Map(changes.map((change) => [change.id, change]));
  const after: DeclaredRow[] = [];
  const touched: DeclaredRow[] = [];
  for (const { kind, id, key, actual, before: fields } of matched.pairs) {
    const change = byId.get(id);
    const earlier = actual ? { kind, key, fields, managed: actual.managed } : null;
    const later =
      change?.action === "delete"
        ? null
        : change?.action === "create"
          ? { kind, key, fields: change.after, managed: change.managed }
          : change?.action === "update"
            ? { kind, key, fields: withFields(fields, change.fields), managed: change.managed }
            : earlier;
    if (later) after.push(later);
    if (change) touched.push(...[earlier, later].flatMap((row) => row ?? []));
  }
  const orgChange = changes.find(({ kind }) => kind === "org");
  const orgFields =
    orgChange?.action === "update"
      ? orgChange.fields.map(({ field }) => field)
      : orgChange?.action === "create"
        ? Object.keys(orgChange.after).filter((field) => field !== "slug")
        : [];
  const text = found?.text ?? `apiVersion: tenantry/v1\norg: ${org}\n`;
  const edited = editOrg(text, { after, changed: touched, orgFields });
  const [first] = files;
  const path = found?.path ?? `${first ? first.path.slice(0, -first.below.length) : ""}${below}`;
  return { path, below, before: found?.text ?? null, after: edited.text };
}

function withFields(
  fields: DeclaredRow["fields"],
  changed: readonly { readonly field: string; readonly after: DeclaredRow["fields"][string] }[],
): DeclaredRow["fields"] {
  return { ...fields, ...Object.fromEntries(changed.map(({ field, after }) => [field, after])) };
}

/** By the slug that the org is to have, or the one that it has now. */
function declaresOrg(text: string, { org, orgId, matched }: PlannedScope): boolean {
  const present = matched.pairs.find(({ kind, id }) => kind === "org" && id === orgId)?.before.slug;
  const [, written] = /^org: *["']?([a-z0-9-]+)["']? *(?:#.*)?$/m.exec(text) ?? [];
  return written !== undefined && (written === org || written === present);
}

function applyTo(files: readonly FoundFile[], patched: readonly PatchedFile[]) {
  const edits = new Map(patched.map((file) => [file.below, file]));
  const kept = files.flatMap(({ path, below, text, overlay, over }) => {
    const edit = edits.get(below);
    const layer = { ...(overlay === undefined ? {} : { overlay }), ...(over === undefined ? {} : { over }) };
    if (!edit) return [{ path, text, ...layer }];
    return edit.after === null ? [] : [{ path, text: edit.after, ...layer }];
  });
  const added = patched.filter(({ before }) => before === null);
  const all = [...kept, ...added.map(({ path, after }) => ({ path, text: after ?? "" }))];
  return all.sort((a, b) => byCodeUnit(a.path, b.path));
}

/** A file that would be faulty after its edit is left as it is. */
function isReadable(files: readonly FoundFile[], patched: readonly PatchedFile[]): boolean {
  return readManifests(applyTo(files, patched)).diagnostics.length === 0;
}

/** What a plan from the manifests would still change of what is to be. */
function leftOver(files: ReturnType<typeof applyTo>, { planned, after }: UndoPlan, now: Date): string[] {
  const { desired } = readManifests(files);
  const touched = planned.filter(({ changes }) => changes.length > 0);
  const concerned = touched.map(({ org }) => org);
  if (!desired) return concerned.map((org) => org ?? "catalog");
  const orgs = desired.orgs.filter(({ org, previously }) =>
    [org, ...previously].some((slug) => concerned.includes(slug)),
  );
  const there = after.orgs.filter(({ org, rows }) => concerned.includes(org) && rows.get("org")?.length);
  const { plan } = makePlan(
    { catalog: desired.catalog, orgs },
    { ...after, orgs: there },
    { now: canonicalTime(now.toISOString()), newId: randomUUID },
  );
  const changed = plan.scopes.flatMap(({ org, changes }) =>
    changes.map(({ kind, key }) => addressOf(org, kind, key)),
  );
  const dropped = plan.findings.filter(({ code }) => code !== "undeclared-org").map(({ subject }) => subject);
  const isConcerned = (address: string) => concerned.includes(null) || !address.startsWith("catalog/");
  return [...new Set([...changed, ...dropped])].filter(isConcerned).sort(byCodeUnit);
}
