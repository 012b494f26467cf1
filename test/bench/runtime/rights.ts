/** What the roles of the measured estates may do: six types of resource and four actions, 24 permissions. */
export const resourceTypes = ["project", "document", "invoice", "report", "setting", "token"] as const;
export const actions = ["create", "read", "update", "delete"] as const;

export type Right = readonly [resource: string, action: string];

/** Whether a role may do something; every peer is given the same roles from here. */
const may = {
  owner: () => true,
  admin: (resource, action) => action !== "delete" || (resource !== "invoice" && resource !== "setting"),
  editor: (resource, action) =>
    resource === "project" || resource === "document" || (resource === "report" && action === "read"),
  viewer: (resource, action) => action === "read" && resource !== "token" && resource !== "invoice",
  billing: (resource, action) => resource === "invoice" || (resource === "setting" && action === "read"),
} as const satisfies Record<string, (resource: string, action: string) => boolean>;

export type RoleName = keyof typeof may;

export const roleNames = Object.keys(may) as RoleName[];

/** The rights of each role, in full: no wildcards, so that nobody has to resolve them but once. */
export const rightsByRole: Readonly<Record<RoleName, readonly Right[]>> = {
  owner: rightsOf("owner"),
  admin: rightsOf("admin"),
  editor: rightsOf("editor"),
  viewer: rightsOf("viewer"),
  billing: rightsOf("billing"),
};

function rightsOf(role: RoleName): readonly Right[] {
  return resourceTypes.flatMap((resource) =>
    actions.filter((action) => may[role](resource, action)).map((action): Right => [resource, action]),
  );
}

/** The role of an org's member by the member's place in it: one owner, two admins, mostly editors and viewers. */
export function roleAt(member: number): RoleName {
  if (member === 0) return "owner";
  if (member < 3) return "admin";
  if (member < 10) return "editor";
  return member < 18 ? "viewer" : "billing";
}
