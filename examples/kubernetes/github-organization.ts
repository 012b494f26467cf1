/** What a GitHub organisation's members may do to a repository, and its default for all of them. */
export type RepositoryPermission = "read" | "triage" | "write" | "maintain" | "admin";

/** An organisation as Peribolos declares it; people are pseudonyms. */
export interface GitHubOrganization {
  readonly org: string;
  readonly name: string;
  readonly description: string;
  readonly default_repository_permission: "none" | "read" | "write" | "admin";
  readonly admins: readonly string[];
  /** Everyone else. */
  readonly members: readonly string[];
  readonly teams: readonly GitHubTeam[];
}

export interface GitHubTeam {
  readonly name: string;
  readonly description: string;
  readonly privacy: "closed" | "secret";
  readonly maintainers: readonly string[];
  /** Everyone else. */
  readonly members: readonly string[];
  readonly repos: { readonly [repository: string]: RepositoryPermission };
  readonly previously: readonly string[];
  readonly teams?: readonly GitHubTeam[];
}

/** A team on its own, with the name of the one that it is a part of. */
export interface PlacedTeam {
  readonly team: GitHubTeam;
  readonly parent: string | null;
}

/** Every team before its sub-teams, in the order of the file. */
export function teamsOf(teams: readonly GitHubTeam[], parent: string | null = null): PlacedTeam[] {
  return teams.flatMap((team) => [{ team, parent }, ...teamsOf(team.teams ?? [], team.name)]);
}

/** What GitHub calls a team in addresses: `kubernetes/sig-apps` is `kubernetes-sig-apps`. */
export function slugOf(team: string): string {
  return team.toLowerCase().replace(/[^a-z0-9._-]+/g, "-");
}
