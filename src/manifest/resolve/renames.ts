import { checkEarlierNames } from "./earlier-names.ts";
import { memberKey } from "./member-keys.ts";
import type { OrgScope } from "./org-scope.ts";

interface Entry {
  readonly previously?: readonly string[] | undefined;
}

/** Reports earlier names of an org's entries that something else still bears, or claims too. */
export function checkRenames(scope: OrgScope): void {
  const { members, roles, teams, workspaces } = scope.content;
  checkSection(scope, members, ["members"]);
  checkSection(scope, roles, ["roles"]);
  checkSection(scope, teams, ["teams"]);
  checkSection(scope, workspaces, ["workspaces"]);
  for (const [name, { environments }] of Object.entries(workspaces ?? {}))
    checkSection(scope, environments, ["workspaces", name, "environments"]);
}

function checkSection(
  scope: OrgScope,
  section: { readonly [name: string]: Entry } | undefined,
  path: readonly string[],
): void {
  if (!section || Object.values(section).every(({ previously }) => previously === undefined)) return;
  const entries = Object.entries(section);
  const renamed = entries.map(([name, { previously = [] }]) => ({
    name,
    previously: path[0] === "members" ? previously.map(memberKey) : previously,
    place: scope.place([...path, name], "key"),
    placeOf: (index: number) => scope.place([...path, name, "previously", index]),
  }));
  checkEarlierNames(renamed, scope.report);
}
