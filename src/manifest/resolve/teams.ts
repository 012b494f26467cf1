import { type Path, type Resource, resource } from "../../model/state.ts";
import { bindingResources } from "./bindings.ts";
import { cyclesIn, reportCycle } from "./cycles.ts";
import { isDeclared } from "./declared.ts";
import { memberKey } from "./member-keys.ts";
import { type OrgScope, own, reference } from "./org-scope.ts";

/** Teams, who is in them, and the roles that they hold. */
export function teamResources(scope: OrgScope): Resource[] {
  const teams = scope.content.teams ?? {};
  const placeOf = (name: string) => scope.place(["teams", name, "parent"]);
  const parentOf = (name: string) => {
    const parent = own(teams, name)?.parent;
    return parent === undefined ? [] : [parent];
  };
  for (const cycle of cyclesIn(Object.keys(teams), parentOf)) {
    reportCycle(cycle, "is a part of", placeOf, scope.report);
  }
  return Object.entries(teams).flatMap(([name, team]) => {
    const path: Path = ["teams", name];
    const { parent, description, metadata } = team;
    if (parent !== undefined) {
      isDeclared(
        { ...reference(scope, parent, [...path, "parent"]), code: "unknown-team" },
        scope.teams,
        scope.report,
      );
    }
    return [
      resource("team", {
        key: name,
        path,
        previously: team.previously ?? [],
        fields: {
          name,
          parent: parent ?? null,
          description: description ?? null,
          ...(metadata === undefined ? {} : { metadata }),
        },
      }),
      ...teamMembers(scope, name, team.members ?? {}),
      ...bindingResources(scope, { team: name }, team, path),
    ];
  });
}

function teamMembers(
  scope: OrgScope,
  team: string,
  members: { readonly [member: string]: string },
): Resource[] {
  const seen = new Map<string, string>();
  return Object.entries(members).flatMap(([key, role]) => {
    const member = memberKey(key);
    const path: Path = ["teams", team, "members", key];
    const place = scope.place(path, "key");
    if (
      !isDeclared(
        { name: member, place, code: "unknown-member", by: `for ${scope.slug}` },
        scope.members,
        scope.report,
      )
    ) {
      return [];
    }
    const earlier = seen.get(member);
    if (earlier !== undefined) {
      const detail = `"${earlier}" and "${key}" are one person: addresses are compared without case. Keep one.`;
      scope.report("same-person", place, detail, [
        { message: `"${earlier}" stands`, place: scope.place(["teams", team, "members", earlier], "key") },
      ]);
      return [];
    }
    seen.set(member, key);
    return [resource("team_member", { key: `${team}:${member}`, path, fields: { team, member, role } })];
  });
}
