import { expect, test } from "vitest";
import { printFaults } from "../../src/command/print-faults.ts";
import type { Terminal } from "../../src/command/terminal.ts";
import type { DiagnosticCode } from "../../src/diagnostic/codes.ts";
import { diagnostic } from "../../src/diagnostic/diagnostic.ts";

function exitCodeFor(codes: readonly DiagnosticCode[], nothing?: 1): { exitCode: number; talk: string } {
  const said: string[] = [];
  const terminal = { talk: (text: string) => said.push(text), talkColour: false } as unknown as Terminal;
  const faults = codes.map((code) => diagnostic(code, null, "There is something wrong."));
  const exitCode = printFaults(faults, { json: false, ...(nothing && { nothing }) }, terminal);
  return { exitCode, talk: said.join("") };
}

test("nothing to read, or nothing that can be read, is refused as a guard refuses", () => {
  expect(exitCodeFor(["no-manifests"])).toMatchObject({
    exitCode: 4,
    talk: expect.stringContaining("error[no-manifests] No manifests found"),
  });
  expect(exitCodeFor(["unreadable-file"]).exitCode).toBe(4);
  expect(exitCodeFor(["no-manifests"], 1).exitCode).toBe(1);
});

test("so is a failing test, but not what is wrong in a manifest", () => {
  expect(exitCodeFor(["failing-test"]).exitCode).toBe(4);
  expect(exitCodeFor(["not-yaml"]).exitCode).toBe(1);
  expect(exitCodeFor(["failing-test", "not-yaml"]).exitCode).toBe(1);
});
