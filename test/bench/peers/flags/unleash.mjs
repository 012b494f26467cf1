import { tmpdir } from "node:os";
import { InMemStorageProvider, Unleash } from "unleash-client";

/** Offline: its flags are given at the start, and nothing is fetched or reported. */
export default async function prepare({ flags, plans, percent, orgs, requests }) {
  const features = flags.map((name) => ({
    name,
    enabled: true,
    type: "release",
    project: "default",
    stale: false,
    impressionData: false,
    variants: [],
    strategies: [
      {
        name: "flexibleRollout",
        parameters: { rollout: String(percent), stickiness: "orgId", groupId: name },
        constraints: [
          { contextName: "plan", operator: "IN", values: plans, inverted: false, caseInsensitive: false },
        ],
      },
    ],
  }));
  const unleash = new Unleash({
    appName: "bench",
    url: "http://127.0.0.1:9/api/",
    refreshInterval: 0,
    disableMetrics: true,
    bootstrap: { data: features },
    storageProvider: new InMemStorageProvider(),
    backupPath: tmpdir(),
    skipInstanceCountWarning: true,
  });
  unleash.on("error", () => {});
  unleash.on("warn", () => {});
  if (!unleash.isSynchronized()) await new Promise((resolve) => unleash.once("ready", resolve));
  const contexts = orgs.map(({ id, plan, country, seats }) => ({
    properties: { orgId: id, plan, country, seats: String(seats) },
  }));
  return (index) => {
    const { flag, org } = requests[index];
    return unleash.isEnabled(flag, contexts[org], false);
  };
}
