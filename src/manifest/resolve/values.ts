import { nearName } from "../../diagnostic/near-name.ts";
import { quoted } from "../../diagnostic/quoted.ts";
import type { AttributeType } from "../../model/condition.ts";
import { type EntitlementValue, type FeatureType, parseEntitlement } from "../../model/quantity.ts";
import type { Path } from "../../model/state.ts";
import { parseTime } from "../../model/time.ts";
import { isList, type Value } from "../../model/value.ts";
import { parseVersion } from "../../model/version.ts";
import type { Place, Placing, Report } from "../place.ts";
import { switchHelp } from "../switch-help.ts";
import { listed } from "./declared.ts";
import type { OrgScope } from "./org-scope.ts";

export interface AttributeDeclaration {
  readonly type: AttributeType;
  readonly choices: readonly string[] | null;
  /** Null where it is built in. */
  readonly place: Place | null;
}

export interface FeatureDeclaration {
  readonly type: FeatureType;
  readonly choices: readonly string[] | null;
  readonly place: Place;
}

/** Where what a value has to fit is declared. */
export function declaredNote(place: Place | null) {
  return place ? [{ message: `"${place.path.at(-1)}" is declared`, place }] : [];
}

/** What a value is, where its text does not say. */
function foundText(written: Value): string {
  if (isList(written)) return "found a list";
  return typeof written === "object" ? "found a map" : `found ${quoted(String(written))}`;
}

/** Reads a value by the type that its attribute has; undefined where it is of another, which is reported. */
export function readAttributeValue(
  written: Value,
  { type, choices, place: declared }: AttributeDeclaration,
  place: Placing,
  report: Report,
): Value | undefined {
  // A null stands where something was reported.
  if (written === null) return undefined;
  const wrong = (expected: string, found = `${foundText(written)}.`) => {
    report("value-type", place, `Expected ${expected}, ${found}`, declaredNote(declared));
    return undefined;
  };
  if (type === "list") {
    if (!isList(written) || written.some((one) => typeof one === "object")) return wrong("a list of text");
    return written.map(String);
  }
  if (typeof written === "object") return wrong(typeNames[type]);
  const text = String(written);
  switch (type) {
    case "text":
      return text;
    case "switch":
      return typeof written === "boolean" ? written : wrong(typeNames.switch, switchHelp(text));
    case "number": {
      const number =
        typeof written === "number"
          ? written
          : /^-?[\d_]*\.?\d+$/.test(text)
            ? Number(text.replaceAll("_", ""))
            : Number.NaN;
      return Number.isFinite(number) ? number : wrong(typeNames.number);
    }
    case "date":
      return parseTime(text) ?? wrong(typeNames.date);
    case "version":
      return parseVersion(text) ? text : wrong(typeNames.version);
    case "choice": {
      if (!choices || choices.includes(text)) return text;
      const near = nearName(text, choices);
      const help = near ? ` Did you mean "${near}"?` : "";
      const detail = `${quoted(text)} is not one of ${choices.join(", ")}.${help}`;
      report("not-one-of", place, detail, declaredNote(declared));
      return undefined;
    }
    default:
      return type satisfies never;
  }
}

const typeNames = {
  text: "text",
  number: "a number",
  switch: "true or false",
  date: "a date, as 2026-12-01",
  version: "a version, as 1.4.0",
  list: "a list of text",
  choice: "one value",
} as const satisfies Record<AttributeType, string>;

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
      const names = known.map((key) => key.slice(subject.length + 1));
      const help = near ? ` Did you mean "${near.slice(subject.length + 1)}"?` : listed(names);
      scope.report(
        "unknown-attribute",
        scope.place(at, "key"),
        `The catalog declares no attribute "${name}" for ${subject}.${help}`,
        near ? declaredNote(scope.catalog.attributes.get(near)?.place ?? null) : [],
      );
    }
  }
  return values;
}

/** Reads what a feature gives by the feature's type; undefined where it is of another, which is reported. */
export function readEntitlement(
  written: Value,
  feature: FeatureDeclaration,
  place: Placing,
  report: Report,
): EntitlementValue | undefined {
  if (written === null) return undefined;
  const text = typeof written === "object" ? null : String(written);
  // A quoted "true" is text, and a switch is not.
  const isBent = feature.type === "switch" && typeof written !== "boolean";
  const value = text === null || isBent ? null : parseEntitlement(feature, text);
  if (value !== null) return value;
  const found = isBent && text !== null ? switchHelp(text) : `${foundText(written)}.`;
  const near = text !== null && feature.choices ? nearName(text, feature.choices) : undefined;
  const help = near === undefined ? "" : ` Did you mean "${near}"?`;
  const detail = `Expected ${expectedOf(feature)}, ${found}${help}`;
  report("value-type", place, detail, declaredNote(feature.place));
  return undefined;
}

function expectedOf(feature: FeatureDeclaration): string {
  const expected = {
    switch: "true or false for a switch",
    limit: "a whole number or unlimited for a limit",
    quota: "an amount in a period for a quota, as 10_000/month",
    choice: `one of ${feature.choices?.join(", ")}`,
  } as const satisfies Record<FeatureType, string>;
  return expected[feature.type];
}
