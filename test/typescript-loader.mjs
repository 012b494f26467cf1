import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { register } from "node:module";
import { fileURLToPath } from "node:url";
import { isMainThread, threadId } from "node:worker_threads";

// Lets `node --import ./test/typescript-loader.mjs file.ts` run the sources as they are, so that a test can
// start, and kill, a process of its own without a build. Hooks run on a thread of their own. What was compiled is
// kept by its content: a test that starts fifty processes must not compile, nor load the compiler, fifty times.
if (isMainThread) register(import.meta.url);

const cache = new URL("../node_modules/.cache/tenantry-loader/", import.meta.url);

export async function load(url, context, next) {
  if (!url.endsWith(".ts")) return next(url, context);
  const source = await readFile(fileURLToPath(url), "utf8");
  const kept = new URL(`${createHash("sha256").update(`${url}\0${source}`).digest("hex")}.mjs`, cache);
  const known = await readFile(kept, "utf8").catch(() => null);
  return { format: "module", source: known ?? (await compile(url, source, kept)), shortCircuit: true };
}

async function compile(url, source, kept) {
  const { default: ts } = await import("typescript");
  const { outputText } = ts.transpileModule(source, {
    fileName: url,
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023, inlineSourceMap: true },
  });
  await mkdir(cache, { recursive: true });
  const draft = new URL(`${process.pid}-${threadId}-${performance.now()}.tmp`, cache);
  await writeFile(draft, outputText);
  await rename(draft, kept);
  return outputText;
}
