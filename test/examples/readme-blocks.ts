import { readFileSync } from "node:fs";
import { join } from "node:path";

export const readme = readFileSync(join(import.meta.dirname, "../../README.md"), "utf8");

/** A command that the README shows, and what it shows that it prints; a line of `…` stands for what it leaves out. */
export interface ShownCommand {
  readonly line: string;
  readonly out: string;
}

/** The blocks of one language in a section of the README, without what stands in its subsections. */
export function shownBlocks(section: string, language: string): readonly string[] {
  const text = readme.split(/^##+ /m).find((part) => part.startsWith(`${section}\n`)) ?? "";
  const blocks = [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)];
  return blocks.flatMap(([, of, block = ""]) => (of === language ? [block] : []));
}

/** Gives the commands of a section one after another. */
export function shownCommands(section: string): { readonly next: () => ShownCommand; readonly left: number } {
  const blocks = shownBlocks(section, "").filter((block) => block.startsWith("$ "));
  const commands = blocks.flatMap((block) => block.split(/^\$ /m).slice(1)).map(shownCommand);
  return {
    next() {
      const command = commands.shift();
      if (!command) throw new Error(`"${section}" shows fewer commands than are run.`);
      return command;
    },
    get left() {
      return commands.length;
    },
  };
}

/** A command goes on over the lines of what it quotes. */
function shownCommand(text: string): ShownCommand {
  const [line = ""] = /^(?:'[^']*'|[^'\n])*/.exec(text) ?? [];
  return { line, out: text.slice(line.length + 1) };
}

/** What comes after `npx tenantry`, and before the shell's own. */
export function argsOf({ line }: ShownCommand): readonly string[] {
  const [, args] = /^npx tenantry (.*?)(?: > \S+| &)?$/.exec(line) ?? [];
  if (args === undefined) throw new Error(`This is not a command of ours: ${line}`);
  return args.split(" ");
}

/** Asks what a `curl` command asks, on the port that this run has. */
export async function asCurl({ line }: ShownCommand, port: number, key = ""): Promise<string> {
  const [, path] = /^curl -s localhost:4600(\/\S*)/.exec(line) ?? [];
  if (path === undefined) throw new Error(`This asks nothing of ours: ${line}`);
  const [, body] = /-d '([^']*)'/.exec(line) ?? [];
  const headers = [...line.matchAll(/-H (['"])(.*?): (.*?)\1/g)].map(([, , name = "", value = ""]) => [
    name,
    value.replace(/\$\(cat \S+\)/, key),
  ]);
  const response = await fetch(`http://localhost:${port}${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: Object.fromEntries(headers),
    ...(body === undefined ? {} : { body }),
  });
  return response.text();
}

/** What a command may print where the README leaves lines out, and only there. */
export function withGaps({ out }: ShownCommand): RegExp {
  const parts = out.split(/^…\n/m).map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`^${parts.join("[^]*")}$`);
}

/** Without what differs from run to run: times, how long something took, ports, and ids. */
export function settled(text: string): string {
  return text
    .replace(/(?<=live {2})\d{4}-\d\d-\d\d \d\d:\d\dZ/g, "<date and time>")
    .replace(/^\d\d:\d\d:\d\d/gm, "<time>")
    .replace(/\d+\.\d s$/gm, "<took>")
    .replace(/(?<=http:\/\/[\w.]+):\d+/g, ":<port>")
    .replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "<id>");
}
