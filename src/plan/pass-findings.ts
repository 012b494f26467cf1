import type { Plan } from "./plan.ts";

/** A plan with those findings let pass that are named, as `revert-conflict:acme/trace`, and that can be. */
export function passFindings(plan: Plan, allow: readonly string[]): Plan {
  const named = new Set(allow);
  const passes = ({ code, subject, canPass }: Plan["findings"][number]) =>
    canPass && named.has(`${code}:${subject}`);
  return {
    ...plan,
    findings: plan.findings.filter((finding) => !passes(finding)),
    allowed: [...plan.allowed, ...plan.findings.filter(passes)],
  };
}
