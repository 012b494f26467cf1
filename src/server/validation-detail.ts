import type { FastifyError } from "fastify";
import { nearName } from "../diagnostic/near-name.ts";
import { printable } from "../diagnostic/printable.ts";
import { quoted } from "../diagnostic/quoted.ts";
import type { ProblemDetail } from "./problem.ts";

/** What ajv says of something that does not fit, with `verbose`. */
type Finding = NonNullable<FastifyError["validation"]>[number] & {
  readonly schema?: unknown;
  readonly parentSchema?: { readonly properties?: object };
  readonly data?: unknown;
};

/** Says where a request does not fit its schema, and what would: in words to be read aloud. */
export function validationDetail({ validation, validationContext }: FastifyError): ProblemDetail {
  // What several branches say of it comes before the one finding that sums them up.
  const found = (validation?.find(({ keyword }) => keyword === "oneOf") ?? validation?.[0]) as
    | Finding
    | undefined;
  if (!found) return {};
  const at = found.instancePath + (memberOf(found) === null ? "" : `/${escaped(memberOf(found) as string)}`);
  const words = sentences[found.keyword]?.(found) ?? `It ${found.message ?? "does not fit"}.`;
  if (validationContext === "body")
    return { detail: at === "" ? `The body: ${words}` : `At ${printable(at)}: ${words}`, at };
  const parameter = unescaped(at.slice(1));
  return {
    detail:
      parameter === ""
        ? words
        : `${placeNames[validationContext ?? ""] ?? "Parameter"} ${show(parameter)}: ${words}`,
  };
}

const placeNames: { readonly [context: string]: string } = {
  querystring: "Query parameter",
  params: "Path parameter",
  headers: "Header",
};

/** The name that is too many; what is missing is told of at the object that lacks it. */
function memberOf({ keyword, params }: Finding): string | null {
  return keyword === "additionalProperties" ? String(params.additionalProperty) : null;
}

const sentences: { readonly [keyword: string]: ((found: Finding) => string) | undefined } = {
  type: ({ params }) => `It has to be ${typeNames[String(params.type)] ?? params.type}.`,
  required: ({ params }) => `${show(String(params.missingProperty))} is missing.`,
  dependencies: ({ params }) =>
    `${show(String(params.property))} wants ${show(String(params.missingProperty))} beside it.`,
  additionalProperties: ({ params, parentSchema }) =>
    unknownName(String(params.additionalProperty), Object.keys(parentSchema?.properties ?? {})),
  oneOf: notExactlyOne,
  enum: ({ params }) => `It has to be ${oneOf((params.allowedValues as unknown[]).map(shown))}.`,
  const: ({ params }) => `It has to be ${shown(params.allowedValue)}.`,
  minItems: ({ params }) => `It needs ${entries(Number(params.limit))} at least.`,
  maxItems: ({ params, data }) => {
    const there = Array.isArray(data) ? `, and has ${count(data.length)}` : "";
    return `It may have ${entries(Number(params.limit))} at most${there}.`;
  },
  minLength: ({ params }) => `It needs ${count(Number(params.limit))} or more characters.`,
  maxLength: ({ params }) => `It may have ${count(Number(params.limit))} characters at most.`,
};

function unknownName(written: string, names: readonly string[]): string {
  const meant = nearName(written, names);
  const words = `There is no ${show(written)} here.`;
  if (meant !== undefined) return `${words} Did you mean ${show(meant)}?`;
  return names.length > 0
    ? `${words} There ${names.length === 1 ? "is" : "are"} ${listed(names.map(show))}.`
    : words;
}

/** Alternatives that are told apart by the one name that each requires. */
function notExactlyOne({ schema, parentSchema, data }: Finding): string {
  const names = Array.isArray(schema)
    ? schema.flatMap(({ required }: { readonly required?: readonly string[] }) => required ?? [])
    : [];
  if (typeof data !== "object" || data === null || names.length === 0) {
    return "It has to be exactly one of the alternatives.";
  }
  const said = names.filter((name) => Object.hasOwn(data, name));
  const known = parentSchema?.properties ?? {};
  const unknown = Object.keys(data).find((name) => !Object.hasOwn(known, name));
  if (said.length === 0 && unknown !== undefined) {
    return unknownName(unknown, nearName(unknown, names) === undefined ? Object.keys(known) : names);
  }
  const words = `It has to say exactly one of ${listed(names.map(show))}`;
  return `${words}, and says ${said.length === 0 ? "none of them" : listed(said.map(show))}.`;
}

const typeNames: { readonly [type: string]: string } = {
  string: "text",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  null: "null",
};

const show = (name: string) => quoted(printable(name));
const shown = (value: unknown) => (typeof value === "string" ? show(value) : JSON.stringify(value));
const count = (number: number) => number.toLocaleString("en");
const entries = (number: number) => `${count(number)} ${number === 1 ? "entry" : "entries"}`;
const oneOf = (words: readonly string[]) => (words.length === 1 ? words[0] : `one of ${listed(words, "or")}`);

function listed(words: readonly string[], last: "and" | "or" = "and"): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(", ")} ${last} ${words.at(-1)}`;
}

/** A name as a JSON pointer holds it. */
const escaped = (name: string) => name.replaceAll("~", "~0").replaceAll("/", "~1");
const unescaped = (part: string) => part.replaceAll("~1", "/").replaceAll("~0", "~");
