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

export function foundFile(found: {
  readonly below: string;
  readonly path: string;
  readonly bytes: Buffer;
}): FoundFile {
  const { below, path, bytes } = found;
  let text: string | undefined;
  let digest: string | undefined;
  return {
    below,
    path,
    get text() {
      text ??= bytes.toString("utf8");
      return text;
    },
    get digest() {
      digest ??= sha256(bytes);
      return digest;
    },
  };
}

/** Moves when the same bytes come to mean something else, so that what was read from them counts no more. */
const readerVersion = `${apiVersion} 1`;

/** The digest of all files that one org, or the catalog, is read from: their bytes and where they are. */
export function sourceDigest(files: readonly Pick<FoundFile, "below" | "digest">[]): string {
  const lines = files.map(({ below, digest }) => `${below}\0${digest}`).sort(byCodeUnit);
  return sha256([readerVersion, ...lines].join("\n"));
}

export function sha256(data: string | Buffer): string {
  return createHash("sha256").update(data).digest("base64url");
}
