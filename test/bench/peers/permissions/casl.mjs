import { createMongoAbility, subject } from "@casl/ability";
import { membershipsBy } from "./memberships.mjs";

/** One ability for each org and role, whose rules hold for that org's objects alone. */
export default function prepare({ memberships, rightsByRole, requests }) {
  const made = new Map();
  const abilityOf = ({ org, role }) => {
    const name = `${org} ${role}`;
    if (!made.has(name)) {
      const rules = rightsByRole[role].map(([resource, action]) => ({
        action,
        subject: resource,
        conditions: { org },
      }));
      made.set(name, createMongoAbility(rules));
    }
    return made.get(name);
  };
  const orgs = membershipsBy(memberships, abilityOf);
  return (index) => {
    const { org, user, resource, action } = requests[index];
    const ability = orgs.get(org)?.get(user);
    return ability?.can(action, subject(resource, { org })) === true;
  };
}
