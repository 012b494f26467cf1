import { createHash } from "node:crypto";
import type { SourceFile } from "../diagnostic/span.ts";
import { byCodeUnit } from "../model/value.ts";
import { apiVersion } from "./api-version.ts";

/** A manifest as it was found; its text and its digest are made when somebody asks. */
export interface FoundFile extends SourceFile {
  /** Below the manifests' directory, with `/`. */
  readonly below: string;
  /** SHA-256 of its bytes. */
  readonly digest: string;
}

interface Found {
  readonly below: string;
  /** The path that people see. */
  readonly pathOf: () => string;
  readonly bytes: Buffer;
}

export function foundFile(found: Found): FoundFile {
  return new LazyFile(found);
}

/** Of ten thousand files a plan asks few for more than their digest. A class, whose getters all of them share. */
class LazyFile implements FoundFile {
  readonly #found: Found;
  #path: string | undefined;
  #text: string | undefined;
  #digest: string | undefined;

  constructor(found: Found) {
    this.#found = found;
  }

  get below(): string {
    return this.#found.below;
  }

  get overlay(): string | undefined {
    return this.below.startsWith("overlays/") ? this.below.split("/", 2)[1] : undefined;
  }

  get path(): string {
    this.#path ??= this.#found.pathOf();
    return this.#path;
  }

  get text(): string {
    this.#text ??= this.#found.bytes.toString("utf8");
    return this.#text;
  }

  get digest(): string {
    this.#digest ??= sha256(this.#found.bytes);
    return this.#digest;
  }
}

/** Moves when the same bytes come to mean something else, so that what was read from them counts no more. */
const readerVersion = `${apiVersion} 1`;

/** Names the files that one org, or the catalog, is read from: where they are, and their bytes. */
export function sourceDigest(files: readonly Pick<FoundFile, "below" | "digest">[]): string {
  const [first, ...others] = files;
  if (first && others.length === 0) return `${readerVersion} ${first.below} ${first.digest}`;
  const lines = files.map(({ below, digest }) => `${below}\0${digest}`).sort(byCodeUnit);
  return `${readerVersion} ${files.length} files ${sha256(lines.join("\n"))}`;
}

export function sha256(data: string | Buffer): string {
  return createHash("sha256").update(data).digest("base64url");
}
