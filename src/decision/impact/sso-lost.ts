import { byCodeUnit } from "../../model/value.ts";
import type { OrgSource } from "../compile-org.ts";
import { completeByKind } from "../complete.ts";
import { decideEntitlement } from "../decide-entitlement.ts";
import { questionOf } from "../question.ts";
import type { OrgSnapshot } from "../snapshot.ts";
import type { SsoLost } from "./impact.ts";
import type { OrgPair } from "./org-pair.ts";

/**
 * Where the feature that is called `sso` is taken away while a connection stands: how many active people have an
 * address of its domains. How else they could sign in no row says. null: nothing of the kind.
 */
export function ssoLost(
  { before, after }: OrgPair,
  { resources, slug }: OrgSource,
  now: number,
): SsoLost | null {
  const has = (org: OrgSnapshot) => decideEntitlement(questionOf({ org, now }), "sso").isEntitled;
  if (!has(before) || has(after)) return null;
  const all = completeByKind(resources);
  const connections = all("sso").filter(({ fields }) => fields.enabled === true);
  const domains = new Set(connections.flatMap(({ fields }) => fields.domains ?? []));
  const people = all("member").filter(({ fields }) => fields.status === "active" && fields.type === "user");
  const connected = people.filter(({ fields: { email } }) => {
    return email !== null && domains.has(email.slice(email.lastIndexOf("@") + 1).toLowerCase());
  });
  return connected.length === 0 ? null : { org: slug, members: connected.length, ofMembers: people.length };
}

export function byOrg(a: { readonly org: string }, b: { readonly org: string }): number {
  return byCodeUnit(a.org, b.org);
}
