import { columnsOf, printable } from "../diagnostic/printable.ts";
import type { Kind } from "../model/kinds.ts";
import type { Path } from "../model/state.ts";
import type { ScopePlan } from "../plan/plan.ts";
import { type Piece, type ShownChange, shownChanges } from "./change-text.ts";
import { driftTexts } from "./drift-text.ts";
import { padded, wrapped } from "./layout.ts";

/** Where things are declared. */
export interface Places {
  /** `tenants/orgs/acme.yaml:31`, where a path of an org or of the catalog is declared. */
  readonly declaredAt: (org: string | null, path: Path) => string | null;
  /** Where the manifests declared what they declare no more; null where nobody noted it. */
  readonly wasDeclaredAt?: (org: string | null, kind: Kind, key: string) => string | null;
}

/** One line of a plan, before it is coloured or marked up. */
export interface PlanLine {
  /** `resource` is what changes, `piece` what of it, `diff` a line inside a long value, `drift` who did it. */
  readonly role: "resource" | "piece" | "diff" | "drift";
  readonly sign: ShownChange["symbol"] | " ";
  /** Printable; indented by whoever prints it. */
  readonly text: string;
  /** Where it is declared; stands at the right, in a column of its own. */
  readonly place: string | null;
}

/** How far the roles are indented, sign included. */
export const indents = { resource: 4, piece: 6, drift: 6, diff: 8 } as const;

/** What changes of one scope, line by line, none wider than `width` where words allow it. */
export function scopeLines(scope: ScopePlan, places: Places, width: number): PlanLine[] {
  const shown = shownChanges(scope.org, scope.changes);
  const named = shown.map((change) => {
    const { kind, key, path } = change.change;
    // What still stands in a file, as an org that is due to be purged does, has one place and needs no other.
    const was =
      change.symbol === "-" && path === null ? (places.wasDeclaredAt?.(scope.org, kind, key) ?? null) : null;
    return {
      change,
      name: printable(change.name),
      place: path && printableOrNull(places.declaredAt(scope.org, path)),
      was: was && `was declared at ${printable(was)}`,
    };
  });
  const column = Math.min(36, Math.max(0, ...named.map(({ name }) => columnsOf(name))));
  const placeColumn = width - Math.max(0, ...named.map(({ place }) => columnsOf(place ?? "")));
  return named.flatMap((one) => changeLines(one, { column, placeColumn, width }));
}

interface Named {
  readonly change: ShownChange;
  readonly name: string;
  readonly place: string | null;
  readonly was: string | null;
}

interface Columns {
  /** Where a change begins that stands beside its resource, from the resource's own column. */
  readonly column: number;
  readonly placeColumn: number;
  readonly width: number;
}

function changeLines({ change, name, place, was }: Named, columns: Columns): PlanLine[] {
  const { symbol: sign, pieces } = change;
  const drift = [...new Set(change.changes.flatMap(driftTexts))].flatMap((text) =>
    asideLines(printable(text), columns.width),
  );
  const beside = was ?? onOneLine(change);
  const inOneLine = beside === null ? name : `${padded(name, columns.column)}  ${beside}`;
  const room = (place === null ? columns.width : columns.placeColumn - 2) - indents.resource;
  const isBeside = beside !== null && columnsOf(inOneLine) <= room;
  const below = isBeside && was === null ? [] : pieceLines(pieces, columns.width);
  const note = was !== null && !isBeside ? asideLines(was, columns.width, "piece") : [];
  const head = resourceLines(sign, isBeside ? inOneLine : name, place, columns);
  return [...head, ...note, ...below, ...drift];
}

/** What stands beside the resource: all that changes of it where that is one thing, or where it is new. */
function onOneLine({ symbol, pieces }: ShownChange): string | null {
  const isShort = pieces.every(({ diff }) => diff.length === 0);
  // Several changed fields stand below each other, where before and after can be compared.
  if (pieces.length === 0 || !isShort || (symbol === "~" && pieces.length > 1)) return null;
  return pieces.map(({ name, said }) => (name === "" ? said : `${name}  ${said}`)).join(" · ");
}

function resourceLines(
  sign: ShownChange["symbol"],
  text: string,
  place: string | null,
  { placeColumn, width }: Columns,
): PlanLine[] {
  const used = indents.resource + columnsOf(text);
  if (place === null) return [{ role: "resource", sign, text, place }];
  if (used + 2 <= placeColumn) {
    return [{ role: "resource", sign, text: padded(text, placeColumn - indents.resource), place }];
  }
  if (used + 2 + columnsOf(place) <= width) return [{ role: "resource", sign, text: `${text}  `, place }];
  return [
    { role: "resource", sign, text, place: null },
    { role: "piece", sign: " ", text: "", place },
  ];
}

function pieceLines(pieces: readonly Piece[], width: number): PlanLine[] {
  const column = Math.min(28, Math.max(0, ...pieces.map(({ name }) => columnsOf(name))));
  return pieces.flatMap(({ name, said, diff }): PlanLine[] => {
    const first = name === "" ? "" : `${padded(name, column)}  `;
    return [
      ...wrapped(first, said, width - indents.piece).map(
        (text): PlanLine => ({ role: "piece", sign: " ", text, place: null }),
      ),
      ...diff.flatMap((line) =>
        wrapped("", line.text, width - indents.diff - 2).map(
          (text): PlanLine => ({ role: "diff", sign: line.sign, text, place: null }),
        ),
      ),
    ];
  });
}

function asideLines(text: string, width: number, role: "drift" | "piece" = "drift"): PlanLine[] {
  return wrapped("", text, width - indents[role]).map((line) => ({
    role,
    sign: " ",
    text: line,
    place: null,
  }));
}

function printableOrNull(text: string | null): string | null {
  return text === null ? null : printable(text);
}
