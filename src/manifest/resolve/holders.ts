import { memberKey } from "./member-keys.ts";
import { type OrgScope, own } from "./org-scope.ts";

/** Reports roles that fewer active members hold in the whole org than the role demands, by themselves or by a team. */
export function checkHolders(scope: OrgScope): void {
  const { members, teams, roles, status } = scope.content;
  // Members that were never written are the app's to keep; an org that has ended needs nobody.
  if (members === undefined || status === "archived" || status === "deleted") return;
  const demanding = [
    ...[...scope.catalog.merged.sections.roles].map(
      ([name, { value }]) => [name, value.at_least ?? 0] as const,
    ),
    ...Object.entries(roles ?? {}).map(([name, role]) => [name, role.at_least ?? 0] as const),
  ].filter(([, least]) => least > 0);
  for (const [role, least] of demanding) {
    const holders = new Set<string>();
    const isActive = (key: string) =>
      (own(members, key)?.status ?? "active") === "active" && own(members, key);
    for (const [key, member] of Object.entries(members)) {
      if (member.roles?.includes(role) && isActive(key)) holders.add(key);
    }
    for (const team of Object.values(teams ?? {})) {
      if (!team.roles?.includes(role)) continue;
      for (const key of Object.keys(team.members ?? {}).map(memberKey)) if (isActive(key)) holders.add(key);
    }
    if (holders.size >= least) continue;
    scope.report(
      "too-few-holders",
      scope.place(["members"], "key"),
      `${scope.slug} has ${holders.size === 0 ? "no" : `only ${holders.size}`} active ${role}; it needs at least ${least}.`,
    );
  }
}
