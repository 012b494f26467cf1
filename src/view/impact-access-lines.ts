import type { KeyEffect, PendingEffect, PromisedGrant, RowPlace } from "../decision/impact/impact.ts";
import type { ImpactLine } from "./impact-lines.ts";
import { counted, namedOrCounted } from "./impact-names.ts";

/** What the invited and those who join by their domain will hold; a row is named where it is the only one. */
export function pendingLine({ by, before, after, at }: PendingEffect, most: number): ImpactLine {
  const noun = by === "join" ? "join rule" : "invitation";
  const [first] = at;
  const of = first && isAlone(at) ? `${by} ${first.key}` : `${noun}s`;
  return {
    label: "pending",
    tone: toneOf(
      isWithin(before.map(grantText), after.map(grantText)),
      isWithin(after.map(grantText), before.map(grantText)),
    ),
    what: `${of}: ${grantsText(before)} → ${grantsText(after)}`,
    ...rowsText(at, noun, most),
  };
}

/** `deploy: + document:delete − document:read` */
export function keyLine({ gains, loses, at }: KeyEffect, most: number): ImpactLine {
  const moves = [
    ...(gains.length > 0 ? [`+ ${gains.join(", ")}`] : []),
    ...(loses.length > 0 ? [`− ${loses.join(", ")}`] : []),
  ].join(" ");
  const [first] = at;
  return {
    label: "keys",
    tone: toneOf(loses.length === 0, gains.length === 0),
    what: first && isAlone(at) ? `${first.key}: ${moves}` : moves,
    ...rowsText(at, "key", most),
  };
}

function toneOf(isMore: boolean, isLess: boolean): ImpactLine["tone"] {
  if (isMore) return "gain";
  return isLess ? "loss" : "change";
}

function isWithin(few: readonly string[], many: readonly string[]): boolean {
  return few.every((each) => many.includes(each));
}

/** Whether the rows have one name, in however many orgs. */
function isAlone(at: readonly RowPlace[]): boolean {
  return at.every(({ key }) => key === at[0]?.key);
}

function rowsText(at: readonly RowPlace[], noun: string, most: number) {
  const orgs = at.map(({ org }) => org);
  if (isAlone(at)) return namedOrCounted(orgs, counted(orgs.length, "org"), most);
  const count = `${counted(at.length, noun)} in ${counted(new Set(orgs).size, "org")}`;
  return namedOrCounted(
    at.map(({ org, key }) => `${key} in ${org}`),
    count,
    most,
  );
}

function grantsText(grants: readonly PromisedGrant[]): string {
  return grants.length === 0 ? "none" : grants.map(grantText).join(", ");
}

/** `editor in web`, `team release` */
function grantText(grant: PromisedGrant): string {
  if ("team" in grant) return `team ${grant.team}`;
  const { role, place } = grant;
  return "name" in place ? `${role} ${place.in === "resource" ? "on" : "in"} ${place.name}` : role;
}
