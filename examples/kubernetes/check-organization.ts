import { type GitHubOrganization, slugOf, teamsOf } from "./github-organization.ts";

/**
 * What an organisation leaves unclear, as sentences. GitHub would settle each by itself, by inviting the stranger or
 * by taking the higher role; a manifest is there to be reviewed, so that a person has to say.
 */
export function faultsOf(organization: GitHubOrganization): readonly string[] {
  const { org, admins, members } = organization;
  const teams = teamsOf(organization.teams);
  const people = new Set([...admins, ...members]);
  const owners = new Set(admins);
  const slugs = new Map<string, string>();
  const faults: string[] = [];
  for (const person of members) {
    if (owners.has(person)) faults.push(`${org}: ${person} is an admin and a member. Keep one.`);
  }
  for (const { team } of teams) {
    const maintainers = new Set(team.maintainers);
    for (const person of [...team.maintainers, ...team.members]) {
      if (people.has(person)) continue;
      faults.push(`${org}: ${person} is in team ${team.name} and not in the organisation.`);
    }
    for (const person of team.members) {
      if (!maintainers.has(person)) continue;
      faults.push(`${org}: ${person} is a maintainer and a member of team ${team.name}. Keep one.`);
    }
    const slug = slugOf(team.name);
    const other = slugs.get(slug);
    if (other !== undefined) faults.push(`${org}: teams ${other} and ${team.name} are both "${slug}".`);
    slugs.set(slug, team.name);
  }
  return faults;
}
