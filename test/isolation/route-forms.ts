import type { RouteOptions } from "fastify";
import { poolOf } from "./route-values.ts";

export type Schema = Readonly<Record<string, unknown>> & {
  readonly properties?: Readonly<Record<string, Schema>>;
};

/** A route and all that a request to it can say. */
export interface RouteForm {
  /** `GET /v1/orgs/:org/config`. */
  readonly name: string;
  readonly method: string;
  readonly url: string;
  /** Of the path; `*` is the rest of it. */
  readonly params: readonly string[];
  readonly query: Schema | null;
  readonly headers: Schema | null;
  readonly body: Schema | null;
}

/** Routes that take nothing, neither in their path nor otherwise. A new one has to be looked at before it is named here. */
export const asksNothing: ReadonlySet<string> = new Set([
  ...["/livez", "/readyz", "/metrics", "/openapi.json", "/.well-known/jwks.json"],
  ...["/v1/token", "/.well-known/authzen-configuration"],
]);

/** The server's own table of routes, each method for itself; and what no requests can be made for, by name. */
export function readRouteForms(routes: readonly RouteOptions[]): {
  readonly forms: readonly RouteForm[];
  readonly faults: readonly string[];
} {
  const forms = routes.flatMap((route) => [route.method].flat().map((method) => formOf(route, method)));
  return { forms, faults: forms.flatMap(faultsOf) };
}

function formOf({ url, schema }: RouteOptions, method: string): RouteForm {
  const { querystring = null, headers = null, body = null } = (schema ?? {}) as Record<string, Schema>;
  const params = [...url.matchAll(/:(\w+)|\*/g)].map(([whole, name]) => name ?? whole);
  return { name: `${method} ${url}`, method, url, params, query: querystring, headers, body };
}

function faultsOf(form: RouteForm): string[] {
  const { name, url, params, query, headers, body } = form;
  const places = [
    ...params.map((param) => ["path", param]),
    ...pathsIn(query).map((path) => ["query", ...path]),
    ...pathsIn(headers).map((path) => ["header", ...path]),
    ...pathsIn(body).map((path) => ["body", ...path]),
  ];
  const isBare = params.length === 0 && !query && !headers && !body;
  if (isBare && !asksNothing.has(url)) return [`${name}: nothing says what it may be asked`];
  return places
    .filter((place) => poolOf(place) === null)
    .map((place) => `${name}: nobody knows what ${place.join(".")} may be filled with`);
}

/** Where in a body, by names, something can be said that is not made of other things. */
function pathsIn(schema: Schema | null, path: readonly string[] = []): (readonly string[])[] {
  if (!schema) return [];
  const { properties, items } = schema as { properties?: Schema["properties"]; items?: Schema };
  if (properties)
    return Object.entries(properties).flatMap(([name, inner]) => pathsIn(inner, [...path, name]));
  if (items && Object.keys(items).length > 0) return pathsIn(items, path);
  return [path];
}
