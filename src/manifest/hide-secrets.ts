import { concealed } from "../diagnostic/code-frame.ts";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import type { SourceFile, Span } from "../diagnostic/span.ts";
import { type Stretch, secretSpans } from "./secret-spans.ts";

/**
 * Diagnostics as they may be shown: a secret that stands in a manifest is in none of their texts,
 * and not in the lines that are shown around their places.
 */
export function hideSecrets(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const hidden = new Map<SourceFile, Hidden>();
  const hiddenIn = (file: SourceFile): Hidden => {
    const known = hidden.get(file) ?? hide(file);
    hidden.set(file, known);
    return known;
  };
  const spanOf = (at: Span | null) => at && { ...at, file: hiddenIn(at.file).file };
  return diagnostics.map((diagnostic) => {
    const places = [diagnostic.at, ...diagnostic.notes.map(({ at }) => at)];
    const secrets = places.flatMap((at) => (at ? hiddenIn(at.file).secrets : []));
    const clean = (text: string) => secrets.reduce(without, text);
    return {
      ...diagnostic,
      at: spanOf(diagnostic.at),
      detail: clean(diagnostic.detail),
      notes: diagnostic.notes.map(({ message, at }) => ({ message: clean(message), at: spanOf(at) })),
    };
  });
}

interface Hidden {
  /** The same file with secrets blotted out, every place where it was. */
  readonly file: SourceFile;
  readonly secrets: readonly string[];
}

function hide(file: SourceFile): Hidden {
  const spans = secretSpans(file.text);
  if (spans.length === 0) return { file, secrets: [] };
  const parts: string[] = [];
  let end = 0;
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    if (span.end <= end) continue;
    const start = Math.max(span.start, end);
    parts.push(file.text.slice(end, start), file.text.slice(start, span.end).replace(/[^\r\n]/g, concealed));
    end = span.end;
  }
  const secrets = [...new Set(spans.flatMap((span) => secretsIn(file.text, span)))];
  const text = secrets.reduce(blotOut, parts.join("") + file.text.slice(end));
  return { file: { path: file.path, text }, secrets };
}

/** A secret as messages may quote it: as it is written, without its quotes, and line by line. */
function secretsIn(text: string, { start, end }: Stretch): string[] {
  const written = text.slice(start, end).trim();
  const bare = written.replace(/^["'*&!#]|["']$/g, "");
  return [written, bare, ...bare.split(/\s*\n\s*/)].filter((secret) => secret.length >= shortest);
}

/** Shorter than that is no secret, and is in every second word. */
const shortest = 4;
/** From so many characters on it is blotted out also where it stands a second time. */
const telling = 6;
/** Messages cut long quotations: so much of a secret is enough to know it by. */
const head = 12;

function blotOut(text: string, secret: string): string {
  return secret.length < telling
    ? text
    : text.replaceAll(secret, (found) => found.replace(/[^\r\n]/g, concealed));
}

function without(text: string, secret: string): string {
  const begins = secret.slice(0, head);
  let rest = text;
  let clean = "";
  for (let at = rest.indexOf(begins); at >= 0; at = rest.indexOf(begins)) {
    let length = begins.length;
    while (length < secret.length && rest[at + length] === secret[length]) length++;
    clean += `${rest.slice(0, at)}•••`;
    rest = rest.slice(at + length);
  }
  return clean + rest;
}
