import type { Explained } from "../decision/explain.ts";
import type { Question } from "../decision/question.ts";
import type { Reason } from "../decision/reason.ts";
import { nearName } from "../diagnostic/near-name.ts";

/** What whoever asked may do about an answer: the name that was probably meant, or the option that says more. */
export function checkHint({ name, explanation }: Explained, question: Question): string | null {
  const { org, member, workspace, environment } = question;
  const { catalog } = org;
  const hints: { readonly [R in Reason]?: () => string | null } = {
    "unknown-permission": () => near(name, catalog.permissions.keys()),
    "unknown-flag": () => near(name, catalog.flags.keys()),
    "unknown-feature": () => near(name, catalog.features.keys()),
    "unknown-member": () =>
      member === null
        ? "Say who asks with --member."
        : near(
            member,
            [...org.members.values()].map(({ key }) => key),
          ),
    "unknown-workspace": () => near(workspace ?? "", org.workspaces),
    "unknown-environment": () => near(environment ?? "", org.environments.keys()),
    "mfa-required": () => "--context mfa=true says that the request has one.",
    "place-needed": () => "Say where with --workspace or --environment.",
    undetermined: () =>
      org.id === null
        ? "Ids are made when the manifests are applied: a database knows who is within a share."
        : null,
  };
  return hints[explanation.decision.reason]?.() ?? null;
}

function near(name: string, candidates: Iterable<string>): string {
  const known = [...new Set(candidates)];
  const meant = nearName(name, known);
  if (meant !== undefined) return `"${name}" is not known. Did you mean "${meant}"?`;
  const shown = known.slice(0, 8).join(", ");
  if (known.length === 0) return `"${name}" is not known, and there are none.`;
  return `"${name}" is not known. There are: ${shown}${known.length > 8 ? ` and ${known.length - 8} more` : ""}.`;
}
