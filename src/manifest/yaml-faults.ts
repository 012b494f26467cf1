import type { ErrorCode, YAMLError } from "yaml";
import { type Diagnostic, diagnostic } from "../diagnostic/diagnostic.ts";
import { quoted } from "../diagnostic/quoted.ts";
import type { SourceFile, Span } from "../diagnostic/span.ts";
import { limits } from "./limits.ts";
import type { Feature, Yaml } from "./read-yaml.ts";

/** One slip in YAML can bring many errors after it: the first few are the ones to read. */
const mostErrors = 5;

/** What is wrong with a file as YAML, whatever it says. */
export function yamlFaults(file: SourceFile, yaml: Yaml): Diagnostic[] {
  const span = (start: number, end: number): Span => ({ file, start, end: Math.min(end, file.text.length) });
  if (yaml.excess)
    return [
      diagnostic(
        "too-large",
        span(yaml.excess.offset, yaml.excess.offset + 1),
        excessHelp[yaml.excess.limit],
      ),
    ];
  const faults: Diagnostic[] = [];
  const colours = yaml.features.filter(({ kind }) => kind === "colour");
  for (const { kind, start, end } of yaml.features) {
    const text = file.text.slice(start, end);
    if (kind !== "colour") faults.push(diagnostic("yaml-feature", span(start, end), featureHelp[kind](text)));
  }
  if (yaml.second !== null) {
    const detail =
      "A file is one manifest. Move what follows this line into a file of its own, or take the line away.";
    faults.push(diagnostic("several-documents", span(yaml.second, yaml.second + 3), detail));
  }
  const errors = ownErrors(yaml);
  if (colours.length > 0 && (errors.length > 0 || yaml.unclosed !== null)) {
    // the comment took the closing bracket with it, so that every error comes from there
    for (const { start, end } of colours) {
      const [colour = ""] = file.text.slice(start, end).match(/^#\w+/) ?? [];
      faults.push(diagnostic("quote-this", span(start, start + colour.length), colourHelp(colour)));
    }
    return faults;
  }
  const block = errors.find(({ code }) => code === "BLOCK_IN_FLOW");
  const unclosed = yaml.unclosed ?? (block ? openBefore(file.text, block.pos[0]) : null);
  if (unclosed !== null) {
    const detail = `Nothing closes this ${file.text[unclosed]}. Everything after it is read as a part of it.`;
    faults.push(diagnostic("not-yaml", span(unclosed, unclosed + 1), detail));
  }
  const places = new Set<number>();
  for (const { code, message, pos } of [...errors].sort((a, b) => a.pos[0] - b.pos[0])) {
    if (places.size === mostErrors || pos[0] >= (unclosed ?? Number.POSITIVE_INFINITY)) break;
    if (places.has(pos[0])) continue;
    places.add(pos[0]);
    faults.push(diagnostic("not-yaml", span(pos[0], pos[1]), `${sentence(message)}${errorHelp[code] ?? ""}`));
  }
  return faults;
}

/** The bracket within which an offset stands; what stands in quotes and comments is not told apart. */
function openBefore(text: string, offset: number): number | null {
  let closed = 0;
  for (let at = offset - 1; at >= 0; at--) {
    if (text[at] === "]" || text[at] === "}") closed++;
    else if ((text[at] === "[" || text[at] === "{") && closed-- === 0) return at;
  }
  return null;
}

/** Whether the file's tree can be trusted to say what its author wrote. */
export function isReadable(yaml: Yaml): boolean {
  return yaml.excess === null && yaml.unclosed === null && ownErrors(yaml).length === 0;
}

/** An unquoted colour is a comment to YAML. */
export function colourHelp(colour: string): string {
  return `YAML takes ${colour} for a comment, and the key has no value. Put it in quotes: "${colour}".`;
}

const excessHelp = {
  depth: `Nested more than ${limits.depth} levels deep. No manifest needs as many.`,
  entries: `More than ${limits.entries.toLocaleString("en")} entries in one file. Split it into several.`,
};

const featureHelp: { readonly [K in Exclude<Feature["kind"], "colour">]: (text: string) => string } = {
  anchor: (text) =>
    `${quoted(text)} is an anchor. Write the value out, or share it through a template; if it is text, put it in quotes.`,
  alias: (text) =>
    `${quoted(text)} is an alias. Write the value out, or share it through a template; if it is text, put it in quotes.`,
  tag: (text) =>
    `${quoted(text)} is a tag. Leave it out: the field says which type a value has. If it is text, put it in quotes.`,
  directive: (text) => `${quoted(text)} is a directive. Take the line away: manifests are YAML 1.2.`,
};

const featureErrors = new Set<ErrorCode>([
  "ALIAS_PROPS",
  "BAD_ALIAS",
  "BAD_COLLECTION_TYPE",
  "BAD_DIRECTIVE",
  "BAD_PROP_ORDER",
  "MULTIPLE_ANCHORS",
  "MULTIPLE_TAGS",
  "TAG_RESOLVE_FAILED",
]);

/** The errors less those that only follow from a feature, which is reported itself. */
function ownErrors({ errors, features }: Yaml): readonly YAMLError[] {
  if (errors.length === 0 || features.length === 0) return errors;
  const hasDirective = features.some(({ kind }) => kind === "directive");
  return errors.filter(({ code }) => !featureErrors.has(code) && !(hasDirective && code === "MISSING_CHAR"));
}

const errorHelp: { readonly [C in ErrorCode]?: string } = {
  BAD_DQ_ESCAPE: " In double quotes a backslash begins an escape; write \\\\ or use single quotes.",
  BAD_INDENT: " Entries of one map begin in the same column.",
  BAD_SCALAR_START: " Put the text in quotes.",
  BLOCK_AS_IMPLICIT_KEY: ' Text with ": " in it has to stand in quotes.',
  MULTILINE_IMPLICIT_KEY: " A key is followed by a colon and a space on the same line.",
  MISSING_CHAR: " Look for a missing colon, space, comma, quote or bracket.",
  TAB_AS_INDENT: " Indent with spaces.",
};

function sentence(message: string): string {
  const text = message.replace(/[.:\s]+$/, "");
  return `${text[0]?.toUpperCase() ?? ""}${text.slice(1, 200)}.`;
}
