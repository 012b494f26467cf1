import { writeFile } from "node:fs/promises";
import type { Impact } from "../decision/impact/impact.ts";
import type { KeysAfter } from "../plan/keys-after.ts";
import type { Plan } from "../plan/plan.ts";
import { impactText } from "../view/impact-text.ts";
import { commentWidth } from "../view/markdown.ts";
import type { PlanAbout } from "../view/plan-head-text.ts";
import { planJson } from "../view/plan-json.ts";
import type { Places } from "../view/plan-lines.ts";
import { planMarkdown } from "../view/plan-markdown.ts";
import { planText } from "../view/plan-text.ts";
import type { Terminal } from "./terminal.ts";

export interface PlanOutput {
  readonly json: boolean;
  /** Prints Markdown, or writes it to the file that is named. */
  readonly markdown?: true | string | undefined;
  /** `full` names everyone whom something concerns. */
  readonly impact?: "full" | "short" | undefined;
}

/** A plan with all that its reader has to know. */
export interface ShownPlan {
  readonly plan: Plan;
  readonly impact: Impact | null;
  /** What becomes of keys; null where there is nothing to say. */
  readonly keys: KeysAfter | null;
  readonly places: Places;
  readonly about: PlanAbout;
}

/** Shows a plan in the form that was asked for: as text, data or Markdown. A file that cannot be written is an error. */
export async function printPlan(shown: ShownPlan, output: PlanOutput, terminal: Terminal): Promise<void> {
  const { plan, impact, keys, places, about } = shown;
  const names = output.impact === "full" ? "all" : "some";
  const told = (colour: boolean, width: number) => impact && impactText(impact, { colour, width, names });
  if (output.json) {
    terminal.out(`${JSON.stringify(planJson(plan, { ...places, about, impact, keys }), null, 2)}\n`);
  } else if (output.markdown !== undefined) {
    const text = planMarkdown(plan, { ...places, about, keys, impact: told(false, commentWidth) });
    if (output.markdown === true) terminal.out(text);
    else {
      await writeFile(output.markdown, text);
      terminal.talk(`Written to ${output.markdown}.\n`);
    }
  } else {
    const { colour, width } = terminal;
    terminal.out(planText(plan, { ...places, about, keys, colour, width, impact: told(colour, width) }));
  }
}
