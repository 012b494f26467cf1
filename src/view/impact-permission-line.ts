import type { HolderEffect, PermissionEffect, Standing } from "../decision/impact/impact.ts";
import type { ImpactLine } from "./impact-lines.ts";
import { allNames, counted, exceptText } from "./impact-names.ts";
import { conditionText } from "./value-text.ts";

/** Permissions that move alike, the role that moves them, and for whom. */
export function permissionLine(effect: PermissionEffect, most: number): ImpactLine {
  const { direction, permissions, role, isDenied } = effect;
  const named =
    permissions.length <= 3 || most > 20 ? permissions.join(", ") : `${permissions.length} permissions`;
  const by = isDenied ? `denied by ${role}` : `as ${role}`;
  const tones = { gains: "gain", loses: "loss", changes: "change" } as const;
  return {
    label: direction,
    tone: tones[direction],
    what: `${named}${changeText(effect)}`,
    ...whomText(effect.holders, by, most),
  };
}

/** What is said of the conditions before and after, where there are any. */
function changeText({ direction, before, after }: PermissionEffect): string {
  const [was, is] = [standingText(before), standingText(after)];
  if (direction === "gains") return before === "never" ? is : ` always, so far only${was}`;
  if (direction === "loses") return after === "never" ? was : lessText(after);
  return `${is}, so far${was}`;
}

/** What is lost where something is kept. */
function lessText(after: Standing): string {
  if (typeof after === "string" || after.when.length > 0) return `, and keeps it only${standingText(after)}`;
  return ` when ${after.unless.map(conditionText).join(", or ")}`;
}

/** ` when resource.status is draft or live unless request.mfa is false`, with a blank before; empty: always or never. */
function standingText(standing: Standing): string {
  if (typeof standing === "string") return "";
  const text = (word: string, conditions: typeof standing.when) =>
    conditions.length === 0 ? "" : ` ${word} ${conditions.map(conditionText).join(", or ")}`;
  return text("when", standing.when) + text("unless", standing.unless);
}

function whomText(holders: readonly HolderEffect[], by: string, most: number) {
  const members = new Map<string, HolderEffect[]>();
  for (const holder of holders) {
    const key = `${holder.org}/${holder.member}`;
    members.set(key, [...(members.get(key) ?? []), holder]);
  }
  const names = [...members.values()].map(holderText);
  if (names.length <= 2) return { whom: `${names.join(", ")}, ${by}`, names: [] };
  const orgs = new Set(holders.map(({ org }) => org)).size;
  const byTeam = [...members.values()].filter((held) => held.every(({ team }) => team !== null)).length;
  const direct = names.length - byTeam;
  const ways = byTeam === 0 ? "" : ` (${counted(direct, "")} directly, ${counted(byTeam, "")} by team)`;
  const whom = `${counted(names.length, "member")} in ${counted(orgs, "org")}, ${by}${ways}`;
  return { whom, names: allNames(names, most) };
}

/** `cy@contractor.example in acme web/live by team release` */
function holderText(held: readonly HolderEffect[]): string {
  const { org, member, team } = held[0] as HolderEffect;
  const places = held.map(placeText).filter((text) => text !== "");
  return `${member} in ${[org, ...places].join(" ")}${team === null ? "" : ` by team ${team}`}`;
}

/** `web/live`, `(every workspace except web)`, `(except web)` */
function placeText({ place, except }: HolderEffect): string {
  const but = exceptText(except);
  if (place.in === "workspaces") return `(every workspace${but})`;
  const stays = but === "" ? "" : `(${but.trimStart()})`;
  return "name" in place ? [place.name, stays].join(" ").trimEnd() : stays;
}
