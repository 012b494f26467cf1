import { addressOf } from "../model/address.ts";
import type { DesiredScope, Path } from "../model/state.ts";
import type { PlannedScope } from "./make-plan.ts";
import { noWayRound } from "./pass-once.ts";
import type { Finding, Note } from "./plan.ts";

/** Something that is declared under a new name. */
interface Renamed {
  readonly subject: string;
  readonly name: string;
  readonly at: { readonly org: string | null; readonly path: Path };
}

/** The database holds the earlier name and the new one, so that neither can become the other. */
export function renameClash({ subject, name, at }: Renamed, earlier: string): Finding {
  return {
    code: "rename-clash",
    subject,
    message: `"${earlier}" cannot be renamed to "${name}": the database holds both.`,
    help: noWayRound(`Take "previously" away, and declare "${earlier}" or let it go.`),
    canPass: false,
    at,
  };
}

/** A note for everything that is created although it says that it was called something else. */
export function noteMissingNames(planned: readonly PlannedScope[], desired: readonly DesiredScope[]): Note[] {
  const previously = new Map(desired.map((scope) => [scope.org, scope.previously]));
  return planned.flatMap(({ org, matched }) => {
    const isNew = org !== null && matched.pairs.every(({ kind, actual }) => kind !== "org" || !actual);
    // In what is new as a whole nothing can have been called something else.
    if (isNew || matched.pairs.every(({ actual }) => !actual)) {
      const at = { org, path: ["previously"] };
      return isNew ? notesOn({ subject: org, name: org, at }, previously.get(org) ?? []) : [];
    }
    return matched.pairs.flatMap(({ kind, key, desired, actual, history }) => {
      if (!desired || actual || history) return [];
      const at = { org, path: desired.path };
      return notesOn({ subject: addressOf(org, kind, key), name: key, at }, desired.previously);
    });
  });
}

function notesOn({ subject, name, at }: Renamed, earlier: readonly string[]): Note[] {
  if (earlier.length === 0) return [];
  const names = earlier.map((one) => `"${one}"`).join(", ");
  const found = earlier.length === 1 ? `${names} was not found` : `None of ${names} was found`;
  return [{ subject, message: `${found}; ${name} is created`, at }];
}
