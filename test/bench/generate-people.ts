import type { GeneratedOrg } from "./generate-org.ts";
import type { Random } from "./random.ts";

export interface Person {
  readonly key: string;
  readonly given: string;
  readonly family: string;
}

export function peopleOf(count: number, domain: string, random: Random): Person[] {
  return Array.from({ length: count }, (_, nth) => {
    const given = random.pick(givenNames);
    const family = random.pick(familyNames);
    return { key: `${given}.${family}${nth}@${domain}`.toLowerCase(), given, family };
  });
}

/** The org's own roles, and its members with the roles that they hold in the org and its workspaces. */
export function writtenPeople({ random, people, workspaces }: GeneratedOrg): string[] {
  const hasOwnRole = random.chance(0.35);
  return [
    ...(hasOwnRole
      ? [
          "roles:",
          "  auditor:",
          "    description: Reads everything that money touches",
          "    inherits: [member]",
          "    grants: [billing:read, { allow: document:read, if: { resource.status: [live, archived] } }]",
        ]
      : []),
    ...(random.chance(0.4) ? ["manage: { members: authoritative }"] : []),
    "members:",
    ...people.map(({ key, given, family }, nth) => {
      if (nth === 0) return `  ${key}: { name: ${given} ${family}, roles: owner }`;
      if (nth === 1) return `  ${key}: ${hasOwnRole ? "[admin, auditor]" : "admin"}`;
      const kind = random.between(0, 9);
      const workspace = random.pick(workspaces);
      if (kind < 4) return `  ${key}: { name: ${given} ${family}, roles: member }`;
      if (kind < 7)
        return `  ${key}: { roles: member, workspaces: { ${workspace}: ${random.pick(placed)} } }`;
      if (kind < 9)
        return `  ${key}: { workspaces: { ${workspace}: [editor, deployer] }, attributes: { department: ${random.pick(departments)} } }`;
      return `  ${key}: { id: user_${random.between(10_000_000, 99_999_999)}_${nth}, name: ${given} ${family}, roles: member, status: suspended }`;
    }),
    "",
  ];
}

/** A team for every eighth member or so, the second a part of the first. */
export function teamLines({ random, people, workspaces }: GeneratedOrg): string[] {
  const count = Math.min(teamNames.length * 40, Math.ceil(people.length / 8));
  const size = Math.min(people.length, Math.max(2, Math.round(people.length / count / 2)));
  const teams = Array.from({ length: count }, (_, nth) => {
    const at = random.between(0, people.length - size);
    const members = people.slice(at, at + size).map(({ key }) => key);
    const name = `${teamNames[nth % teamNames.length]}${nth < teamNames.length ? "" : `-${nth}`}`;
    return [
      `  ${name}:`,
      `    description: People of ${random.pick(departments)} and whoever helps them out`,
      ...(nth % 3 === 1 ? [`    parent: ${teamNames[0]}`] : []),
      ...(nth % 2 === 0
        ? ["    members:", ...members.map((key, place) => `      ${key}: ${place ? "member" : "maintainer"}`)]
        : ["    members:", ...members.map((key) => `      - ${key}`)]),
      `    environments: { ${random.pick(workspaces)}/live: ${random.pick(["deployer", "viewer"])} }`,
    ];
  });
  return ["teams:", ...teams.flat(), ""];
}

const placed = ["editor", "viewer", "deployer"] as const;
const departments = ["design", "engineering", "finance", "operations", "sales"] as const;
const teamNames = ["release", "hotfix", "content", "support", "finance"] as const;
const givenNames = ["Ana", "Bo", "Chidi", "Dora", "Eluned", "Farah", "Goran", "Hana", "Ivo", "Jun"] as const;
const familyNames = ["Adeyemi", "Brandt", "Castro", "Dubois", "Endo", "Fischer", "Garcia", "Hughes"] as const;
