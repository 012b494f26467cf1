import pc from "picocolors";
import type { Explained } from "../decision/explain.ts";
import { reasons } from "../decision/reason.ts";
import { printable } from "../diagnostic/printable.ts";
import type { Value } from "../model/value.ts";
import { answerValueText } from "./answer-value-text.ts";
import type { Colours } from "./colours.ts";
import { entitlementSteps } from "./entitlement-steps.ts";
import { flagSteps } from "./flag-steps.ts";
import { padded } from "./layout.ts";
import { permissionSteps } from "./permission-steps.ts";

export interface ExplanationAbout {
  /** Who asks for what, and where, in words. */
  readonly asked: string;
  /** What the answer is from: `the embedded database in .tenantry, revision 3`. */
  readonly source: string;
  /** What whoever asked may do about it; null: nothing comes to mind. */
  readonly hint: string | null;
  /** `tenants/catalog.yaml:22`, where an address is declared; null where nobody knows. */
  readonly declaredAt: (address: string) => string | null;
}

export interface ExplanationView {
  readonly colour: boolean;
  /** Says all that was looked at, not the answer alone. */
  readonly detail: "answer" | "steps";
}

/** An answer in words: on the first line the answer and its reason, then what decided it, then each step. */
export function explanationText(
  explained: Explained,
  about: ExplanationAbout,
  { colour, detail }: ExplanationView,
): string {
  const colours = pc.createColors(colour);
  const placed = (address: string) => placedText(address, about, colours);
  return `${[...answerLines(explained, about, colours), ...(detail === "steps" ? stepsOf(explained, placed) : [])].join("\n")}\n`;
}

function answerLines(explained: Explained, about: ExplanationAbout, colours: Colours): string[] {
  const { decision } = explained.explanation;
  const undetermined = "undetermined" in decision ? decision.undetermined : null;
  const facts = [
    ["asked", printable(about.asked)],
    ["decided by", decision.decidedBy && placedText(decision.decidedBy, about, colours)],
    [
      "through",
      "through" in decision ? decision.through && placedText(decision.through, about, colours) : null,
    ],
    [
      "but",
      undetermined &&
        `${placedText(undetermined.rule, about, colours)} could not be judged: ${lacking[undetermined.lacks]}`,
    ],
    ["hint", about.hint && printable(about.hint)],
    ["from", printable(about.source)],
  ] as const;
  return [
    `${answerWord(explained, colours)}  ${reasons[decision.reason]}`,
    ...facts.flatMap(([name, text]) => (text ? [`  ${colours.dim(padded(name, 10))}  ${text}`] : [])),
  ];
}

const lacking = {
  attribute: "an attribute that it asks about is not known",
  bucket: "the id or the salt that decides who is within its share is not known",
} as const;

/** `yes`, `no`, `yes, 50`, `true`, `v2 (new)` */
function answerWord({ explanation: { decision } }: Explained, colours: Colours): string {
  if (decision.reason === "undetermined")
    return `${colours.yellow("undetermined")}, else ${printable(String(answerValue(decision)))}`;
  const { green, red, bold } = colours;
  const yesOrNo = (isYes: boolean) => bold(isYes ? green("yes") : red("no"));
  switch (decision.kind) {
    case "permission":
      return yesOrNo(decision.isAllowed);
    case "entitlement":
      return typeof decision.value === "boolean" || decision.value === null
        ? yesOrNo(decision.isEntitled)
        : `${yesOrNo(decision.isEntitled)}, ${answerValueText(decision.value as Value)}`;
    case "flag": {
      if (decision.reason === "unknown-flag") return yesOrNo(false);
      const { value, variant } = decision;
      const paint = value === true ? green : value === false ? red : (text: string) => text;
      return `${bold(paint(answerValueText(value)))}${variant === null ? "" : ` (${printable(variant)})`}`;
    }
  }
}

function answerValue(decision: Explained["explanation"]["decision"]): string {
  return decision.kind === "permission" ? "no" : answerValueText(decision.value as Value);
}

function placedText(address: string, { declaredAt }: ExplanationAbout, { dim }: Colours): string {
  const at = declaredAt(address);
  return `${printable(address)}${at === null ? "" : dim(` (${printable(at)})`)}`;
}

function stepsOf(explained: Explained, placed: (address: string) => string): string[] {
  switch (explained.kind) {
    case "permission":
      return permissionSteps(explained.name, explained.explanation, placed);
    case "flag":
      return flagSteps(explained.explanation, placed);
    case "entitlement":
      return entitlementSteps(explained.explanation, explained.combine, placed);
  }
}
