import type { DiagnosticCode } from "../diagnostic/codes.ts";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";

/** What the manifests alone cannot know, because it is judged on all that the database will hold. */
const judgedByBrakes: ReadonlySet<DiagnosticCode> = new Set(["too-few-holders", "over-limit"]);

/** Whether no plan can be made of it; the brakes of a plan judge the rest, and say how to pass it once. */
export function isFault({ code }: Diagnostic): boolean {
  return !judgedByBrakes.has(code);
}
