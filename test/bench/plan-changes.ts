import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compare } from "./compare.ts";
import type { WrittenEstate } from "./generate-estate.ts";
import { takeSample } from "./take-sample.ts";
import type { Task } from "./task.ts";

/** An edit of one manifest, and the task that plans it. */
interface Edit {
  readonly what: string;
  readonly task: Task;
  readonly file: (folder: string) => string;
  readonly from: RegExp;
  readonly to: string;
}

const edits: readonly Edit[] = [
  {
    what: "one org changed",
    task: "planOne",
    file: (folder) => join(folder, "orgs", readdirSync(join(folder, "orgs"))[0] as string),
    from: /^name: .*$/m,
    to: "name: Edited",
  },
  {
    what: "a role of the catalog grants less",
    task: "planCatalog",
    file: (folder) => join(folder, "catalog.yaml"),
    from: /members:\*/,
    to: "members:invite",
  },
  {
    what: "a template of the catalog traces longer, as Markdown",
    task: "planTemplate",
    file: (folder) => join(folder, "catalog", "templates.yaml"),
    from: /retention_days: 30/,
    to: "retention_days: 31",
  },
];

/** Plans of what is applied but for one edit, each against a plan of the same with nothing changed. */
export async function planChanges({ folder }: WrittenEstate, url: string, pairs: number): Promise<string> {
  const lines: string[] = [];
  for (const { what, task, file, from, to } of edits) {
    const path = file(folder);
    const text = readFileSync(path, "utf8");
    const edited = text.replace(from, to);
    if (edited === text) throw new Error(`${path} has nothing to edit.`);
    const planned = (content: string, name: Task) => () => {
      writeFileSync(path, content);
      return takeSample(name, { folder, url }).milliseconds;
    };
    const { ours, theirs } = await compare(planned(edited, task), planned(text, "plan"), pairs);
    writeFileSync(path, text);
    lines.push(
      `${what}: ${ours.toFixed(0)} ms, ${(ours - theirs).toFixed(0)} more than ${theirs.toFixed(0)}`,
    );
  }
  return lines.join("\n");
}
