import { createTwoFilesPatch } from "diff";
import pc from "picocolors";

export interface ShownPatch {
  readonly files: readonly {
    readonly path: string;
    readonly before: string | null;
    /** Null where the file is to be deleted. */
    readonly after: string | null;
  }[];
  /** Addresses of what has to be edited by hand. */
  readonly byHand: readonly string[];
}

/** Edits of manifests as a unified diff that `git apply` takes, and what is left to be edited by hand. */
export function patchText({ files, byHand }: ShownPatch, { colour }: { readonly colour: boolean }): string {
  const colours = pc.createColors(colour);
  const paint = (line: string) => {
    if (line.startsWith("+++") || line.startsWith("---")) return colours.bold(line);
    if (line.startsWith("+")) return colours.green(line);
    return line.startsWith("-") ? colours.red(line) : line;
  };
  const patches = files.map(({ path, before, after }) => {
    const from = before === null ? "/dev/null" : `a/${path}`;
    const to = after === null ? "/dev/null" : `b/${path}`;
    const patch = createTwoFilesPatch(from, to, before ?? "", after ?? "", undefined, undefined, {
      context: 3,
    });
    return patch.replace(/^=+\n/, "").split("\n").map(paint).join("\n");
  });
  const hand = byHand.map((address) => `  ${address}`).join("\n");
  const nothing = files.length === 0 && byHand.length === 0 ? "The manifests need no edit.\n" : "";
  const left =
    byHand.length === 0
      ? ""
      : `${files.length > 0 ? "\n" : ""}To be edited by hand, or the next apply brings it back:\n${hand}\n`;
  return `${patches.join("")}${left}${nothing}`;
}
