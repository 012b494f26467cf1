import * as z from "zod";
import type { DiagnosticCode } from "../../diagnostic/codes.ts";
import { parseDuration, parsePercent, parseRate, type Rate } from "../../model/quantity.ts";
import { parseTime } from "../../model/time.ts";
import type { Value } from "../../model/value.ts";

/** What stands in the schema for editors where zod's own description of a type does not say it. */
export type JsonSchema = { readonly [name: string]: Value };

/** The JSON Schema of every type made here, read when the schema files are written. */
export const jsonSchemaOf = new WeakMap<z.core.$ZodType, JsonSchema>();

/** What a typed scalar says of a value that it does not take. */
export interface Fault {
  readonly code: DiagnosticCode;
  readonly detail: string;
}

type Read<T> = (text: string, written: string | number | boolean) => T | Fault;

/**
 * A scalar that is read from its source text by the type that the field has.
 * Anything but a scalar is of the wrong type, whatever `read` would make of it.
 */
function scalar<T extends Value>(expected: string, json: JsonSchema, read: Read<T>) {
  const schema = z.unknown().transform((written, context): T => {
    const fault = (code: DiagnosticCode, detail: string): never => {
      context.addIssue({ code: "custom", message: detail, params: { code } });
      return z.NEVER;
    };
    if (written === undefined) return fault("missing-field", "");
    if (written === null || typeof written === "object") return fault("wrong-type", `Expected ${expected}.`);
    const value = read(String(written), written as string | number | boolean);
    return isFault(value) ? fault(value.code, value.detail) : value;
  });
  jsonSchemaOf.set(schema, json);
  return schema;
}

function isFault(value: Value | Fault): value is Fault {
  return typeof value === "object" && value !== null && "code" in value && "detail" in value;
}

const quoted = (text: string) => (text.length > 60 ? `"${text.slice(0, 57)}…"` : `"${text}"`);

/** Text within a length, counted in code points; a number or a switch is taken as the text that was written. */
export function text(description: string, longest = 10_000, shortest = 1) {
  return scalar<string>(
    "text",
    { description, type: ["string", "number", "boolean"], minLength: shortest, maxLength: longest },
    (value) => {
      const length = [...value].length;
      if (length < shortest) {
        return {
          code: "bad-length",
          detail: `At least ${shortest} characters are needed; this has ${length}.`,
        };
      }
      if (length > longest) {
        return {
          code: "bad-length",
          detail: `At most ${longest} characters are allowed; this has ${length}.`,
        };
      }
      return value;
    },
  );
}

/** Text that a pattern describes; `rule` ends the sentence "… may only be …". */
function patterned(
  expected: string,
  description: string,
  pattern: RegExp,
  code: DiagnosticCode,
  rule: string,
) {
  return scalar<string>(expected, { description, type: "string", pattern: pattern.source }, (value) =>
    pattern.test(value) ? value : { code, detail: `${quoted(value)} ${rule}` },
  );
}

export const slug = (description: string) =>
  patterned(
    "a slug",
    description,
    /^[a-z0-9](?:[a-z0-9-]{1,98})[a-z0-9]$/,
    "bad-slug",
    "is not a slug: 3 to 100 of a-z, 0-9 and -, not at either end.",
  );

/** What roles, flags, features, workspaces and the like are called. */
export const name = (description: string) =>
  patterned(
    "a name",
    description,
    /^[A-Za-z0-9._][A-Za-z0-9._-]{0,99}$/,
    "bad-slug",
    "is not a name: 1 to 100 of A-Z, a-z, 0-9, _, . and -, not beginning with -.",
  );

/** The name of an environment with its workspace: `web/live`. */
export const environmentName = (description: string) =>
  patterned(
    "a workspace and an environment, as web/live",
    description,
    /^[A-Za-z0-9._][A-Za-z0-9._-]*\/[A-Za-z0-9._][A-Za-z0-9._-]*$/,
    "bad-slug",
    "is not of the form workspace/environment, as in web/live.",
  );

/** A known object: its type and its name, `document/spec`. */
export const resourceName = (description: string) =>
  patterned(
    "a resource, as document/spec",
    description,
    /^[A-Za-z0-9._][A-Za-z0-9._-]*\/[^\s/][^\s]{0,199}$/,
    "bad-slug",
    "is not of the form type/name, as in document/spec.",
  );

export const permissionPattern = (description: string) =>
  patterned(
    "a permission, as members:invite",
    description,
    /^(?:\*|[A-Za-z0-9._-]+):(?:\*|[A-Za-z0-9._-]+)$/,
    "unknown-permission",
    "is not a permission: write resource:action, and * for all, as in members:*.",
  );

export const email = (description: string) =>
  patterned("an email address", description, z.regexes.email, "bad-email", "is not an email address.");

/** An email address, or the app's own opaque id of a user. */
export const memberName = (description: string) =>
  scalar<string>("an email address or a user id", { description, type: "string" }, (value) => {
    if (value.includes("@")) {
      return z.regexes.email.test(value)
        ? value
        : { code: "bad-email", detail: `${quoted(value)} is not an email address.` };
    }
    return /^[^\s:#]{1,200}$/.test(value)
      ? value
      : { code: "bad-slug", detail: `${quoted(value)} is neither an email address nor a user id.` };
  });

export const domain = (description: string) =>
  patterned(
    "a domain name",
    description,
    /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/,
    "bad-domain",
    "is not a domain name in lower case, as in acme.example.",
  );

export const url = (description: string) =>
  scalar<string>("a URL", { description, type: "string", format: "uri" }, (value) =>
    /^https?:\/\/[^\s]+$/.test(value) && URL.canParse(value)
      ? value
      : { code: "bad-url", detail: `${quoted(value)} is not a URL that begins with https:// or http://.` },
  );

export const colour = (description: string) =>
  patterned(
    "a colour",
    description,
    /^#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})$/,
    "bad-colour",
    'is not a colour: write "#0b5fff", in quotes.',
  );

/** A day, or a point in time in UTC; canonical text comes out. */
export const time = (description: string) =>
  scalar<string>("a date", { description, type: "string" }, (value) => {
    return (
      parseTime(value) ?? {
        code: "bad-date",
        detail: `${quoted(value)} is not a date: write 2026-12-01 or 2026-12-01T09:00Z.`,
      }
    );
  });

export const toggle = (description: string) =>
  scalar<boolean>("true or false", { description, type: "boolean" }, (value, written) =>
    typeof written === "boolean"
      ? written
      : { code: "wrong-type", detail: `Expected true or false, found ${quoted(value)}.` },
  );

export const integer = (description: string, least = 0, most = 2_147_483_647) =>
  scalar<number>(
    "a whole number",
    { description, type: "integer", minimum: least, maximum: most },
    (value) => {
      const number = /^-?\d{1,3}(?:_\d{3})+$|^-?\d+$/.test(value)
        ? Number(value.replaceAll("_", ""))
        : Number.NaN;
      if (!Number.isSafeInteger(number)) {
        return { code: "wrong-type", detail: `Expected a whole number, found ${quoted(value)}.` };
      }
      if (number < least || number > most) {
        return { code: "out-of-range", detail: `${value} is not between ${least} and ${most}.` };
      }
      return number;
    },
  );

/** A whole number, or `unlimited`, which is null. */
export const limit = (description: string) =>
  scalar<number | null>(
    "a whole number or unlimited",
    { description, type: ["integer", "string"] },
    (value) => {
      if (value === "unlimited") return null;
      const number = /^[\d_]+$/.test(value) ? Number(value.replaceAll("_", "")) : Number.NaN;
      return Number.isSafeInteger(number) && number <= 2_147_483_647
        ? number
        : { code: "bad-quantity", detail: `${quoted(value)} is not a whole number or unlimited.` };
    },
  );

/** A share between 0 and 1. */
export const fraction = (description: string) =>
  scalar<number>("a number from 0 to 1", { description, type: "number", minimum: 0, maximum: 1 }, (value) => {
    const number = /^\d*\.?\d+$/.test(value) ? Number(value) : Number.NaN;
    if (Number.isNaN(number)) {
      return { code: "wrong-type", detail: `Expected a number from 0 to 1, found ${quoted(value)}.` };
    }
    return number <= 1 ? number : { code: "out-of-range", detail: `${value} is not between 0 and 1.` };
  });

/** A percentage, as `25%`; the number before the sign comes out. */
export const percent = (description: string) =>
  scalar<number>(
    "a percentage",
    { description, type: "string", pattern: "^\\d+(\\.\\d{1,3})?%$" },
    (value) => {
      const read = parsePercent(value);
      if (read !== null) return read;
      return /^-?\d+(?:\.\d+)?%$/.test(value)
        ? {
            code: "out-of-range",
            detail: `${value} is not between 0% and 100%, with three decimals at most.`,
          }
        : { code: "bad-quantity", detail: `${quoted(value)} is not a percentage: write 25%.` };
    },
  );

/** How long, as `14 days`; the number of seconds comes out. */
export const duration = (description: string) =>
  scalar<number>("a duration, as 14 days", { description, type: "string" }, (value) => {
    const seconds = parseDuration(value);
    return seconds ?? { code: "bad-quantity", detail: `${quoted(value)} is not a duration: write 14 days.` };
  });

/** How often at most, as `600/minute`. */
export const rate = (description: string) =>
  scalar<Rate>("a rate, as 600/minute", { description, type: "string" }, (value) => {
    const read = parseRate(value);
    return read ?? { code: "bad-quantity", detail: `${quoted(value)} is not a rate: write 600/minute.` };
  });

/** A reference to a secret. What stands there instead is never repeated, not even in an error. */
export const secret = (description: string) =>
  scalar<string>(
    "a reference to a secret",
    { description, type: "string", pattern: "^secret://(env|file)/.+$" },
    (value) =>
      /^secret:\/\/(?:env\/[A-Za-z_][A-Za-z0-9_]*|file\/.+)$/.test(value)
        ? value
        : {
            code: "secret-in-place",
            detail: "Write where it is kept instead: secret://env/NAME or secret://file/path.",
          },
  );

/** One of a closed set of words. */
export function oneOf<const W extends readonly string[]>(description: string, words: W) {
  const schema = scalar<W[number]>(`one of ${words.join(", ")}`, { description, enum: words }, (value) =>
    words.includes(value)
      ? (value as W[number])
      : { code: "not-one-of", detail: `${quoted(value)} is not one of ${words.join(", ")}.` },
  );
  choicesOf.set(schema, words);
  return schema;
}

/** The words of every `oneOf`. */
export const choicesOf = new WeakMap<z.ZodType, readonly string[]>();
