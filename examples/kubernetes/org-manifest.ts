import { Document, isMap, isScalar, type Node } from "yaml";
import { faultsOf } from "./check-organization.ts";
import { type GitHubOrganization, type PlacedTeam, slugOf, teamsOf } from "./github-organization.ts";

/**
 * The manifest of an organisation. The same organisation always gives the same bytes.
 * Throws where the organisation contradicts itself, with every such place.
 */
export function orgManifest(organization: GitHubOrganization): string {
  const faults = faultsOf(organization);
  if (faults.length > 0) throw new Error(faults.join("\n"));
  const { org, name, description, default_repository_permission } = organization;
  const teams = teamsOf(organization.teams);
  return written(org, {
    apiVersion: "tenantry/v1",
    org,
    name,
    description,
    attributes: onOneLine({ default_repository_permission }),
    subscriptions: onOneLine({ hosting: "open-source@1" }),
    manage: onOneLine({ members: "authoritative", teams: "authoritative" }),
    members: membersOf(organization),
    teams: Object.fromEntries(teams.map((placed) => [slugOf(placed.team.name), teamEntry(placed)])),
    resources: repositoriesOf(teams),
  });
}

function membersOf({ admins, members }: GitHubOrganization) {
  return Object.fromEntries([
    ...admins.map((person) => [person, "owner"]),
    ...members.map((person) => [person, "member"]),
  ]);
}

function teamEntry({ team, parent }: PlacedTeam) {
  const slug = slugOf(team.name);
  const { description, privacy, maintainers, members, repos, previously } = team;
  const grants = Object.entries(repos).map(([repository, permission]) => [`repo/${repository}`, permission]);
  return {
    ...(description === "" ? {} : { description }),
    ...(parent === null ? {} : { parent: slugOf(parent) }),
    ...(previously.length === 0 ? {} : { previously: previously.map(slugOf) }),
    members: maintainers.length === 0 ? members : membersWithRoles(team),
    ...(grants.length === 0 ? {} : { resources: Object.fromEntries(grants) }),
    metadata: onOneLine({ ...(slug === team.name ? {} : { name: team.name }), privacy }),
  };
}

function membersWithRoles({ maintainers, members }: PlacedTeam["team"]) {
  return Object.fromEntries([
    ...maintainers.map((person) => [person, "maintainer"]),
    ...members.map((person) => [person, "member"]),
  ]);
}

/** The source has no list of repositories: those that teams name are those to declare, sorted. */
function repositoriesOf(teams: readonly PlacedTeam[]) {
  const named = new Set(teams.flatMap(({ team }) => Object.keys(team.repos)));
  return Object.fromEntries([...named].sort().map((repository) => [`repo/${repository}`, {}]));
}

function onOneLine(value: Readonly<Record<string, string>>): Node {
  return new Document().createNode(value, { flow: true });
}

/** As a person would lay it out: one name a line, so that a change of one is a change of one line. */
function written(org: string, content: Readonly<Record<string, unknown>>): string {
  const document = new Document(content);
  document.commentBefore = [
    " yaml-language-server: $schema=../../../../schemas/org.schema.json",
    ` Written by convert.ts from source/${org}.json`,
  ].join("\n");
  for (const { key } of isMap(document.contents) ? document.contents.items : []) {
    if (isScalar(key)) key.spaceBefore = ["members", "teams", "resources"].includes(String(key.value));
  }
  return document.toString({ lineWidth: 0 });
}
