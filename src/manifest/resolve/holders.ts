import type { Placing } from "../place.ts";
import { memberKey } from "./member-keys.ts";
import { type OrgScope, own } from "./org-scope.ts";

/** Reports roles that fewer active members hold in the whole org than the role demands, by themselves or by a team. */
export function checkHolders(scope: OrgScope): void {
  const { members, status } = scope.content;
  // Members that were never written are the app's to keep; an org that has ended needs nobody.
  if (members === undefined || status === "archived" || status === "deleted") return;
  // Who is left out because of an error may be the holder.
  if (scope.isIncomplete || scope.isBroken("members") || scope.isBroken("teams")) return;
  for (const { role, least, place } of demandingRoles(scope)) {
    const holders = holdersOf(scope, role);
    const active = holders.filter((key) => isActive(scope, key));
    if (active.length >= least || holdsUnknown(scope)) continue;
    const found = active.length === 0 ? "no" : `only ${active.length}`;
    const notes = holders
      .filter((key) => own(members, key) && !isActive(scope, key))
      .slice(0, 3)
      .map((key) => ({
        message: `"${key}", who is suspended, holds it`,
        place: scope.place(["members", key], "key"),
      }));
    scope.report(
      "too-few-holders",
      scope.place(["members"], "key"),
      `${scope.slug} has ${found} active ${role}, and needs ${least}. Give "${role}" to a member who can sign in.`,
      [...notes, { message: `at_least: ${least} is written`, place }],
    );
  }
}

interface DemandingRole {
  readonly role: string;
  readonly least: number;
  readonly place: Placing;
}

function demandingRoles({ catalog, content, place }: OrgScope): DemandingRole[] {
  const demanding: DemandingRole[] = [];
  for (const [role, { value, file, path }] of catalog.merged.sections.roles) {
    const least = value.at_least ?? 0;
    if (least > 0)
      demanding.push({ role, least, place: { file, path: [...path, "at_least"], what: "value" } });
  }
  for (const [role, { at_least: least = 0 }] of Object.entries(content.roles ?? {}))
    if (least > 0) demanding.push({ role, least, place: place(["roles", role, "at_least"]) });
  return demanding;
}

function holdersOf({ content }: OrgScope, role: string): string[] {
  const holders = new Set<string>();
  for (const [key, member] of Object.entries(content.members ?? {}))
    if (member.roles?.includes(role)) holders.add(key);
  for (const team of Object.values(content.teams ?? {})) {
    if (!team.roles?.includes(role)) continue;
    for (const key of Object.keys(team.members ?? {})) holders.add(memberKey(key));
  }
  return [...holders];
}

function isActive({ content }: OrgScope, key: string): boolean {
  const member = own(content.members, key);
  return member !== undefined && (member.status ?? "active") === "active";
}

function holdsUnknown({ content: { members = {}, teams = {} }, roles: declared }: OrgScope): boolean {
  const isUnknown = ({ roles }: { readonly roles?: readonly string[] | undefined }) =>
    roles?.some((role) => !declared.has(role)) === true;
  return Object.values(members).some(isUnknown) || Object.values(teams).some(isUnknown);
}
