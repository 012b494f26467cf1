import { createPublicKey, generateKeyPairSync, type JsonWebKey, sign } from "node:crypto";
import { createLocalJWKSet, jwtVerify } from "jose";
import { expect, test } from "vitest";
import { eachEngine } from "../../engines.ts";
import { get, post } from "../answers.ts";
import { type Forge, forgeOf, signed, textOf, withHmac } from "./forge-token.ts";
import { bearer, type KeyedEstate, keyedEstate } from "./keyed-estate.ts";

const pem = ({ publicJwk }: Forge) =>
  createPublicKey({ key: publicJwk as JsonWebKey, format: "jwk" }).export({ format: "pem", type: "spki" });

const withClaims = (changed: object) => (forge: Forge) =>
  signed(forge.header, { ...forge.claims, ...changed }, forge.ours);
const withHeader = (changed: object) => (forge: Forge) =>
  signed({ ...forge.header, ...changed }, forge.claims, forge.ours);
/** Signed by another's key, which the header itself offers. */
const offering = (name: string, value: (jwk: object) => unknown, kid?: unknown) => (forge: Forge) => {
  const jwk = createPublicKey(forge.another).export({ format: "jwk" });
  return signed(
    { ...forge.header, [name]: value(jwk), ...(kid ? { kid } : {}) },
    forge.claims,
    forge.another,
  );
};
const ahead = (forge: Forge, seconds: number) => (forge.claims.iat as number) + seconds;

const wrong: { readonly [name: string]: (forge: Forge, token: string) => string } = {
  "alg none": (forge) => `${textOf({ ...forge.header, alg: "none" }, forge.claims)}.`,
  "alg none, signed all the same": withHeader({ alg: "none" }),
  "alg NONE": (forge) => `${textOf({ ...forge.header, alg: "NONE" }, forge.claims)}.x`,
  "HS256 with the public key": (forge) =>
    withHmac({ ...forge.header, alg: "HS256" }, forge.claims, pem(forge)),
  "HS256 with the public key's bytes": (forge) =>
    withHmac(
      { ...forge.header, alg: "HS256" },
      forge.claims,
      Buffer.from(forge.publicJwk.x as string, "base64url"),
    ),
  "HS256 with the public key as JSON": (forge) =>
    withHmac({ ...forge.header, alg: "HS256" }, forge.claims, JSON.stringify(forge.publicJwk)),
  "HS256 with nothing": (forge) => withHmac({ ...forge.header, alg: "HS256" }, forge.claims, ""),
  "ES256 with a key of its own": (forge) => {
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const text = textOf({ ...forge.header, alg: "ES256" }, forge.claims);
    const signature = sign("sha256", Buffer.from(text), { key: privateKey, dsaEncoding: "ieee-p1363" });
    return `${text}.${signature.toString("base64url")}`;
  },
  "another algorithm's name": withHeader({ alg: "RS256" }),
  "no algorithm": withHeader({ alg: undefined }),
  "no exp": withClaims({ exp: undefined }),
  "exp as text": (forge) => withClaims({ exp: String(forge.claims.exp) })(forge),
  "past exp": (forge) => withClaims({ iat: ahead(forge, -601), exp: ahead(forge, -1) })(forge),
  "exp now": (forge) => withClaims({ iat: ahead(forge, -600), exp: ahead(forge, 0) })(forge),
  "far exp": (forge) => withClaims({ exp: ahead(forge, 601) })(forge),
  "endless exp": withClaims({ exp: Number.MAX_SAFE_INTEGER }),
  "no iat": withClaims({ iat: undefined }),
  "iat as text": (forge) => withClaims({ iat: String(forge.claims.iat) })(forge),
  "future iat": (forge) => withClaims({ iat: ahead(forge, 30), exp: ahead(forge, 600) })(forge),
  "future nbf": (forge) => withClaims({ nbf: ahead(forge, 30) })(forge),
  "no aud": withClaims({ aud: undefined }),
  "another's aud": withClaims({ aud: "another" }),
  "no iss": withClaims({ iss: undefined }),
  "another's iss": withClaims({ iss: "http://localhost:4601" }),
  "an iss that begins alike": withClaims({ iss: "http://localhost:46000" }),
  "no jti": withClaims({ jti: undefined }),
  "no sub": withClaims({ sub: undefined }),
  "no typ": withHeader({ typ: undefined }),
  "another typ": withHeader({ typ: "JWT" }),
  "no kid": withHeader({ kid: undefined }),
  "an unknown kid": withHeader({ kid: "another" }),
  "a kid that is a path": withHeader({ kid: "../../../../dev/null" }),
  "a kid that is SQL": withHeader({ kid: "' or true --" }),
  "a kid that is a list": (forge) => withHeader({ kid: [forge.header.kid] })(forge),
  "a key in its header": offering("jwk", (jwk) => jwk),
  "a key in its header, of its own name": offering("jwk", (jwk) => jwk, "own"),
  "an address of keys": offering("jku", () => "https://evil.example/jwks.json"),
  "an address of a certificate": offering("x5u", () => "https://evil.example/cert.pem"),
  "a certificate": offering("x5c", () => ["MIIB"]),
  "a key in its header that is ours": (forge) => withHeader({ jwk: forge.publicJwk })(forge),
  "an unknown crit": withHeader({ crit: ["exp2"], exp2: 1 }),
  "an empty crit": withHeader({ crit: [] }),
  "an unencoded payload": withHeader({ crit: ["b64"], b64: false }),
  "a zero signature": (forge) => `${textOf(forge.header, forge.claims)}.${"A".repeat(86)}`,
  "no signature": (forge) => `${textOf(forge.header, forge.claims)}.`,
  "two parts": (forge) => textOf(forge.header, forge.claims),
  "half of a signature": (_, token) => token.slice(0, -43),
  "another's signature": (forge) => signed(forge.header, forge.claims, forge.another),
  "another payload under its signature": (forge, token) =>
    `${textOf(forge.header, { ...forge.claims, scope: "*:*" })}.${token.split(".")[2]}`,
  "another org under our signature": (forge) =>
    signed(forge.header, { ...forge.claims, org: "00000000-0000-0000-0000-000000000001" }, forge.ours),
  "no org under our signature": withClaims({ org: undefined }),
  "a key's id that never was": withClaims({ sub: "00000000-0000-0000-0000-000000000001" }),
  "a sub that is no id": withClaims({ sub: "app" }),
  "an org that is no id": withClaims({ org: "hooli" }),
  "a list of it": (_, token) => `${token},${token}`,
  "an encrypted one": (_, token) => `${token}.x.x`,
};

eachEngine("a token", (open) => {
  test("is given for a key, and says what RFC 9068 has it say; with the published keys anybody verifies it", async () => {
    const served = await keyedEstate(await open());
    const { hooli, edge } = served.keys;
    const issued = await post(served, "/v1/token", {}, bearer(hooli));
    expect(issued).toMatchObject({
      status: 200,
      headers: { "cache-control": "no-store" },
      body: { token_type: "Bearer", expires_in: 600, scope: "org:read members:*" },
    });
    const jwks = await get(served, "/.well-known/jwks.json");
    expect(jwks.headers["cache-control"]).toBe("public, max-age=300");
    expect(jwks.text).not.toContain('"d"');
    const { payload, protectedHeader } = await jwtVerify(
      issued.body.access_token,
      createLocalJWKSet(jwks.body),
      { issuer: "http://localhost:4600", audience: "tenantry", currentDate: new Date(served.clock.now) },
    );
    expect(protectedHeader).toEqual({ alg: "EdDSA", typ: "at+jwt", kid: jwks.body.keys[0].kid });
    const now = served.clock.now / 1_000;
    expect(payload).toEqual({
      iss: "http://localhost:4600",
      aud: "tenantry",
      sub: hooli.id,
      jti: expect.any(String),
      iat: now,
      exp: now + 600,
      org: expect.stringMatching(/^[0-9a-f-]{36}$/),
      org_slug: "hooli",
      scope: "org:read members:*",
    });
    const ofService = await post(served, "/v1/token", {}, { "x-api-key": edge.text });
    const claims = JSON.parse(Buffer.from(ofService.body.access_token.split(".")[1], "base64url").toString());
    expect(claims).toMatchObject({ sub: edge.id, scope: "*:*" });
    expect(claims).not.toHaveProperty("org");
  });

  test("is as good as its key, for ten minutes, and for no other org", async () => {
    const served = await keyedEstate(await open());
    const token = await tokenFor(served);
    expect((await get(served, "/v1/key", bearer(token))).body).toMatchObject({ org: "hooli", name: "app" });
    expect((await get(served, "/v1/config", bearer(token))).body).toMatchObject({ org: "hooli" });
    expect((await get(served, "/v1/orgs/umbra/config", bearer(token))).status).toBe(404);
    // What is remembered ends with it, too.
    served.clock.now += 590_000;
    expect((await get(served, "/v1/key", bearer(token))).status).toBe(200);
    served.clock.now += 10_000;
    expect((await get(served, "/v1/key", bearer(token))).status).toBe(401);
  });

  test("makes no other token, and is no API key", async () => {
    const served = await keyedEstate(await open());
    const token = await tokenFor(served);
    for (const remembered of [false, true]) {
      expect((await post(served, "/v1/token", {}, bearer(token))).status, String(remembered)).toBe(401);
      expect((await get(served, "/v1/key", { "x-api-key": token.text })).status).toBe(401);
      expect((await get(served, "/v1/key", bearer(token))).status).toBe(200);
    }
    expect((await post(served, "/v1/token", {})).status).toBe(401);
    expect((await post(served, "/v1/token", {}, { "x-api-key": "x", ...bearer(token) })).status).toBe(400);
  });

  test("that is wrong in any way is refused", async () => {
    const database = await open();
    const served = await keyedEstate(database);
    const token = await tokenFor(served);
    const forge = await forgeOf(database, token.text);
    const statusOf = async (text: string) => (await get(served, "/v1/key", bearer({ text }))).status;
    expect(await statusOf(signed(forge.header, forge.claims, forge.ours))).toBe(200);
    // Whatever stands in one, that it was refused can be written down.
    expect(await statusOf(withClaims({ org: "hooli" })(forge))).toBe(401);
    const written = async () =>
      (await database.pool.query("select from tenantry.access_event where event = 'refused'")).rowCount;
    await expect.poll(written, { timeout: 5_000 }).toBe(1);
    for (const [name, make] of Object.entries(wrong)) {
      expect.soft(await statusOf(make(forge, token.text)), name).toBe(401);
    }
  });

  test("of a signing key that has retired is refused, and of the one before it is good until then", async () => {
    const database = await open();
    const served = await keyedEstate(database);
    const before = await tokenFor(served);
    const forge = await forgeOf(database, before.text);
    // As it is after thirty days: the next look finds it due.
    await database.pool.query("update tenantry.signing_key set created_at = created_at - interval '30 days'");
    const kids = async () =>
      (await get(served, "/.well-known/jwks.json")).body.keys.map(({ kid }: { kid: string }) => kid);
    await expect.poll(kids, { timeout: 5_000 }).toHaveLength(2);
    expect(kidOf(await tokenFor(served))).toBe(forge.header.kid);
    expect((await get(served, "/v1/key", bearer(before))).status).toBe(200);
    served.clock.now += 601_000;
    const after = await tokenFor(served);
    expect(kidOf(after)).not.toBe(forge.header.kid);
    const late = (at: number) =>
      bearer({
        text: signed(forge.header, { ...forge.claims, iat: at, exp: at + 600 }, forge.ours),
      });
    const seconds = () => Math.floor(served.clock.now / 1_000);
    expect((await get(served, "/v1/key", late(seconds()))).status).toBe(200);
    served.clock.now += 11 * 60_000;
    expect((await get(served, "/v1/key", late(seconds()))).status).toBe(401);
    expect(await kids()).toEqual([kidOf(after)]);
  });
});

async function tokenFor(served: KeyedEstate): Promise<{ readonly text: string }> {
  const { body } = await post(served, "/v1/token", {}, bearer(served.keys.hooli));
  return { text: body.access_token };
}

function kidOf({ text }: { readonly text: string }): string {
  return JSON.parse(Buffer.from(text.split(".")[0] as string, "base64url").toString()).kid;
}
