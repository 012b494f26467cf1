import { AccessControl } from "accesscontrol";
import { membershipsBy } from "./memberships.mjs";

const methods = { create: "createAny", read: "readAny", update: "updateAny", delete: "deleteAny" };

/** Five roles for all orgs; who holds which is looked up beside it. */
export default function prepare({ memberships, rightsByRole, requests }) {
  const control = new AccessControl(
    Object.entries(rightsByRole).flatMap(([role, rights]) =>
      rights.map(([resource, action]) => ({ role, resource, action: `${action}:any`, attributes: "*" })),
    ),
  );
  const orgs = membershipsBy(memberships, ({ role }) => role);
  return (index) => {
    const { org, user, resource, action } = requests[index];
    const role = orgs.get(org)?.get(user);
    return role !== undefined && control.can(role)[methods[action]](resource).granted;
  };
}
