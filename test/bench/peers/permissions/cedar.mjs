import { preparsePolicySet, statefulIsAuthorized } from "@cedar-policy/cedar-wasm/nodejs";
import { membershipsBy } from "./memberships.mjs";

/** One policy for each role, parsed once; the entities of a question are given with it. */
export default function prepare({ memberships, rightsByRole, requests }) {
  const staticPolicies = Object.entries(rightsByRole).map(([role, rights]) => {
    const actions = rights.map(([resource, action]) => `Action::"${resource}:${action}"`).join(", ");
    return `permit(principal in Role::"${role}", action in [${actions}], resource) when { principal.org == resource.org };`;
  });
  succeeded(preparsePolicySet("roles", { staticPolicies: staticPolicies.join("\n") }));
  const orgs = membershipsBy(memberships, ({ role }) => role);
  return (index) => {
    const { org, user, resource: type, permission } = requests[index];
    const role = orgs.get(org)?.get(user);
    const principal = { type: "User", id: user };
    const resource = { type: "Resource", id: type };
    const answer = statefulIsAuthorized({
      principal,
      resource,
      action: { type: "Action", id: permission },
      context: {},
      preparsedPolicySetId: "roles",
      entities: [
        {
          uid: principal,
          attrs: { org: role === undefined ? "" : org },
          parents: role === undefined ? [] : [{ type: "Role", id: role }],
        },
        { uid: resource, attrs: { org }, parents: [] },
      ],
    });
    return succeeded(answer).response.decision === "allow";
  };
}

function succeeded(answer) {
  if (answer.type !== "success") throw new Error(JSON.stringify(answer).slice(0, 500));
  return answer;
}
