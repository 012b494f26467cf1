/** A little estate in which everything that can happen can be foretold: two orgs, three people, two roles and a flag. */
export const orgs = ["acme", "globex"] as const;
export const people = ["ana", "bo", "cy"] as const;
export const roles = ["admin", "member"] as const;

export type Org = (typeof orgs)[number];
export type Person = (typeof people)[number];
export type Role = (typeof roles)[number];

/** What an org's manifest says. */
export interface Declared {
  name: string;
  members: Map<Person, readonly Role[]>;
  flag: boolean | null;
}

export type Manifests = Record<Org, Declared>;

export function firstManifests(): Manifests {
  const org = (): Declared => ({ name: "First", members: new Map([["ana", ["admin"]]]), flag: null });
  return { acme: org(), globex: org() };
}

export function manifestFiles(
  manifests: Manifests,
): readonly { readonly path: string; readonly text: string }[] {
  const catalog = `apiVersion: tenantry/v1
catalog: model
permissions: { members: [read, invite] }
roles:
  admin: { grants: ["members:*"] }
  member: { grants: [members:read] }
flags: { beta: { default: false } }
`;
  return [
    { path: "catalog.yaml", text: catalog },
    ...orgs.map((org) => {
      const { name, members, flag } = manifests[org];
      const lines = [...members].map(([person, held]) => `  ${addressOf(person)}: [${held.join(", ")}]`);
      return {
        path: `orgs/${org}.yaml`,
        text: [
          "apiVersion: tenantry/v1",
          `org: ${org}`,
          `name: ${name}`,
          lines.length === 0 ? "members: {}" : ["members:", ...lines].join("\n"),
          `flags: ${flag === null ? "{}" : `{ beta: ${flag} }`}`,
          "",
        ].join("\n"),
      };
    }),
  ];
}

export function addressOf(person: Person): string {
  return `${person}@model.example`;
}

/** A row by its name, `acme member ana`, with what of it can differ. */
export type Rows = Map<string, string>;

/** One row before and after; null where it is not there. */
export interface RowChange {
  readonly before: string | null;
  readonly after: string | null;
}

export type Delta = ReadonlyMap<string, RowChange>;

/** What the database comes to when the manifests are applied to it: by the rules, and not by the planner's code. */
export function appliedTo(rows: Rows, manifests: Manifests): Rows {
  const after = new Map(rows);
  for (const org of orgs) {
    const { name, members, flag } = manifests[org];
    after.set(`${org} org`, name);
    for (const person of people) {
      const key = `${org} member ${person}`;
      const held = members.get(person);
      const isOwned = after.get(key)?.endsWith(" owned") ?? false;
      // A manifest that names a member says that it is active, unless it says something else.
      if (held) after.set(key, "active owned");
      else if (isOwned) after.delete(key);
      for (const role of roles) {
        if (held?.includes(role)) after.set(`${org} binding ${person} ${role}`, "owned");
        else after.delete(`${org} binding ${person} ${role}`);
      }
    }
    if (flag === null) after.delete(`${org} flag`);
    else after.set(`${org} flag`, String(flag));
  }
  return after;
}

export function deltaOf(before: Rows, after: Rows): Delta {
  const names = new Set([...before.keys(), ...after.keys()]);
  return new Map(
    [...names]
      .map((name) => [name, { before: before.get(name) ?? null, after: after.get(name) ?? null }] as const)
      .filter(([, change]) => change.before !== change.after),
  );
}

export function applyDelta(rows: Rows, delta: Delta): void {
  for (const [name, { after }] of delta) {
    if (after === null) rows.delete(name);
    else rows.set(name, after);
  }
}
