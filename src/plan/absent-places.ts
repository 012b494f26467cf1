import { addressOf } from "../model/address.ts";
import { descriptorOf, sectionOf } from "../model/kinds.ts";
import type { DesiredScope } from "../model/state.ts";
import { ledgerOf } from "./drift.ts";
import type { Pair } from "./match-scope.ts";
import { noWayRound } from "./pass-once.ts";
import type { Finding } from "./plan.ts";

/** Workspaces that the manifests made and declare no more, with everything in them. */
export interface AbsentPlaces {
  /** By id, what becomes of their rows and of all that refer to them. */
  readonly fates: ReadonlyMap<string, "stays" | "let go">;
  readonly findings: readonly Finding[];
}

/**
 * Absence never deletes a workspace: it stops the plan, until the workspace is let go by its address. Until then
 * everything in it stays as it is, since only the whole can be judged.
 */
export function absentPlaces(
  scope: DesiredScope,
  pairs: readonly Pair[],
  forget: ReadonlySet<string> = new Set(),
): AbsentPlaces {
  const fates = new Map<string, "stays" | "let go">();
  const findings: Finding[] = [];
  // Parents come first, so that what an environment is in is known when its bindings are looked at.
  for (const pair of pairs) {
    if (pair.desired) continue;
    if (isAbsentPlace(pair, scope)) {
      const address = addressOf(scope.org, pair.kind, pair.key);
      fates.set(pair.id, forget.has(address) ? "let go" : "stays");
      if (!forget.has(address)) findings.push(undeclared(address, pair.key));
      continue;
    }
    const fate = placesOf(pair).flatMap((id) => fates.get(id) ?? [])[0];
    if (fate) fates.set(pair.id, fate);
  }
  return { fates, findings };
}

function isAbsentPlace({ kind, actual, before, history }: Pair, scope: DesiredScope): boolean {
  const { sections, released } = scope;
  const section = sectionOf(kind, before);
  const managed = actual && ledgerOf(actual, history).managed;
  const isManaged = managed !== null && sections.has(section) && !released.has(section);
  return isManaged && descriptorOf(kind).keptWhenAbsent === true;
}

/** The ids that a row refers to. */
function placesOf({ kind, actual }: Pair): string[] {
  return Object.entries(descriptorOf(kind).fields).flatMap(([name, { type }]) => {
    const id = type === "reference" ? actual?.fields[name] : null;
    return typeof id === "string" ? [id] : [];
  });
}

function undeclared(address: string, slug: string): Finding {
  return {
    code: "undeclared-workspace",
    subject: address,
    message: `The manifests made workspace "${slug}" and declare it no more. Absence never deletes a workspace.`,
    help: noWayRound(`Declare it again, or let it go with everything in it: --forget ${address}.`),
    canPass: false,
    at: null,
  };
}
