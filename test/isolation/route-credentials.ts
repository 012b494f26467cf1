import type { Tenant } from "./route-tenants.ts";

/** What a request shows to say who asks, and who that is. */
export interface Credentials {
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Whose org may be seen with it; `every`: a service's; null: nobody's. */
  readonly sees: Tenant | "every" | null;
}

export interface Held {
  readonly key: string;
  readonly token: string;
}

export interface HeldByAll {
  readonly tenants: Readonly<Record<Tenant, Held & { readonly revoked: Held }>>;
  readonly service: Held;
}

/** Every way to show keys and tokens: one, the same twice, two that differ, those that work no more, and none. */
export function everyCredential({ tenants, service }: HeldByAll): Credentials[] {
  const { zqnorth, zqsouth } = tenants;
  const none: Credentials = { name: "none", headers: {}, sees: null };
  return [
    none,
    ...ofOne("zqnorth", zqnorth, zqsouth),
    ...ofOne("zqsouth", zqsouth, zqnorth),
    { name: "a service's key", headers: bearer(service.key), sees: "every" },
    { name: "a service's token", headers: bearer(service.token), sees: "every" },
  ];
}

function ofOne(tenant: Tenant, held: HeldByAll["tenants"][Tenant], other: Held): Credentials[] {
  const { key, token, revoked } = held;
  const works = (name: string, headers: Credentials["headers"]) => ({ name, headers, sees: tenant });
  const fails = (name: string, headers: Credentials["headers"]) => ({ name, headers, sees: null });
  const named = [
    works("key", bearer(key)),
    works("key as X-API-Key", apiKey(key)),
    works("key twice", { ...bearer(key), ...apiKey(key) }),
    works("token", bearer(token)),
    works("token, other case", { authorization: `BEARER ${token}` }),
    fails("key, and the other's as X-API-Key", { ...bearer(key), ...apiKey(other.key) }),
    fails("token, and the other's key", { ...bearer(token), ...apiKey(other.key) }),
    fails("token, and its own key", { ...bearer(token), ...apiKey(key) }),
    fails("token as X-API-Key", apiKey(token)),
    fails("revoked key", bearer(revoked.key)),
    fails("revoked key's token", bearer(revoked.token)),
    fails("mistyped key", bearer(`${key.slice(0, -1)}${key.endsWith("A") ? "B" : "A"}`)),
    fails("token with the other's signature", bearer(spliced(token, other.token))),
    fails("token with the other's claims", bearer(spliced(other.token, token))),
    fails("another scheme", { authorization: `Basic ${key}` }),
  ];
  return named.map((credentials) => ({ ...credentials, name: `${tenant}'s ${credentials.name}` }));
}

export const bearer = (text: string) => ({ authorization: `Bearer ${text}` });
const apiKey = (text: string) => ({ "x-api-key": text });

/** What one token says, signed as another is. */
function spliced(said: string, signed: string): string {
  return [...said.split(".").slice(0, 2), signed.split(".")[2]].join(".");
}
