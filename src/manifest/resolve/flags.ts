import type { FlagRule, FlagType } from "../../model/flag-rule.ts";
import { type Path, type Resource, resource } from "../../model/state.ts";
import { sameValue, type Value } from "../../model/value.ts";
import type { Entry, MergedCatalog } from "../merge-catalogs.ts";
import type { Place, Placing, Report } from "../place.ts";
import { switchHelp } from "../switch-help.ts";
import { attributeScope } from "./attribute-scope.ts";
import type { Catalog } from "./catalog.ts";
import { readCondition } from "./condition.ts";
import { type Declared, isDeclared } from "./declared.ts";

type Flag = MergedCatalog["sections"]["flags"] extends ReadonlyMap<string, Entry<infer F>> ? F : never;
type Rule = NonNullable<Flag["rules"]>[number];

/** What a flag serves: values of one type, or one of its variants by name. */
export interface FlagDeclaration {
  readonly type: FlagType;
  readonly variants: Declared | null;
  readonly place: Place;
}

/** Flags, with their rules. */
export function flagResources(catalog: Catalog, report: Report): Resource[] {
  return [...catalog.merged.sections.flags].map(([name, entry]) => {
    const { description, previously, variants, salt, metadata } = entry.value;
    const flag = catalog.flags.get(name) as FlagDeclaration;
    checkVariants(entry, flag, report);
    checkServed(entry.value.default, ["default"], entry, flag, report);
    const rules = (entry.value.rules ?? []).map((rule, index) =>
      readRule(rule, index, entry, flag, catalog, report),
    );
    if (!rules.includes(null)) checkReach(rules as FlagRule[], entry, report);
    return resource("flag", {
      key: name,
      path: entry.path,
      previously: previously ?? [],
      fields: {
        name,
        description: description ?? null,
        type: flag.type,
        variants: variants ?? null,
        default: entry.value.default,
        rules: rules.filter((rule) => rule !== null) as unknown as Value,
        ...(salt === undefined ? {} : { salt }),
        ...(metadata === undefined ? {} : { metadata }),
      },
    });
  });
}

/** What a flag is, from its variants or else from its default. */
export function declareFlag(entry: Entry<Flag>): FlagDeclaration {
  const { variants } = entry.value;
  const [first] = Object.values(variants ?? {});
  return {
    type: typeOf(variants ? (first ?? null) : entry.value.default),
    place: { file: entry.file, path: entry.path, what: "key" },
    variants: variants
      ? {
          has: (name) => Object.hasOwn(variants, name),
          names: () => Object.keys(variants),
          place: (name) => ({ file: entry.file, path: [...entry.path, "variants", name], what: "key" }),
        }
      : null,
  };
}

export function typeOf(value: Value): FlagType {
  const type = typeof value;
  return type === "boolean" || type === "string" || type === "number" ? type : "object";
}

/** A type in the manifests' own words. */
const typeNames = {
  boolean: "true or false",
  string: "text",
  number: "a number",
  object: "a map or a list",
} as const satisfies Record<FlagType, string>;

const oneType = "All values of a flag have one type";

function checkVariants(entry: Entry<Flag>, flag: FlagDeclaration, report: Report): void {
  const variants = Object.entries(entry.value.variants ?? {});
  const [first] = variants;
  for (const [name, value] of variants) {
    if (value === null || typeOf(value) === flag.type) continue;
    const detail = `${oneType}: "${first?.[0]}" is ${typeNames[flag.type]}, "${name}" is ${typeNames[typeOf(value)]}.`;
    report("value-type", at(entry, ["variants", name]), detail, [
      { message: `"${first?.[0]}" is declared`, place: at(entry, ["variants", String(first?.[0])]) },
    ]);
  }
}

function checkServed(
  value: Value,
  path: Path,
  entry: Entry<Flag>,
  flag: FlagDeclaration,
  report: Report,
): void {
  if (value === null) return;
  if (flag.variants) {
    const name = variantName(value);
    isDeclared(
      { name, place: at(entry, path), code: "unknown-variant", by: "among the flag's variants" },
      flag.variants,
      report,
    );
  } else if (typeOf(value) !== flag.type) {
    const detail = `${oneType}: the default is ${typeNames[flag.type]}, this is ${typeNames[typeOf(value)]}.`;
    report("value-type", at(entry, path), detail, [
      { message: "the default stands", place: at(entry, ["default"]) },
    ]);
  }
}

function readRule(
  rule: Rule,
  index: number,
  entry: Entry<Flag>,
  flag: FlagDeclaration,
  catalog: Catalog,
  report: Report,
): FlagRule | null {
  const path: Path = ["rules", index];
  const place = (more: Path, what: "key" | "value" = "value") => ({ ...at(entry, more), what });
  if (rule.serve === undefined && rule.split === undefined) {
    report("missing-field", at(entry, path), "A rule says what is served: write serve, or split.");
    return null;
  }
  if (rule.serve !== undefined && rule.split !== undefined) {
    const detail = "A rule serves one value, or splits between several. Keep one of the two.";
    report("conflicting-fields", place([...path, "split"], "key"), detail, [
      { message: "it serves", place: place([...path, "serve"], "key") },
    ]);
    return null;
  }
  if (rule.serve !== undefined) checkServed(rule.serve, [...path, "serve"], entry, flag, report);
  if (rule.split) checkSplit(rule.split, [...path, "split"], entry, flag, report);
  const attributes = attributeScope(catalog, { resourceTypes: [], ofRequest: false });
  const condition =
    rule.if === undefined ? null : readCondition(rule.if, [...path, "if"], { ...attributes, place, report });
  if (rule.if !== undefined && !condition) return null;
  return {
    if: condition,
    serve: rule.serve ?? null,
    split: rule.split ?? null,
    rollout: rule.rollout ?? null,
    by: rule.by ?? "org",
  };
}

function checkSplit(
  split: { readonly [variant: string]: number },
  path: Path,
  entry: Entry<Flag>,
  flag: FlagDeclaration,
  report: Report,
): void {
  const variants = flag.variants;
  if (!variants) {
    const place = { ...at(entry, path), what: "key" } as const;
    const detail =
      "A split shares out variants, and this flag declares none. Write variants, or serve a value.";
    report("unknown-variant", place, detail);
    return;
  }
  for (const name of Object.keys(split)) {
    isDeclared(
      {
        name,
        place: { ...at(entry, [...path, name]), what: "key" },
        code: "unknown-variant",
        by: "among the flag's variants",
      },
      variants,
      report,
    );
  }
  // Thousandths of a percent are what can be written, so that the sum is exact in them.
  const total = Object.values(split).reduce((sum, share) => sum + Math.round(share * 1_000), 0) / 1_000;
  if (total !== 100) report("bad-split", at(entry, path), `The shares add up to ${total}%, not to 100%.`);
}

/** A rule decides for nobody after one that decides for everybody, or after one with the same condition. */
function checkReach(rules: readonly FlagRule[], entry: Entry<Flag>, report: Report): void {
  const decisive: { readonly rule: FlagRule; readonly index: number }[] = [];
  for (const [index, rule] of rules.entries()) {
    const before = decisive.find(({ rule: earlier }) => covers(earlier, rule));
    if (before) {
      const number = before.index + 1;
      const reason = before.rule.if === null ? "decides for everyone" : "has the same condition";
      const detail = `Rule ${number} comes before it and ${reason}. Take this one away, or move it up.`;
      report("unreachable-rule", at(entry, ["rules", index]), detail, [
        { message: `rule ${number} stands`, place: at(entry, ["rules", before.index]) },
      ]);
    } else if (rule.rollout === 0) {
      const detail = "A rollout of 0% is for nobody. Take the rule away, or raise it.";
      report("unreachable-rule", at(entry, ["rules", index, "rollout"]), detail);
    }
    if (rule.rollout === null || rule.rollout === 100) decisive.push({ rule, index });
  }
}

function covers(earlier: FlagRule, later: FlagRule): boolean {
  return (
    earlier.if === null ||
    (later.if !== null && sameValue(earlier.if as unknown as Value, later.if as unknown as Value))
  );
}

function at(entry: Entry<Flag>, path: Path) {
  return { file: entry.file, path: [...entry.path, ...path], what: "value" } as const;
}

const variantName = (value: Value) => (typeof value === "object" ? "" : String(value));

/** A flag's value where it is set for an org: a value of its type, or a variant's name. */
export function readFlagValue(
  written: Value,
  flag: FlagDeclaration,
  place: Placing,
  report: Report,
): Value | undefined {
  if (written === null) return undefined;
  if (flag.variants) {
    const name = variantName(written);
    const by = "among the flag's variants";
    return isDeclared({ name, place, code: "unknown-variant", by }, flag.variants, report) ? name : undefined;
  }
  if (typeOf(written) === flag.type) return written;
  const found =
    flag.type === "boolean" && typeof written === "string"
      ? switchHelp(written)
      : `found ${typeNames[typeOf(written)]}.`;
  report("value-type", place, `Expected ${typeNames[flag.type]}, ${found}`, [
    { message: `"${flag.place.path.at(-1)}" is declared`, place: flag.place },
  ]);
  return undefined;
}
