import { randomUUID } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { OrgExport } from "./export-org.ts";

/**
 * Writes an export so that it outlasts a crash once this returns, and so that only its owner can read it: members'
 * addresses are in it. Replaces a file of that name whole or not at all. Throws what the file system says.
 */
export function writeExport(path: string, content: OrgExport): void {
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const beside = `${path}.${randomUUID()}`;
  try {
    const file = openSync(beside, "wx", 0o600);
    try {
      writeFileSync(file, exportText(content));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
  // The name itself is kept by the folder.
  const kept = openSync(folder, "r");
  try {
    fsyncSync(kept);
  } finally {
    closeSync(kept);
  }
}

export function exportText(content: OrgExport): string {
  return `${JSON.stringify(content, null, 2)}\n`;
}
