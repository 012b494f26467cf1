import { Composer, CST, Lexer, type ParsedNode, Parser, type YAMLError } from "yaml";
import { limits } from "./limits.ts";

/** A YAML file as its tree, and what the tree alone does not tell. Offsets are in code units. */
export interface Yaml {
  /** The first document's top node; null where nothing was read. */
  readonly contents: ParsedNode | null;
  readonly errors: readonly YAMLError[];
  /** What YAML has and manifests do not use, where it was written. */
  readonly features: readonly Feature[];
  /** Where a second document begins. */
  readonly second: number | null;
  /** The bracket or quote that nothing closes. */
  readonly unclosed: number | null;
  /** Why and where reading was given up. */
  readonly excess: { readonly limit: "depth" | "entries"; readonly offset: number } | null;
}

export interface Feature {
  /** `colour` is `#0b5fff }`, a comment that swallows the end of its line. */
  readonly kind: "anchor" | "alias" | "tag" | "directive" | "colour";
  readonly start: number;
  readonly end: number;
}

/** `failsafe` gives every scalar as its text; what type it has is for the field that it stands in to say. */
const options = { version: "1.2", schema: "failsafe", strict: true, uniqueKeys: false } as const;

/** A file that uses one feature a thousand times is told so often enough. */
const mostFeatures = 100;

/**
 * Reads YAML within limits: depth is known while parsing and before anything recurses into it,
 * and what follows a second document is not read.
 */
export function readYaml(text: string): Yaml {
  const { stackTraceLimit } = Error;
  const { env } = process;
  // a hostile file brings a million errors, whose stack traces would take minutes and be read by nobody
  Error.stackTraceLimit = 0;
  // the library looks for LOG_TOKENS at every token: that would take a fifth of the time, and print what may be secret
  process.env = {};
  try {
    return compose(text);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    process.env = env;
  }
}

function compose(text: string): Yaml {
  const parser = new Parser();
  const composer = new Composer(options);
  const features: Feature[] = [];
  const documents = [];
  let unclosed: number | null = null;
  let entries = 0;
  let isScalar = false;
  for (const lexeme of new Lexer().lex(text)) {
    const start = parser.offset;
    if (isScalar) isScalar = false;
    else if (lexeme === CST.SCALAR) isScalar = true;
    else if (lexeme === ":" || lexeme === "-" || lexeme === ",") entries++;
    else if (lexeme === CST.FLOW_END) unclosed ??= openIn(parser);
    else {
      const kind = featureOf(lexeme);
      if (kind && features.length < mostFeatures) features.push({ kind, start, end: start + lexeme.length });
    }
    for (const token of parser.next(lexeme)) documents.push(...composer.next(token));
    if (documents.length > 0) break;
    if (parser.stack.length > limits.depth + 1 && depthOf(parser) > limits.depth) return tooDeep(text, start);
    if (entries > limits.entries) return givenUp("entries", start);
  }
  if (documents.length === 0) {
    unclosed ??= openIn(parser);
    for (const token of parser.end()) documents.push(...composer.next(token));
  }
  documents.push(...composer.end(true, text.length));
  const [first, second] = documents;
  return {
    contents: first?.contents ?? null,
    errors: first ? first.errors.concat(first.warnings as never) : [],
    features,
    second: second?.range[0] ?? null,
    unclosed,
    excess: null,
  };
}

function featureOf(lexeme: string): Feature["kind"] | null {
  switch (lexeme[0]) {
    case "&":
      return "anchor";
    case "*":
      return "alias";
    case "!":
      return "tag";
    case "%":
      return "directive";
    case "#":
      return /^#[0-9a-f]{3,8}[ \t]*[,\]}]/i.test(lexeme) ? "colour" : null;
    default:
      return null;
  }
}

function depthOf(parser: Parser): number {
  return parser.stack.filter(({ type }) => collections.has(type)).length;
}

const collections = new Set(["block-map", "block-seq", "flow-collection"]);

/** What stands open where a flow collection breaks off or the text ends. */
function openIn(parser: Parser): number | null {
  const top = parser.stack.at(-1);
  if (top?.type === "double-quoted-scalar" || top?.type === "single-quoted-scalar") {
    const isClosed = top.source.length > 1 && top.source.endsWith(top.source[0] as string);
    if (!isClosed) return top.offset;
  }
  // the parser keeps a collection for what may follow it, also once its bracket has come
  const open = parser.stack.findLast((token) => token.type === "flow-collection" && token.end.length === 0);
  return open && "offset" in open ? open.offset : null;
}

/** Lines that are no YAML can look like depth to the parser: then what is wrong with them is the better answer. */
function tooDeep(text: string, offset: number): Yaml {
  const above = compose(text.slice(0, text.lastIndexOf("\n", offset) + 1));
  const isFaulty = above.excess === null && above.unclosed === null && above.errors.length > 0;
  return isFaulty ? above : givenUp("depth", offset);
}

function givenUp(limit: "depth" | "entries", offset: number): Yaml {
  return {
    contents: null,
    errors: [],
    features: [],
    second: null,
    unclosed: null,
    excess: { limit, offset },
  };
}
