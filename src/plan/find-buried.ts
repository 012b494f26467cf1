import type { PlannedScope } from "./make-plan.ts";
import { orPassOnce } from "./pass-once.ts";
import type { Finding } from "./plan.ts";

/** Slugs of purged orgs, with the time of each purge. */
export type Buried = ReadonlyMap<string, string>;

/** Orgs that would take the slug of one that was purged, as new orgs or by a new name: whoever knows it may mean the other. */
export function findBuried(scopes: readonly PlannedScope[], buried: Buried): Finding[] {
  return scopes.flatMap(({ org, changes }): Finding[] => {
    const at = buried.get(org ?? "");
    const change = changes.find(({ kind }) => kind === "org");
    if (at === undefined || org === null || !change) return [];
    const isTaken =
      change.action === "create" ||
      (change.action === "update" && change.fields.some(({ field }) => field === "slug"));
    if (!isTaken) return [];
    return [
      {
        code: "slug-buried",
        subject: org,
        message: `Another org was called "${org}", and was purged at ${at}. Links, keys and bills may still mean that one.`,
        help: orPassOnce("Choose another slug", "slug-buried", org),
        canPass: true,
        at: change.path && { org, path: change.path },
      },
    ];
  });
}
