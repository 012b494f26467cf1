import { init } from "@launchdarkly/node-server-sdk";
import { TestData } from "@launchdarkly/node-server-sdk/integrations";

const silent = { error() {}, warn() {}, info() {}, debug() {} };

/** Its own source of test data: no network, no events. */
export default async function prepare({ flags, plans, percent, orgs, requests }) {
  const source = new TestData();
  for (const key of flags) await source.usePreconfiguredFlag(flagOf(key, { plans, percent }));
  const client = init("sdk-bench", {
    updateProcessor: source.getFactory(),
    sendEvents: false,
    diagnosticOptOut: true,
    logger: silent,
  });
  await client.waitForInitialization({ timeout: 5 });
  const contexts = orgs.map(({ id, ...attributes }) => ({ kind: "org", key: id, ...attributes }));
  return (index) => {
    const { flag, org } = requests[index];
    return client.boolVariation(flag, contexts[org], false);
  };
}

/** Written out, because the builder of test data knows no percentages. */
function flagOf(key, { plans, percent }) {
  return {
    key,
    version: 1,
    on: true,
    variations: [true, false],
    offVariation: 1,
    fallthrough: { variation: 1 },
    salt: key,
    targets: [],
    prerequisites: [],
    rules: [
      {
        id: "paid",
        clauses: [{ contextKind: "org", attribute: "plan", op: "in", values: plans, negate: false }],
        rollout: {
          kind: "rollout",
          contextKind: "org",
          variations: [
            { variation: 0, weight: percent * 1_000 },
            { variation: 1, weight: (100 - percent) * 1_000 },
          ],
        },
      },
    ],
  };
}
