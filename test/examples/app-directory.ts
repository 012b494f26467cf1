import { spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

const root = join(import.meta.dirname, "../..");

/** Makes a directory one of an app that has installed the package, and what the README's programs need beside it. */
export function installed(directory: string): void {
  const modules = join(directory, "node_modules");
  mkdirSync(modules);
  symlinkSync(root, join(modules, "tenantry"));
  for (const name of ["pg", "@types", "@openfeature"])
    symlinkSync(join(root, "node_modules", name), join(modules, name));
  writeFileSync(join(directory, "package.json"), `{ "type": "module" }`);
}

/** What the compiler says of a program in such a directory: it finds the package by its `exports`. */
export function compiled(directory: string, program: string): readonly string[] {
  const file = join(directory, "app.ts");
  writeFileSync(file, program);
  const made = ts.createProgram([file], {
    strict: true,
    noEmit: true,
    exactOptionalPropertyTypes: true,
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    types: ["node"],
    typeRoots: [join(root, "node_modules/@types")],
  });
  return ts
    .getPreEmitDiagnostics(made)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}

/** Runs a program in such a directory, without its types; gives what it printed. */
export function runAsApp(directory: string, program: string, environment: NodeJS.ProcessEnv = {}): string {
  const { outputText } = ts.transpileModule(program, {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 },
  });
  writeFileSync(join(directory, "app.mjs"), outputText);
  const { status, stdout, stderr } = spawnSync(process.execPath, ["app.mjs"], {
    cwd: directory,
    env: { ...process.env, ...environment },
    encoding: "utf8",
    timeout: 60_000,
  });
  if (status !== 0) throw new Error(`It ended with ${status}:\n${stdout}${stderr}`);
  return stdout;
}
