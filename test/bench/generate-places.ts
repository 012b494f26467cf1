import type { GeneratedOrg } from "./generate-org.ts";
import type { Random } from "./random.ts";

export const workspaceNames = ["web", "shop", "data", "mobile", "intranet", "partners"] as const;

/** Workspaces with their environments, and the documents that are known by name. */
export function workspaceLines({ random, slug, workspaces }: GeneratedOrg): string[] {
  const secret = slug.toUpperCase().replaceAll("-", "_");
  const documents = workspaces.filter(() => random.chance(0.4));
  return [
    "workspaces:",
    ...workspaces.flatMap((workspace) => [
      `  ${workspace}:`,
      `    name: ${workspace[0]?.toUpperCase()}${workspace.slice(1)}`,
      `    description: What ${slug} shows to its own customers, with everything that belongs to it`,
      "    environments:",
      "      dev: { name: Development, tier: dev, host: localhost }",
      ...(random.chance(0.5)
        ? ["      stage: { name: Rehearsal, tier: stage, host: cloudrun, backend: shared-eu-1 }"]
        : []),
      ...liveLines(random, secret),
    ]),
    "",
    ...(documents.length === 0 ? [] : ["resources:"]),
    ...documents.map(
      (workspace) =>
        `  document/${workspace}-handbook: { workspace: ${workspace}, attributes: { status: ${random.pick(["draft", "live"])} } }`,
    ),
  ];
}

function liveLines(random: Random, secret: string): string[] {
  return [
    "      live:",
    "        description: What customers see; changes go through the release team",
    "        tier: prod",
    `        host: ${random.pick(["cloudrun", "aws"])}`,
    ...(random.chance(0.4) ? [`        credentials: { deploy: secret://env/${secret}_DEPLOY }`] : []),
    ...(random.chance(0.3) ? ["        flags: { new_dashboard: false }"] : []),
  ];
}
