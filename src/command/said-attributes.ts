import type { Attributes } from "../decision/question.ts";
import { nearName } from "../diagnostic/near-name.ts";
import type { AttributeSpec } from "../model/condition.ts";
import { parseTime } from "../model/time.ts";
import type { Value } from "../model/value.ts";
import { UsageError } from "./usage-error.ts";

/** What attributes are asked of, and how the option is called that says them. */
export interface Saying {
  readonly option: "--context" | "--attribute";
  /** By the name that is said: `mfa`, `ip_country`. */
  readonly declared: ReadonlyMap<string, AttributeSpec>;
  /** `a request`, `a document` */
  readonly subject: string;
}

/**
 * Reads `name=value` pairs by the types that the attributes are declared with. Throws `UsageError` for a name that
 * nothing declares, which no condition could ask about, and for a value that does not fit.
 */
export function saidAttributes(pairs: readonly string[], saying: Saying): Attributes | null {
  if (pairs.length === 0) return null;
  return Object.fromEntries(pairs.map((pair) => saidAttribute(pair, saying)));
}

function saidAttribute(pair: string, { option, declared, subject }: Saying): [string, Value] {
  const at = pair.indexOf("=");
  if (at < 1) throw new UsageError(`${option} wants name=value, and not "${pair}".`);
  const name = pair.slice(0, at);
  const spec = declared.get(name);
  if (!spec) {
    const near = nearName(name, declared.keys());
    const known = [...declared.keys()].join(", ");
    throw new UsageError(
      `The catalog declares no attribute "${name}" of ${subject}.${near ? ` Did you mean "${near}"?` : known ? ` There are: ${known}.` : ""}`,
    );
  }
  const text = pair.slice(at + 1);
  const value = readValue(text, spec);
  if (value === null) throw new UsageError(`${option} ${name}: "${text}" is not ${wanted(spec)}.`);
  return [name, value];
}

/** null: it does not fit. */
function readValue(text: string, { type, choices = [] }: AttributeSpec): Value {
  switch (type) {
    case "switch":
      return text === "true" ? true : text === "false" ? false : null;
    case "number": {
      const number = /^[-+]?[\d_]*\.?\d+(?:e[-+]?\d+)?$/i.test(text)
        ? Number(text.replaceAll("_", ""))
        : Number.NaN;
      return Number.isFinite(number) ? number : null;
    }
    case "date":
      return parseTime(text);
    case "choice":
      return choices.includes(text) ? text : null;
    case "list":
      return text === "" ? [] : text.split(",");
    case "text":
    case "version":
      return text;
  }
}

function wanted({ type, choices = [] }: AttributeSpec): string {
  switch (type) {
    case "switch":
      return "true or false";
    case "number":
      return "a number";
    case "date":
      return "a time, as 2026-11-01 or 2026-11-01T09:00Z";
    case "choice":
      return `one of ${choices.join(", ")}`;
    default:
      return `a ${type}`;
  }
}
