import { type Explained, explain, type Wanted } from "../decision/explain.ts";
import type { Question } from "../decision/question.ts";
import { canonicalTime } from "../model/value.ts";
import { answerJson, explanationJson } from "../view/explanation-json.ts";
import { explanationText } from "../view/explanation-text.ts";
import { checkHint } from "./check-hint.ts";
import { type AskedOnCommandLine, checkQuestion } from "./check-question.ts";
import { type CheckSource, orgOfDatabase, orgOfManifests } from "./check-source.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";
import type { DatabaseOptions } from "./with-database.ts";

export interface CheckOptions extends DatabaseOptions, AskedOnCommandLine {
  readonly permission?: string | undefined;
  readonly flag?: string | undefined;
  readonly entitlement?: string | undefined;
  /** Answers from the manifests alone. */
  readonly fromManifests: boolean;
  readonly explain: boolean;
  readonly json: boolean;
  /** When it is asked, in canonical form; now where nothing is said. */
  readonly at?: string | undefined;
  readonly detailedExitcode: boolean;
}

/** Answers one question as the runtime does, and says why. */
export async function check(org: string, options: CheckOptions, terminal: Terminal): Promise<ExitCode> {
  const wanted = wantedOf(options);
  const source = options.fromManifests
    ? orgOfManifests(org, options, terminal)
    : await orgOfDatabase(org, options, terminal);
  if (typeof source === "number") return source;
  const at = options.at ?? canonicalTime(new Date().toISOString());
  const question = checkQuestion(options, source.org, Date.parse(at));
  const explained = explain(wanted, question);
  const hint = checkHint(explained, question);
  if (options.json) {
    const data = dataOf(explained, { at, source, question, hint, explain: options.explain });
    terminal.out(`${JSON.stringify(data, null, 2)}\n`);
  } else {
    const { words, declaredAt } = source;
    const asked = askedText(wanted, options, question);
    const from = options.at === undefined ? words : `${words}, as if at ${at}`;
    terminal.out(
      explanationText(
        explained,
        { asked, source: from, hint, declaredAt },
        { colour: terminal.colour, detail: options.explain ? "steps" : "answer" },
      ),
    );
  }
  return options.detailedExitcode && isNo(explained) ? exitCode.changes : exitCode.done;
}

function wantedOf({ permission, flag, entitlement, member }: CheckOptions): Wanted {
  const given = Object.entries({ permission, flag, entitlement }).flatMap(([kind, name]) =>
    name === undefined ? [] : [{ kind, name } as Wanted],
  );
  const [wanted, ...others] = given;
  if (!wanted || others.length > 0) {
    throw new UsageError(
      `${wanted ? "One question at a time" : "Say what is asked"}: a member and a permission, as ana@acme.example members:invite, or --flag, or --entitlement.`,
    );
  }
  if (wanted.kind === "permission" && member === undefined) {
    throw new UsageError("Say who asks before the permission: ana@acme.example members:invite.");
  }
  return wanted;
}

/** A flag that is neither on nor off says neither yes nor no, unless there is none. */
function isNo({ explanation: { decision } }: Explained): boolean {
  switch (decision.kind) {
    case "permission":
      return !decision.isAllowed;
    case "flag":
      return decision.value === false || decision.value === null;
    case "entitlement":
      return !decision.isEntitled;
  }
}

/** `ana@acme.example: members:invite in acme, web/live, on document/spec, with mfa=true` */
function askedText({ kind, name }: Wanted, asked: CheckOptions, { org, environment }: Question): string {
  const what = kind === "permission" ? name : `${kind} ${name}`;
  const { member, workspace, resource, attribute, context } = asked;
  return [
    `${member === undefined ? "" : `${member}: `}${what} in ${org.slug}`,
    ...[environment ?? workspace].filter((place) => place !== undefined && place !== null),
    ...(resource === undefined ? [] : [`on ${[resource, ...attribute].join(" ")}`]),
    ...(context.length === 0 ? [] : [`with ${context.join(" ")}`]),
  ].join(", ");
}

interface Answered {
  readonly at: string;
  readonly source: CheckSource;
  readonly question: Question;
  readonly hint: string | null;
  readonly explain: boolean;
}

function dataOf(explained: Explained, { at, source, question, hint, explain }: Answered): object {
  const { decidedBy } = explained.explanation.decision;
  const { member, workspace, environment, resource, request } = question;
  return {
    format: "tenantry/check/v1",
    org: source.org.slug,
    source: source.data,
    at,
    asked: { member, workspace, environment, resource, context: request },
    answer: answerJson(explained),
    declared_at: decidedBy === null ? null : source.declaredAt(decidedBy),
    hint,
    ...(explain ? { explanation: explanationJson(explained) } : {}),
  };
}
