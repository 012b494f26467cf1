import { nearName } from "../diagnostic/near-name.ts";
import { byCodeUnit } from "../model/value.ts";
import type { Finding } from "./plan.ts";

/** What is left of a plan's findings after those were let pass that were named. */
export interface LetPass {
  readonly findings: readonly Finding[];
  readonly allowed: readonly Finding[];
  /** What is wrong with what was named, one sentence each. Nothing may be applied while there is one. */
  readonly faults: readonly string[];
}

/** Lets findings pass by name, `over-limit:globex`. What names nothing, or what nothing lets pass, is a fault. */
export function letPass(findings: readonly Finding[], allow: Iterable<string>): LetPass {
  const byName = new Map(findings.map((finding) => [nameOf(finding), finding]));
  const passable = [...byName].filter(([, { canPass }]) => canPass).map(([name]) => name);
  const named = new Set(allow);
  const faults = [...named].flatMap((name) => {
    const finding = byName.get(name);
    if (finding?.canPass) return [];
    return [finding ? noWay(name, finding) : unknown(name, passable)];
  });
  const isAllowed = (finding: Finding) => finding.canPass && named.has(nameOf(finding));
  return {
    findings: findings.filter((finding) => !isAllowed(finding)),
    allowed: findings.filter(isAllowed),
    faults,
  };
}

function nameOf({ code, subject }: Finding): string {
  return `${code}:${subject}`;
}

function noWay(name: string, { help }: Finding): string {
  return `--allow ${name}: nothing lets this pass. ${help.replace(/ There is no .*/, "")}`;
}

function unknown(name: string, passable: readonly string[]): string {
  const near = nearName(name, passable);
  if (near !== undefined)
    return `--allow ${name}: nothing of that name stops this plan. Did you mean ${near}?`;
  if (passable.length === 0)
    return `--allow ${name}: nothing of that name stops this plan, nor anything else that can be let pass.`;
  const shown = [...passable].sort(byCodeUnit).slice(0, 5);
  const more = passable.length > shown.length ? `, and ${passable.length - shown.length} more` : "";
  return `--allow ${name}: nothing of that name stops this plan. What can be let pass is ${shown.join(", ")}${more}.`;
}
