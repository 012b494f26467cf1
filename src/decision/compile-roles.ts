import { type Grant, isPermissionNamed } from "../model/grant.ts";
import type { Value } from "../model/value.ts";
import { attributeOf, type Vocabulary } from "./attribute.ts";
import { compileCondition } from "./condition.ts";
import { noEntries } from "./nothing.ts";
import { decisive } from "./role-set.ts";
import type { Clause, PermissionSnapshot, RoleSnapshot, Verdict } from "./snapshot.ts";

export interface DeclaredRole {
  readonly name: string;
  readonly address: string;
  readonly inherits: readonly string[] | null;
  readonly grants: Value;
  readonly across: string | null;
  readonly at_least: number | null;
}

export interface RoleContext {
  readonly vocabulary: Vocabulary & { readonly permissions: ReadonlyMap<string, PermissionSnapshot> };
  /** The catalog's roles, from which an org's may inherit. */
  readonly inherited: ReadonlyMap<string, RoleSnapshot>;
}

/**
 * Compiles roles that may inherit from one another: every pattern is spread over the permissions that it names.
 * A role has the grants of those that it inherits from, but not their reach across workspaces.
 */
export function compileRoles(
  declared: readonly DeclaredRole[],
  context: RoleContext,
): ReadonlyMap<string, RoleSnapshot> {
  if (declared.length === 0) return noEntries;
  const own = new Map(declared.map((role) => [role.name, role]));
  const clauses = new Map(declared.map((role) => [role.name, ownClauses(role, context)]));
  return new Map(
    declared.map(({ name, address, across, at_least }) => {
      const sources = lineage(name, own).map(
        (each) => clauses.get(each) ?? context.inherited.get(each)?.verdicts ?? [],
      );
      const isAcross = across === "workspaces";
      return [name, { name, address, isAcross, atLeast: at_least ?? 0, verdicts: merged(sources, context) }];
    }),
  );
}

type Verdicts = readonly (Verdict | undefined)[];

function ownClauses({ grants, address }: DeclaredRole, { vocabulary }: RoleContext): Verdicts {
  const verdicts: { allow: Clause[]; deny: Clause[] }[] = [];
  for (const [index, grant] of ((grants ?? []) as readonly Grant[]).entries()) {
    for (const permission of vocabulary.permissions.values()) {
      if (!isPermissionNamed(grant.permission, permission)) continue;
      const test =
        grant.if && compileCondition(grant.if, (name) => attributeOf(vocabulary, name, permission));
      verdicts[permission.index] ??= { allow: [], deny: [] };
      const verdict = verdicts[permission.index] as NonNullable<(typeof verdicts)[number]>;
      verdict[grant.effect].push({ test, condition: grant.if, address: `${address}#grants/${index}` });
    }
  }
  return verdicts;
}

/** The role and all that it inherits from, each once, whatever circles there are. */
function lineage(name: string, own: ReadonlyMap<string, DeclaredRole>): readonly string[] {
  const seen = new Set([name]);
  for (const each of seen) {
    for (const parent of own.get(each)?.inherits ?? []) seen.add(parent);
  }
  return [...seen];
}

function merged(sources: readonly Verdicts[], { vocabulary }: RoleContext): Verdicts {
  return Array.from({ length: vocabulary.permissions.size }, (_, index) => {
    const verdicts = sources.flatMap((source) => source[index] ?? []);
    return verdicts.length === 0
      ? undefined
      : {
          allow: decisive(verdicts.flatMap(({ allow }) => allow)),
          deny: decisive(verdicts.flatMap(({ deny }) => deny)),
        };
  });
}
