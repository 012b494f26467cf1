import type { Random } from "../bench/random.ts";
import type { RouteForm, Schema } from "./route-forms.ts";
import { drawAny, drawValue, type Names } from "./route-values.ts";

export interface AskedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: string | null;
}

type Sent = Readonly<Record<string, string>>;

/** A request to a route, by chance: the same one from the same numbers, but for the names that it is made of. */
export function makeRequest(form: RouteForm, names: Names, credentials: Sent): AskedRequest {
  const { random } = names;
  const path = form.url.replace(/:(\w+)|\*/g, (whole, name) =>
    inUrl(drawValue(["path", name ?? whole], names), random),
  );
  const query = drawQuery(form, names);
  const payload = form.method === "POST" ? drawPayload(form, names) : null;
  return {
    method: random.chance(0.01) ? random.pick(["PUT", "DELETE", "OPTIONS", "PATCH"]) : form.method,
    url: query === "" ? path : `${path}?${query}`,
    headers: {
      ...(payload === null ? null : { "content-type": drawMediaType(random) }),
      ...drawHeaders(form, names),
      ...credentials,
    },
    payload,
  };
}

/** As a path or a query may say it: mostly as it should be encoded. */
function inUrl(text: string, random: Random): string {
  const encoded = encodeURIComponent(text);
  if (random.chance(0.93)) return encoded;
  const bytes = [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`);
  return random.pick([bytes.join(""), encodeURIComponent(encoded), encodeURI(text), encoded.toLowerCase()]);
}

function drawQuery({ query }: RouteForm, names: Names): string {
  const { random } = names;
  const said: string[] = [];
  for (const name of Object.keys(query?.properties ?? {})) {
    if (random.chance(0.4)) continue;
    const value = () => inUrl(drawValue(["query", name], names), random);
    said.push(`${name}=${value()}`);
    if (random.chance(0.04)) said.push(random.pick([`${name}=${value()}`, `${name}[]=${value()}`]));
  }
  if (random.chance(0.04)) {
    const name = random.pick(["org", "org_id", "tenant", "member", "__proto__", "key", "access_token"]);
    said.push(`${name}=${inUrl(drawAny(names.other, random), random)}`);
  }
  return said.join("&");
}

/** What a request may say beside its credentials, and what others might take for somebody's name. */
function drawHeaders({ headers }: RouteForm, names: Names): Sent {
  const { random, other } = names;
  const drawn: Record<string, string> = {};
  for (const name of Object.keys(headers?.properties ?? {}))
    if (random.chance(0.3)) drawn[name] = drawValue(["header", name], names);
  if (random.chance(0.2)) {
    const tags = [
      drawValue(["header", "if-none-match"], names),
      drawValue(["header", "if-none-match"], names),
    ];
    drawn["if-none-match"] = random.pick([tags[0] as string, tags.join(", "), "*"]);
  }
  if (random.chance(0.1)) drawn["last-event-id"] = drawValue(["header", "since"], names);
  if (random.chance(0.05)) drawn["x-request-id"] = drawAny(other, random);
  if (random.chance(0.05)) {
    drawn.traceparent = `00-${"ab".repeat(16)}-${"cd".repeat(8)}-01`;
    drawn.tracestate = `tenant=${drawAny(other, random)}`;
  }
  if (random.chance(0.03)) drawn["tenantry-min-revision"] = random.pick(["0", "1", drawAny(other, random)]);
  if (random.chance(0.1)) {
    const names = [
      "x-org",
      "x-tenant-id",
      "tenantry-org",
      "x-forwarded-host",
      "x-original-url",
      "cookie",
      "host",
    ];
    drawn[random.pick(names as [string, ...string[]])] = drawAny(other, random);
  }
  // Node's own parser would let through nothing else.
  return Object.fromEntries(
    Object.entries(drawn).map(([name, value]) => [name, value.replace(/[^\x20-\x7e]/g, "?")]),
  );
}

function drawMediaType(random: Random): string {
  return random.chance(0.97) ? "application/json" : random.pick(["text/plain", "application/xml", "json"]);
}

function drawPayload({ body }: RouteForm, names: Names): string {
  const { random } = names;
  const text = JSON.stringify(body ? fill(body, ["body"], { names, root: body }) : drawFree(names));
  // What cannot be read is told of, too.
  return random.chance(0.01) ? text.slice(0, -random.between(1, 4)) : text;
}

interface Filling {
  readonly names: Names;
  /** What the whole body is to be. */
  readonly root: Schema;
}

function fill(schema: Schema, place: readonly string[], filling: Filling): unknown {
  const { names } = filling;
  const { random } = names;
  if (place.length > 1 && random.chance(0.01)) return drawWrong(place, names);
  if (schema.properties) return fillObject(schema, place, filling);
  if (schema.type === "array") {
    const items = place.at(-1) === "evaluations" ? filling.root : (schema.items as Schema);
    return repeated(random, () => fill(withoutMany(items), place, filling));
  }
  if (schema.type === "object") return drawFree(names);
  const value = drawValue(place, names);
  return schema.type === "integer" || schema.type === "number" ? Number(value) : value;
}

/** An evaluation of many is as the request that holds it, but holds none itself. */
function withoutMany(schema: Schema): Schema {
  const { evaluations: _, options: __, page: ___, ...properties } = schema.properties ?? {};
  return schema.properties ? { ...schema, properties } : schema;
}

function fillObject(schema: Schema, place: readonly string[], filling: Filling): object {
  const { random } = filling.names;
  const required = new Set((schema.required ?? []) as readonly string[]);
  // Of several of which one is wanted, mostly one.
  const choices = ((schema.oneOf ?? []) as { required: [string] }[]).map((choice) => choice.required[0]);
  const chosen = choices.length > 0 ? random.pick(choices as [string, ...string[]]) : null;
  const filled: [string, unknown][] = [];
  for (const [name, inner] of Object.entries(schema.properties ?? {})) {
    const share = name === chosen || required.has(name) ? 0.99 : choices.includes(name) ? 0.02 : 0.5;
    if (random.chance(share)) filled.push([name, fill(inner, [...place, name], filling)]);
  }
  if (schema.additionalProperties && random.chance(0.3))
    filled.push(...Object.entries(drawFree(filling.names)));
  if (random.chance(0.02)) filled.push(["org", drawAny(filling.names.other, random)]);
  return Object.fromEntries(filled);
}

/** Where text is expected, what is none. */
function drawWrong(place: readonly string[], names: Names): unknown {
  const value = drawValue(place, names);
  return names.random.pick<unknown>([[value], { value }, { $ne: null }, null, true, 7, [], {}, [[value]]]);
}

/** Attributes that conditions ask about, and names that somebody might take for more than attributes. */
const attributes = [
  ...(["note", "title", "department", "ip_country", "mfa", "workspace", "environment"] as const),
  ...(["org", "org_id", "id", "member", "targetingKey", "constructor"] as const),
] as const;

function drawFree(names: Names): Record<string, unknown> {
  const { own, other, random } = names;
  const drawn = repeated(random, () => {
    const name = random.pick(attributes);
    const isPlace = name === "workspace" || name === "environment";
    const value = isPlace
      ? drawValue(["body", name], names)
      : drawAny(random.chance(0.5) ? own : other, random);
    return [name, random.chance(0.95) ? value : drawWrong(["body", "member"], names)] as const;
  });
  return Object.fromEntries(drawn);
}

function repeated<T>(random: Random, make: () => T): T[] {
  return Array.from({ length: random.between(1, 3) }, make);
}
