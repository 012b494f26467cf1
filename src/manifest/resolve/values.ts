import { nearName } from "../../diagnostic/near-name.ts";
import type { AttributeType } from "../../model/condition.ts";
import { type EntitlementValue, type FeatureType, parseEntitlement } from "../../model/quantity.ts";
import type { Path } from "../../model/state.ts";
import { parseTime } from "../../model/time.ts";
import { isList, type Value } from "../../model/value.ts";
import type { Place, Report } from "../place.ts";
import type { OrgScope } from "./org-scope.ts";

export interface AttributeDeclaration {
  readonly type: AttributeType;
  readonly choices: readonly string[] | null;
}

export interface FeatureDeclaration {
  readonly type: FeatureType;
  readonly choices: readonly string[] | null;
}

/** Reads a value by the type that its attribute has; undefined where it is of another, which is reported. */
export function readAttributeValue(
  written: Value,
  { type, choices }: AttributeDeclaration,
  place: Place,
  report: Report,
): Value | undefined {
  const text = typeof written === "object" ? null : String(written);
  const wrong = (expected: string) => {
    report("value-type", place, `Expected ${expected}${text === null ? "" : `, found "${text}"`}.`);
    return undefined;
  };
  if (type === "list") {
    if (!isList(written) || written.some((one) => typeof one === "object")) return wrong("a list of text");
    return written.map(String);
  }
  if (text === null) return wrong(type === "choice" ? "one value" : `a ${type}`);
  switch (type) {
    case "text":
      return text;
    case "switch":
      return typeof written === "boolean" ? written : wrong("true or false");
    case "number": {
      const number =
        typeof written === "number"
          ? written
          : /^-?[\d_]*\.?\d+$/.test(text)
            ? Number(text.replaceAll("_", ""))
            : Number.NaN;
      return Number.isFinite(number) ? number : wrong("a number");
    }
    case "date":
      return parseTime(text) ?? wrong("a date, as 2026-12-01");
    case "version":
      return /^\d+(\.\d+){0,2}(?:-[0-9A-Za-z.-]+)?$/.test(text) ? text : wrong("a version, as 1.4.0");
    case "choice": {
      if (!choices || choices.includes(text)) return text;
      const near = nearName(text, choices);
      const help = near ? `Did you mean "${near}"?` : `There are: ${choices.join(", ")}.`;
      report("not-one-of", place, `"${text}" is not one of this attribute's values. ${help}`);
      return undefined;
    }
    default:
      return type satisfies never;
  }
}

/** The values that an org, a member or a resource gives to declared attributes; faulty ones are reported and left out. */
export function attributeValues(
  scope: OrgScope,
  subject: string,
  written: { readonly [name: string]: Value },
  path: Path,
): Value {
  const values: Record<string, Value> = {};
  for (const [name, value] of Object.entries(written)) {
    const at = [...path, name];
    const declared = scope.catalog.attributes.get(`${subject}.${name}`);
    if (declared) {
      const read = readAttributeValue(value, declared, scope.place(at), scope.report);
      if (read !== undefined) values[name] = read;
    } else if (!scope.catalog.declared("attributes").has(`${subject}.${name}`)) {
      const known = [...scope.catalog.attributes.keys()].filter((key) => key.startsWith(`${subject}.`));
      const near = nearName(`${subject}.${name}`, known);
      scope.report(
        "unknown-attribute",
        scope.place(at, "key"),
        `The catalog declares no attribute "${name}" for ${subject}.${near ? ` Did you mean "${near.slice(subject.length + 1)}"?` : ""}`,
      );
    }
  }
  return values;
}

/** Reads what a feature gives by the feature's type; undefined where it is of another, which is reported. */
export function readEntitlement(
  written: Value,
  feature: FeatureDeclaration,
  place: Place,
  report: Report,
): EntitlementValue | undefined {
  const text = typeof written === "object" ? null : String(written);
  // A quoted "true" is text, and a switch is not.
  const isBent = feature.type === "switch" && typeof written !== "boolean";
  const value = text === null || isBent ? null : parseEntitlement(feature, text);
  if (value !== null) return value;
  const found = text === null ? "" : `, found "${text}"`;
  report("value-type", place, `Expected ${expectedOf(feature)}${found}.`);
  return undefined;
}

function expectedOf(feature: FeatureDeclaration): string {
  const expected = {
    switch: "true or false, for the feature is a switch",
    limit: "a whole number or unlimited, for the feature is a limit",
    quota: "an amount in a period, as 10_000/month, for the feature is a quota",
    choice: `one of ${feature.choices?.join(", ")}`,
  } as const satisfies Record<FeatureType, string>;
  return expected[feature.type];
}
