import pc from "picocolors";
import { columnsOf, printable } from "../diagnostic/printable.ts";
import { descriptorOf, type Kind } from "../model/kinds.ts";
import { kindsInOrder } from "../model/order.ts";
import { byCodeUnit, sameValue, type Value } from "../model/value.ts";
import { valueText } from "./value-text.ts";

/** A row as views know it: its references are keys. */
export interface ShownRow {
  readonly kind: Kind;
  readonly key: string;
  readonly fields: Readonly<Record<string, Value>>;
  /** Null where the manifests do not own it. */
  readonly managed: readonly string[] | null;
}

/** What the database holds of an org, kind by kind. Roles that are held stand with who holds them. */
export function orgText(
  slug: string,
  rows: readonly ShownRow[],
  { colour }: { readonly colour: boolean },
): string {
  const colours = pc.createColors(colour);
  const parts = partsOf(rows);
  const org = rows.find(({ kind }) => kind === "org");
  const title = `${colours.bold(slug)}   ${printable(String(org?.fields.name ?? ""))}   ${String(org?.fields.status ?? "")}`;
  const blocks = kindsInOrder
    .filter((kind) => descriptorOf(kind).tier === "org" && !descriptorOf(kind).partOf)
    .map((kind) => rows.filter((row) => row.kind === kind).sort((a, b) => byCodeUnit(a.key, b.key)))
    .filter((found) => found.length > 0)
    .map((found) => kindText(found, parts, colours));
  return `${[title, ...blocks].join("\n\n")}\n`;
}

type Colours = ReturnType<typeof pc.createColors>;

function kindText(rows: readonly ShownRow[], parts: ReadonlyMap<string, string[]>, colours: Colours): string {
  const [{ kind }] = rows as [ShownRow];
  const { label, identity } = descriptorOf(kind);
  const column = Math.min(40, Math.max(...rows.map(({ key }) => columnsOf(key))));
  const heading = colours.dim(label === "" ? "org" : label);
  const lines = rows.flatMap((row) => {
    const said = [...saidOf(row, identity), ...(parts.get(`${kind} ${row.key}`) ?? [])];
    if (row.managed === null) said.push(colours.yellow("not owned by the manifests"));
    if (row.key === "") return said.map((one) => `  ${one}`);
    const gap = " ".repeat(Math.max(0, column - columnsOf(row.key)));
    return [`  ${printable(row.key)}${gap}  ${said.join(" · ")}`.trimEnd()];
  });
  return [heading, ...lines].join("\n");
}

/** What a row says beyond its defaults. */
function saidOf({ kind, key, fields }: ShownRow, identity: readonly string[]): string[] {
  return Object.entries(descriptorOf(kind).fields).flatMap(([name, field]) => {
    const value = fields[name] ?? null;
    const usual = "default" in field ? (field.default ?? null) : null;
    const isSaid = value === null || value === key || identity.includes(name) || sameValue(value, usual);
    return isSaid ? [] : [`${name} ${valueText(kind, name, value)}`];
  });
}

/** `member ana@acme.example` → `roles owner, editor in web` */
function partsOf(rows: readonly ShownRow[]): Map<string, string[]> {
  const texts = new Map<string, Map<string, string[]>>();
  for (const { kind, fields } of rows) {
    const { partOf, fields: known } = descriptorOf(kind);
    const whole = partOf?.fields.find((field) => fields[field] !== null);
    const to = whole === undefined ? undefined : known[whole];
    if (!partOf || whole === undefined || to?.type !== "reference") continue;
    const name = `${to.to} ${fields[whole]}`;
    const byShown = texts.get(name) ?? new Map<string, string[]>();
    byShown.set(partOf.shownAs, [...(byShown.get(partOf.shownAs) ?? []), partOf.text(fields)]);
    texts.set(name, byShown);
  }
  return new Map(
    [...texts].map(([name, byShown]) => [
      name,
      [...byShown].map(([shown, parts]) => printable(`${shown} ${parts.sort(byCodeUnit).join(", ")}`)),
    ]),
  );
}
