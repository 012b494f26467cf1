import { type CST, Lexer, Parser } from "yaml";
import { nearName } from "../diagnostic/near-name.ts";
import { limits } from "./limits.ts";
import { readYaml } from "./read-yaml.ts";
import { isReadable } from "./yaml-faults.ts";

/** A stretch of a text, in code units. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/**
 * Where a manifest's text may hold a secret instead of a reference to one: behind the fields that are for secrets,
 * behind what looks like one of them misspelt, and behind any other name that says so. Takes any text, also what is
 * no YAML, and finds rather too much than too little.
 */
export function secretSpans(text: string): readonly Stretch[] {
  const spans = evidentSecrets(text);
  if (!mentionsSecrets(text)) return spans;
  for (const document of documentsOf(text)) visit(document.value, { depth: 0, isAmongPeople: false }, spans);
  if (!isReadable(readYaml(text))) addBehindNames(text, spans);
  return spans;
}

/** What gives itself away wherever it stands: a password within a URL, and tokens with a known beginning. */
function evidentSecrets(text: string): Stretch[] {
  return [...text.matchAll(evident)].map(({ index, 0: found, 1: url = "", 2: bearer = "" }) => {
    return { start: index + url.length + bearer.length, end: index + found.length };
  });
}

const evident =
  /(:\/\/[^\s/:@]*:)[^\s/@]+(?=@)|(?<![\w-])(?:fl|ghp|gho|ghs|github_pat|sk_live|sk_test|xoxb|xoxp)[_-]\w{6,}|(\bBearer\s+)\S+/g;

/** What is broken can be read in many ways: all that stands behind the name, and the lines below that belong to it. */
function addBehindNames(text: string, spans: Stretch[]): void {
  for (const { index, 0: found, 1: name = "", 2: behind = "" } of text.matchAll(named)) {
    if (!isSecretName(name) || /^["']?secret:\/\//.test(behind.trim())) continue;
    const colon = index + found.length;
    const start = colon + behind.search(/\S|$/);
    const end = colon + behind.length;
    const lineStart = text.lastIndexOf("\n", index) + 1;
    const indent = text.slice(lineStart).search(/[^\s-]/);
    const below = text.slice(end).match(new RegExp(`^(?:\\s*\\n {${indent + 1},}[^\\n]*)*`))?.[0].length ?? 0;
    const next = behind.trim() === "" ? (text.slice(end).match(/^\s*[^\n]*/)?.[0].length ?? 0) : 0;
    spans.push({ start, end: end + Math.max(below, next) });
  }
}

const named = /([\w-]{5,40})["']?[^\S\n]*:(?=([^\n]*))/g;

/** Whether any name in a text speaks of secrets; most texts are done with after this look. */
function mentionsSecrets(text: string): boolean {
  const seen = new Set<string>();
  // `? secret` on a line of its own is a key as well
  for (const [name] of text.matchAll(/(?<=\?\s+["']?)[\w-]{5,40}|[\w-]{5,40}(?=["']?[^\S\n]*:)/g)) {
    if (seen.has(name)) continue;
    if (isSecretName(name)) return true;
    seen.add(name);
  }
  return false;
}

function* documentsOf(text: string): Generator<CST.Document> {
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) if (token.type === "document") yield token;
    // Whoever nests as deep was told of that alone.
    if (parser.stack.length > 2 * limits.depth) return;
  }
  for (const token of parser.end()) if (token.type === "document") yield token;
}

interface Within {
  readonly depth: number;
  /** Among members, teams and the like the names of workspaces stand, which may be anything. */
  readonly isAmongPeople: boolean;
}

type Token = CST.Token | null | undefined;

function visit(token: Token, within: Within, spans: Stretch[]): void {
  if (!isCollection(token) || within.depth > 2 * limits.depth) return;
  for (const { key, sep = [], value } of token.items) {
    const name = nameOf(key);
    const below = {
      depth: within.depth + 1,
      isAmongPeople: within.isAmongPeople || people.has(name),
    };
    const [field = "", joined] = name.split(/:(.*)/s);
    if (joined !== undefined && isSecretName(field) && key && "source" in key) {
      // `{client_secret:hunter2}` is one key without a value
      const start = key.offset + key.source.indexOf(":") + 1;
      spans.push({ start, end: key.offset + key.source.length });
    } else if (isSecretName(name)) {
      for (const part of [...sep, value]) addSecret(part, !/^credential/i.test(name), spans);
    } else if (!vocabulary.has(name) && !(below.isAmongPeople && places.has(name))) {
      visit(value, below, spans);
    }
  }
}

/** Sections whose names are the vendor's own words: `permissions: { secret: [read] }` holds no secret. */
const vocabulary = new Set(
  "permissions attributes roles features plans flags rate_limits entitlements tests policy guards grants resources".split(
    " ",
  ),
);
const people = new Set(["members", "teams", "invitations", "join"]);
const places = new Set(["workspaces", "environments"]);

const names = ["secret", "client_secret", "credentials", "password"];
const namesSecret =
  /(?:^|[_-])(?:secret|password|passwd|passphrase|token|credentials?|private[_-]?key|api[_-]?key|access[_-]?key)$/i;

function isSecretName(name: string): boolean {
  return name.length > 4 && (namesSecret.test(name) || nearName(name, names) !== undefined);
}

/** All that was written for a secret. Keys below one belong to it, but for those of `credentials`. */
function addSecret(token: Token | CST.SourceToken, withKeys: boolean, spans: Stretch[]): void {
  if (!token || punctuation.has(token.type)) return;
  if (isCollection(token)) {
    for (const { key, sep = [], value } of token.items) {
      if (withKeys || !value) addSecret(key, withKeys, spans);
      for (const part of [...sep, value]) addSecret(part, withKeys, spans);
    }
    return;
  }
  if (token.type === "block-scalar") {
    const header = token.props.at(-1);
    const start = header && "source" in header ? header.offset + header.source.length : token.offset;
    spans.push({ start, end: start + token.source.length });
  } else if ("source" in token) {
    addUnlessReference(token.source, token.offset, spans);
  }
  if ("end" in token) for (const part of token.end ?? []) addSecret(part as CST.SourceToken, withKeys, spans);
}

function addUnlessReference(source: string, start: number, spans: Stretch[]): void {
  const isReference = /^(["']?)secret:\/\/(?:env\/\w+|file\/[^\s"',}]+)\1$/.test(source);
  if (!isReference) spans.push({ start, end: start + source.length });
}

const punctuation = new Set<CST.Token["type"]>([
  "space",
  "newline",
  "comma",
  "map-value-ind",
  "explicit-key-ind",
  "seq-item-ind",
  "flow-map-start",
  "flow-map-end",
  "flow-seq-start",
  "flow-seq-end",
  "flow-error-end",
  "block-scalar-header",
]);

function isCollection(
  token: Token | CST.SourceToken,
): token is CST.BlockMap | CST.BlockSequence | CST.FlowCollection {
  return token?.type === "block-map" || token?.type === "block-seq" || token?.type === "flow-collection";
}

function nameOf(key: Token): string {
  return key && "source" in key ? key.source.replace(/^["']|["']$/g, "") : "";
}
