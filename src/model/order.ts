import type { Kind } from "./kinds.ts";
import { byCodeUnit } from "./value.ts";

/**
 * The levels of dependency. A kind refers only to kinds of lower levels (and a team to teams):
 *
 *   0  catalog  attribute  permission  catalog_role  feature  catalog_rate_limit  product  flag  template
 *   1  plan                                   org
 *   2  plan_version                           workspace  role  member  team  sso  and what only an org holds
 *   3                                         environment  team_member  join_rule
 *   4                                         resource  subscription  entitlement  rate_limit  flag_override
 *   5                                         binding
 *
 * Creates and updates go down the table, deletes up.
 */
const level = {
  catalog: 0,
  attribute: 0,
  permission: 0,
  catalog_role: 0,
  feature: 0,
  catalog_rate_limit: 0,
  product: 0,
  flag: 0,
  template: 0,
  plan: 1,
  org: 1,
  plan_version: 2,
  workspace: 2,
  role: 2,
  member: 2,
  team: 2,
  sso: 2,
  security: 2,
  trace: 2,
  branding: 2,
  banner: 2,
  invitation: 2,
  api_key: 2,
  webhook: 2,
  notification: 2,
  environment: 3,
  team_member: 3,
  join_rule: 3,
  resource: 4,
  subscription: 4,
  entitlement: 4,
  rate_limit: 4,
  flag_override: 4,
  binding: 5,
} as const satisfies Record<Kind, number>;

/** Every kind, parents before children. */
export const kindsInOrder: readonly Kind[] = (Object.keys(level) as Kind[]).sort(
  (a, b) => level[a] - level[b] || byCodeUnit(a, b),
);
