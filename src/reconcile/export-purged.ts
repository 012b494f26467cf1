import { join } from "node:path";
import type { Database } from "../database/connect.ts";
import type { Plan, ScopePlan } from "../plan/plan.ts";
import { exportOrg } from "./export-org.ts";
import { writeExport } from "./write-export.ts";

/** An org that is to be purged could not be exported first, and so nothing was purged. */
export class ExportFailed extends Error {
  readonly code = "export-failed";
}

/**
 * Exports every org that a plan purges, each to a file of the directory, and gives their paths. To be called before
 * the plan is applied. Throws `ExportFailed` where one cannot be written whole.
 */
export async function exportPurged(
  database: Database,
  plan: Plan,
  { directory, now }: { readonly directory: string; readonly now: Date },
): Promise<string[]> {
  const paths: string[] = [];
  for (const scope of plan.scopes) {
    const purged = slugOfPurged(scope);
    if (purged === null) continue;
    const content = await exportOrg(database, purged, now);
    const exported = new Set(content?.resources.map(({ id }) => id));
    if (!content || scope.changes.some(({ id }) => !exported.has(id))) {
      throw new ExportFailed(
        `The org "${purged}" is no more as the plan saw it, and was not purged. Make the plan again.`,
      );
    }
    const path = join(directory, `${purged}-${content.exported.replaceAll(":", "-")}.json`);
    try {
      writeExport(path, content);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      const said = `The org "${purged}" was not purged, because it could not be exported to ${path}: ${why}`;
      throw new ExportFailed(said, { cause });
    }
    paths.push(path);
  }
  return paths;
}

function slugOfPurged({ changes }: ScopePlan): string | null {
  const org = changes.find(({ kind, action }) => kind === "org" && action === "delete");
  return org?.action === "delete" ? String(org.before.slug) : null;
}
