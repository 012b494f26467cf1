import { nearName } from "../diagnostic/near-name.ts";
import type { SourceFile } from "../diagnostic/span.ts";
import type { Path } from "../model/state.ts";
import { sameValue, type Value } from "../model/value.ts";
import type { Place, Report } from "./place.ts";
import { orgFields } from "./schema/org-schema.ts";

/** What an org or a template says: fields and sections. Typed again where it is used. */
export type Content = { readonly [name: string]: Value };

/** One of the manifests that an org is made of: a template, or its own file. */
export interface Layer {
  /** How people know it: `template regulated`, `org acme`. */
  readonly label: string;
  readonly content: Content;
  readonly file: SourceFile;
  /** Where the content stands in the file. */
  readonly root: Path;
  /** Paths, as text, that no later layer may change. */
  readonly locked: readonly string[];
  /** Paths, as text, of inherited values that it takes away. */
  readonly unset: readonly string[];
}

/** Layers laid over each other: maps merge, scalars and lists replace, atoms count whole. */
export interface Merged {
  readonly content: Content;
  /** Where the value at a path comes from: the nearest layer that has it. */
  readonly source: (path: Path) => Layer;
  readonly place: (path: Path, what?: "key" | "value") => Place;
  /** What a layer took away of those below, and where it says so. */
  readonly takenAway: readonly TakenAway[];
}

export interface TakenAway {
  readonly path: Path;
  readonly by: Layer;
  readonly place: Place;
}

/** Templates laid over each other: the same for every org that is made from them. */
export interface Base {
  readonly layers: readonly Layer[];
  readonly content: Content;
  readonly locks: readonly Lock[];
}

const nothing: Base = { layers: [], content: {}, locks: [] };

/** Lays templates over each other, the nearest of which is last. What is locked below and changed above is reported. */
export function layTemplates(layers: readonly Layer[], report: Report): Base {
  return layers.reduce((base, layer) => layOver(base, layer, report).base, nothing);
}

/** Lays an org over its templates, and over that what an estate says of it. What is locked and changed is reported. */
export function mergeLayers(templates: Base, own: readonly Layer[], report: Report): Merged {
  let base = templates;
  const takenAway: TakenAway[] = [];
  for (const layer of own) {
    const laid = layOver(base, layer, report);
    base = laid.base;
    takenAway.push(...laid.takenAway);
  }
  const source = (path: Path) => nearestWith(base.layers, path);
  return {
    content: base.content,
    source,
    place: (path, what = "value") => placeIn(source(path), path, what),
    takenAway,
  };
}

function layOver({ layers, content: below, locks }: Base, layer: Layer, report: Report) {
  const takenAway = takenAwayBy(layer, below, report);
  const rest = takenAway.reduce((left, { path }) => without(left, path), below);
  const content = mergeContent(rest, layer.content);
  for (const lock of locks) checkLock(lock, below, content, { layer, taken: takenAway, report });
  const base: Base = {
    layers: [...layers, layer],
    content,
    locks: layer.locked.length === 0 ? locks : [...locks, ...locksOf(layer, content, report)],
  };
  return { base, takenAway };
}

function takenAwayBy(layer: Layer, inherited: Content, report: Report): TakenAway[] {
  return layer.unset.flatMap((text, index) => {
    const path = pathFrom(text, inherited);
    const place: Place = { file: layer.file, path: [...layer.root, "unset", index], what: "value" };
    if (path) return [{ path, by: layer, place }];
    const detail = `Nothing is inherited at "${text}", so that there is nothing to take away.`;
    report("unknown-path", place, detail + pathHelp(text, inherited));
    return [];
  });
}

export interface Lock {
  readonly path: Path;
  readonly by: Layer;
  readonly place: Place;
}

function locksOf(layer: Layer, merged: Content, report: Report): Lock[] {
  return layer.locked.flatMap((text, index) => {
    const path = pathFrom(text, merged);
    const place: Place = { file: layer.file, path: [...layer.root, "locked", index], what: "value" };
    if (path) return [{ path, by: layer, place }];
    const detail = `There is no value at "${text}" in ${layer.label} to lock.`;
    report("unknown-path", place, detail + pathHelp(text, merged));
    return [];
  });
}

interface LockCheck {
  readonly layer: Layer;
  readonly taken: readonly TakenAway[];
  readonly report: Report;
}

function checkLock(lock: Lock, before: Content, after: Content, { layer, taken, report }: LockCheck): void {
  const value = at(before, lock.path);
  const changed = at(after, lock.path);
  if (value === undefined ? changed === undefined : changed !== undefined && sameValue(value, changed))
    return;
  const name = lock.path.join(".");
  const removal = taken.find(({ path }) => path.every((step, index) => step === lock.path[index]));
  report(
    "locked-value",
    changed === undefined && removal ? removal.place : placeIn(layer, lock.path, "value"),
    `"${name}" is locked by ${lock.by.label}. Leave it as it is there, or take the lock away.`,
    [{ message: `"${name}" is locked`, place: lock.place }],
  );
}

/** The path that was probably meant. */
function pathHelp(text: string, content: Content): string {
  const near = nearName(text, pathsIn(content, ""));
  return near === undefined ? "" : ` Did you mean "${near}"?`;
}

function* pathsIn(content: Content, before: string): Generator<string> {
  for (const [name, value] of Object.entries(content)) {
    yield before + name;
    if (isMap(value)) yield* pathsIn(value, `${before}${name}.`);
  }
}

/** What an org or a template says, laid over what others say. */
export function mergeContent(below: Content, above: Content): Content {
  return mergeValues(below, above, isAtom) as Content;
}

/** A value laid over another: maps merge but where they count whole, scalars and lists replace. */
export function mergeValues(
  below: Value | undefined,
  above: Value,
  countsWhole: (path: Path) => boolean,
  path: Path = [],
): Value {
  if (!isMap(below) || !isMap(above) || countsWhole(path)) return above;
  const merged: Record<string, Value> = { ...above };
  for (const [name, value] of Object.entries(below)) {
    merged[name] = Object.hasOwn(above, name)
      ? mergeValues(value, above[name] as Value, countsWhole, [...path, name])
      : value;
  }
  return merged;
}

/** What counts whole: the nearest layer's, without a field of the others'. */
export function isAtom(path: Path): boolean {
  const [section] = path;
  if (path.length === 1) return section === "trace" || section === "banner";
  if (path.length === 2)
    return isOverride(section) || section === "rate_limits" || section === "subscriptions";
  if (section !== "workspaces") return false;
  // workspaces/web/flags/x and workspaces/web/environments/live/flags/x
  return (path.length === 4 && isOverride(path[2])) || (path.length === 6 && isOverride(path[4]));
}

const isOverride = (section: string | number | undefined) =>
  section === "flags" || section === "entitlements";

function isMap(value: Value | undefined): value is Content {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function at(content: Value | undefined, path: Path): Value | undefined {
  let here = content;
  for (const step of path) {
    if (!isMap(here)) return Array.isArray(here) ? here[step as number] : undefined;
    here = Object.hasOwn(here, step) ? here[step] : undefined;
  }
  return here;
}

export function without(content: Content, [step, ...rest]: Path): Content {
  const { [step as string]: taken, ...others } = content;
  if (rest.length === 0 || !isMap(taken)) return others;
  return { ...content, [step as string]: without(taken, rest) };
}

/** Reads `members.bo@acme.example.status` against what there is: names may have dots in them. */
export function pathFrom(text: string, content: Content): Path | null {
  if (Object.hasOwn(content, text)) return [text];
  for (let dot = text.lastIndexOf("."); dot > 0; dot = text.lastIndexOf(".", dot - 1)) {
    const below = content[text.slice(0, dot)];
    if (!isMap(below)) continue;
    const rest = pathFrom(text.slice(dot + 1), below);
    if (rest) return [text.slice(0, dot), ...rest];
  }
  return null;
}

/** The nearest layer that holds the most of a path. */
function nearestWith(layers: readonly Layer[], path: Path): Layer {
  let nearest = layers.at(-1) as Layer;
  let deepest = depthOf(nearest, path);
  for (let index = layers.length - 2; index >= 0; index--) {
    const layer = layers[index] as Layer;
    const depth = depthOf(layer, path);
    if (depth > deepest) {
      nearest = layer;
      deepest = depth;
    }
  }
  return nearest;
}

function depthOf(layer: Layer, path: Path): number {
  let depth = path.length;
  while (depth > 0 && at(layer.content, path.slice(0, depth)) === undefined) depth -= 1;
  return depth;
}

/** Where a value of a layer stands. */
export function placeIn(layer: Layer, path: Path, what: "key" | "value"): Place {
  // A template keeps what an org says of itself under `org`.
  const isOwnField = layer.root.length > 0 && path[0] !== undefined && Object.hasOwn(orgFields, path[0]);
  return { file: layer.file, path: [...layer.root, ...(isOwnField ? ["org"] : []), ...path], what };
}
