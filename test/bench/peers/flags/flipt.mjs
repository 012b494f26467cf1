import { FliptClient } from "@flipt-io/flipt-client-js/node";

const made = { createdAt: "2026-01-01T00:00:00Z", updatedAt: "2026-01-01T00:00:00Z" };

/** Its engine with a state that is handed to it; a flag with variants, as its booleans cannot ask for a plan and a share. */
export default async function prepare({ flags, plans, percent, orgs, requests }) {
  const state = { namespace: { key: "default" }, flags: flags.map((key) => flagOf(key, { plans, percent })) };
  const client = await FliptClient.init({
    updateInterval: 0,
    fetcher: async () => ({
      ok: true,
      status: 200,
      statusText: "OK",
      headers: { get: () => null },
      json: async () => state,
    }),
  });
  const contexts = orgs.map(({ plan, country, seats }) => ({ plan, country, seats: String(seats) }));
  return (index) => {
    const { flag, org } = requests[index];
    const answer = client.evaluateVariant({ flagKey: flag, entityId: orgs[org].id, context: contexts[org] });
    return answer.match && answer.variantKey === "on";
  };
}

function flagOf(key, { plans, percent }) {
  const constraint = {
    id: "plan",
    type: "STRING_CONSTRAINT_COMPARISON_TYPE",
    property: "plan",
    operator: "isoneof",
    value: JSON.stringify(plans),
  };
  const segment = {
    key: "paid",
    name: "paid",
    description: "",
    matchType: "ALL_SEGMENT_MATCH_TYPE",
    ...made,
  };
  const share = (variantKey, rollout) => ({
    id: `${key}-${variantKey}`,
    ruleId: key,
    variantId: `${key}-${variantKey}`,
    variantKey,
    variantAttachment: "",
    rollout,
  });
  return {
    key,
    name: key,
    description: "",
    enabled: true,
    type: "VARIANT_FLAG_TYPE",
    ...made,
    rollouts: [],
    rules: [
      {
        id: key,
        rank: 1,
        segmentOperator: "OR_SEGMENT_OPERATOR",
        segments: [{ ...segment, constraints: [constraint] }],
        distributions: [share("on", percent), share("off", 100 - percent)],
      },
    ],
  };
}
