/** By org and user, what `of` makes of the membership: libraries without tenants need it beside them. */
export function membershipsBy(memberships, of) {
  const orgs = new Map();
  for (const membership of memberships) {
    const { org, user } = membership;
    if (!orgs.has(org)) orgs.set(org, new Map());
    orgs.get(org).set(user, of(membership));
  }
  return orgs;
}
