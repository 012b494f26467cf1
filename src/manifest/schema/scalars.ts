import * as z from "zod";
import type { DiagnosticCode } from "../../diagnostic/codes.ts";
import { nearName } from "../../diagnostic/near-name.ts";
import { quoted } from "../../diagnostic/quoted.ts";
import { parseTime } from "../../model/time.ts";
import { switchHelp } from "../switch-help.ts";
import { scalar } from "./scalar.ts";

/** Text within a length, counted in code points; a number or a switch is taken as the text that was written. */
export function text(description: string, longest = 10_000, shortest = 1) {
  return scalar<string>(
    "text",
    { description, type: ["string", "number", "boolean"], minLength: shortest, maxLength: longest },
    (value) => {
      const length = [...value].length;
      if (length > longest) {
        return { code: "bad-length", detail: `It has ${length} characters; ${longest} are allowed.` };
      }
      if (length >= shortest) return value;
      const detail =
        length === 0
          ? "It is empty. Write something, or take the key away."
          : `It has ${length} characters; ${shortest} are needed.`;
      return { code: "bad-length", detail };
    },
  );
}

/** A form of text that a pattern describes. */
interface Form {
  /** What is expected where something else than text stands. */
  readonly expected: string;
  readonly pattern: RegExp;
  readonly code: DiagnosticCode;
  /** Ends the sentence that begins with what was written. */
  readonly rule: string;
  /** What was probably meant; suggested where it has the form. */
  readonly meant?: (written: string) => string;
}

function patterned(description: string, { expected, pattern, code, rule, meant }: Form) {
  return scalar<string>(expected, { description, type: "string", pattern: pattern.source }, (value) => {
    if (pattern.test(value)) return value;
    const instead = meant?.(value);
    const help = instead !== undefined && pattern.test(instead) ? ` Did you mean "${instead}"?` : "";
    return { code, detail: `${quoted(value)} ${rule}${help}` };
  });
}

/**
 * A slug that is not taken: addresses and brakes begin with the org's, with `catalog` or with `estate`; and what looks like
 * an id would be one to whoever takes both.
 */
export const orgSlug = (description: string) =>
  patterned(description, {
    expected: "a slug",
    pattern:
      /^(?!(?:catalog|estate|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$)[a-z0-9](?:[a-z0-9-]{1,98})[a-z0-9]$/,
    code: "bad-slug",
    rule: "is not a slug of an org: 3 to 100 characters of a-z, 0-9 and -, with no - at either end; catalog and estate are taken, and a UUID is an id.",
    meant: slugLike,
  });

export const slug = (description: string) =>
  patterned(description, {
    expected: "a slug",
    pattern: /^[a-z0-9](?:[a-z0-9-]{1,98})[a-z0-9]$/,
    code: "bad-slug",
    rule: "is not a slug: 3 to 100 characters of a-z, 0-9 and -, with no - at either end.",
    meant: slugLike,
  });

function slugLike(written: string): string {
  return written
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}

/** What roles, flags, features, workspaces and the like are called. */
export const name = (description: string) =>
  patterned(description, {
    expected: "a name",
    pattern: /^[A-Za-z0-9._][A-Za-z0-9._-]{0,99}$/,
    code: "bad-slug",
    rule: "is not a name: 1 to 100 characters of A-Z, a-z, 0-9, _, . and -, not beginning with -.",
    meant: (written) => written.replace(/[^A-Za-z0-9._]+/g, "-").replace(/^-|-$/g, ""),
  });

/** The number of a plan's version, which is a name. */
export const versionNumber = (description: string) =>
  patterned(description, {
    expected: "a version",
    pattern: /^[1-9]\d{0,8}$/,
    code: "wrong-type",
    rule: "is not a version: a whole number, from 1.",
    meant: (written) => written.replace(/^v/, ""),
  });

/** The name of an environment with its workspace: `web/live`. */
export const environmentName = (description: string) =>
  patterned(description, {
    expected: "a workspace and an environment, as web/live",
    pattern: /^[A-Za-z0-9._][A-Za-z0-9._-]*\/[A-Za-z0-9._][A-Za-z0-9._-]*$/,
    code: "bad-slug",
    rule: "is not of the form workspace/environment, as in web/live.",
  });

/** A known object: its type and its name, `document/spec`. */
export const resourceName = (description: string) =>
  patterned(description, {
    expected: "a resource, as document/spec",
    pattern: /^[A-Za-z0-9._][A-Za-z0-9._-]*\/[^\s/][^\s]{0,199}$/,
    code: "bad-slug",
    rule: "is not of the form type/name, as in document/spec.",
  });

export const permissionPattern = (description: string) =>
  patterned(description, {
    expected: "a permission, as members:invite",
    pattern: /^(?:\*|[A-Za-z0-9._-]+):(?:\*|[A-Za-z0-9._-]+)$/,
    code: "unknown-permission",
    rule: "is not a permission: write resource:action, and * for all, as in members:*.",
  });

export const email = (description: string) =>
  patterned(description, {
    expected: "an email address",
    pattern: z.regexes.email,
    code: "bad-email",
    rule: "is not an email address, as ana@acme.example is.",
  });

/** An email address, or the app's own opaque id of a user. */
export const memberName = (description: string) =>
  scalar<string>("an email address or a user id", { description, type: "string", minLength: 1 }, (value) => {
    if (value.includes("@")) {
      return z.regexes.email.test(value)
        ? value
        : { code: "bad-email", detail: `${quoted(value)} is not an email address, as ana@acme.example is.` };
    }
    return /^[^\s:#]{1,200}$/.test(value)
      ? value
      : { code: "bad-slug", detail: `${quoted(value)} is neither an email address nor a user id.` };
  });

export const domain = (description: string) =>
  patterned(description, {
    expected: "a domain name",
    pattern: /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/,
    code: "bad-domain",
    rule: "is not a domain name in lower case.",
    meant: (written) =>
      written
        .toLowerCase()
        .replace(/^(?:https?:\/\/)?(?:.*@)?/, "")
        .replace(/[/:].*$/, ""),
  });

export const url = (description: string) =>
  scalar<string>("a URL", { description, type: "string", format: "uri" }, (value) => {
    if (!/^https?:\/\/[^\s]+$/.test(value) || !URL.canParse(value)) {
      return {
        code: "bad-url",
        detail: `${quoted(value)} is not a URL that begins with https:// or http://.`,
      };
    }
    const { username, password } = new URL(value);
    return username === "" && password === ""
      ? value
      : {
          code: "secret-in-place",
          detail: "A URL here may hold no user and no password: whoever reads the file would have them.",
        };
  });

export const colour = (description: string) =>
  patterned(description, {
    expected: "a colour",
    pattern: /^#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})$/,
    code: "bad-colour",
    rule: 'is not a colour: write "#0b5fff", in quotes.',
    meant: (written) => `#${written}`,
  });

const timePattern = "^\\d{4}-\\d{2}-\\d{2}([T ]\\d{2}:\\d{2}(:\\d{2})?Z)?$";

/** A day, or a point in time in UTC; canonical text comes out. */
export const time = (description: string) =>
  scalar<string>("a date", { description, type: "string", pattern: timePattern }, (value) => {
    return (
      parseTime(value) ?? {
        code: "bad-date",
        detail: `${quoted(value)} is not a date: ${dateHelp(value)}.`,
      }
    );
  });

function dateHelp(written: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(written)) return "there is no such day";
  return "write 2026-12-01, or 2026-12-01T09:00Z in UTC";
}

export const toggle = (description: string) =>
  scalar<boolean>("true or false", { description, type: "boolean" }, (value, written) =>
    typeof written === "boolean"
      ? written
      : { code: "wrong-type", detail: `Expected true or false, ${switchHelp(value)}` },
  );

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
            detail:
              "Only a reference may stand here: secret://env/NAME or secret://file/path. A secret that was committed has to be changed.",
          },
  );

/** One of a closed set of words. */
export function oneOf<const W extends readonly string[]>(description: string, words: W) {
  return scalar<W[number]>(`one of ${words.join(", ")}`, { description, enum: words }, (value) => {
    if (words.includes(value)) return value as W[number];
    const near = nearName(value, words);
    const help = near === undefined ? "" : ` Did you mean "${near}"?`;
    const allowed = near !== undefined && words.length > 8 ? "the names here" : words.join(", ");
    return { code: "not-one-of", detail: `${quoted(value)} is not one of ${allowed}.${help}` };
  });
}
