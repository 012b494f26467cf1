import type { Privilege } from "./granted.ts";
import type { RelationKind } from "./relations.ts";

/**
 * What a statement's success may come to. `rows`: rows of the relation, as far as its role reads them and they are its
 * org's. `none`: nothing, because it asks for what is another org's. `words`: anything that holds no other org's canary.
 * `refused`: it never succeeds. `write`: it succeeds for who was granted one of the privileges that it needs.
 */
export type Meaning = "rows" | "none" | "words" | "refused" | "write";

/**
 * One way to attack a relation. In the text `:t` stands for the relation, `:c` for one of its columns, `:u` for another
 * tenants' table, `:own` and `:other` for ids of orgs, `:hint` for a pattern of the other org's canaries.
 */
export interface HostileForm {
  readonly verb: string;
  readonly means: Meaning;
  readonly sql: string;
  readonly on: readonly RelationKind[];
  readonly needs: readonly Privilege[];
  /** States that it may fail with besides `insufficient_privilege`, whatever there is to see. */
  readonly fails: readonly string[];
  /** How the states begin that only rows which the role may see can make it fail with. */
  readonly showsBy: readonly string[];
}

type Details = Partial<Pick<HostileForm, "on" | "needs" | "fails" | "showsBy">>;

export function form(verb: string, means: Meaning, sql: string, details: Details = {}): HostileForm {
  return { verb, means, sql, on: ["table", "view"], needs: [], fails: [], showsBy: [], ...details };
}

/** Whether the form can be aimed at it: some ask for an org, and not every relation has one. */
export function suits({ sql, on }: HostileForm, relation: { kind: RelationKind; hasOrg: boolean }): boolean {
  return on.includes(relation.kind) && (relation.hasOrg || !/\borg_id\b|:other|:own/.test(sql));
}

/** The statement, aimed. A cast's `::` is no name. */
export function aimed(sql: string, names: { readonly [name: string]: string }): string {
  return sql.replace(/(?<!:):([a-z_]+)/g, (whole, name: string) => names[name] ?? whole);
}
