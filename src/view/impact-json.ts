import type { Impact } from "../decision/impact/impact.ts";

/** The impact as data, complete: everyone is named, whatever a text leaves out. Counts stand beside. */
export function impactJson({ kind: _, ...impact }: Impact) {
  const members = new Set(
    impact.permissions.flatMap(({ holders }) => holders.map(({ org, member }) => `${org}/${member}`)),
  );
  for (const { org, member } of impact.loseEverything) members.add(`${org}/${member}`);
  return {
    format: "tenantry/impact/v1",
    summary: {
      members: members.size,
      orgs: impact.orgs.length,
      flags: new Set(impact.flags.map(({ flag }) => flag)).size,
      features: new Set(impact.entitlements.map(({ feature }) => feature)).size,
      traces: impact.traces.reduce((sum, { orgs }) => sum + orgs.length, 0),
    },
    ...impact,
  };
}
