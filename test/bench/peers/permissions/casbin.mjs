import { newEnforcer, newModelFromString } from "casbin";

// Roles within domains; the roles' rights are the same for all orgs, which is by far casbin's quickest form.
const model = `
[request_definition]
r = sub, dom, obj, act

[policy_definition]
p = sub, obj, act

[role_definition]
g = _, _, _

[policy_effect]
e = some(where (p.eft == allow))

[matchers]
m = r.obj == p.obj && r.act == p.act && g(r.sub, p.sub, r.dom)
`;

export default async function prepare({ memberships, rightsByRole, requests }) {
  const enforcer = await newEnforcer(newModelFromString(model));
  enforcer.enableAutoSave(false);
  await enforcer.addPolicies(
    Object.entries(rightsByRole).flatMap(([role, rights]) => rights.map((right) => [role, ...right])),
  );
  await enforcer.addGroupingPolicies(memberships.map(({ org, user, role }) => [user, role, org]));
  return (index) => {
    const { org, user, resource, action } = requests[index];
    return enforcer.enforceSync(user, org, resource, action);
  };
}
