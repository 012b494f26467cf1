import type {
  EntitlementEffect,
  EntitlementPlace,
  FlagAnswer,
  FlagEffect,
  Impact,
  Money,
  OrgEffect,
  RateLimitEffect,
  TraceCapture,
} from "../decision/impact/impact.ts";
import type { EntitlementValue, Rate } from "../model/quantity.ts";
import { quantityText } from "../model/quantity.ts";
import { keyLine, pendingLine } from "./impact-access-lines.ts";
import { allNames, counted, exceptText, namedOrCounted } from "./impact-names.ts";
import { permissionLine } from "./impact-permission-line.ts";
import { plainText } from "./value-text.ts";

/** One thing that is decided differently. */
export interface ImpactLine {
  readonly label: string;
  readonly tone: "gain" | "loss" | "change";
  /** What moves, from what to what. */
  readonly what: string;
  /** Whom it concerns: counts, or the names themselves where they are few. */
  readonly whom: string;
  /** The names of the many; none where `whom` names them. */
  readonly names: readonly string[];
}

/** The lines of an impact, people first; at most so many names each. */
export function impactLines(impact: Impact, most: number): ImpactLine[] {
  const lost = impact.loseEverything.map(({ org, member, because }) => `${member} in ${org} (${because})`);
  const orgs = (names: readonly string[]) => namedOrCounted(names, counted(names.length, "org"), most);
  return [
    ...orgLines(impact.orgs, most),
    ...impact.permissions
      .filter(({ direction }) => direction === "gains")
      .map((each) => permissionLine(each, most)),
    ...(lost.length === 0
      ? []
      : [line("loses", "loss", "everything", namedOrCounted(lost, counted(lost.length, "member"), most))]),
    ...impact.permissions
      .filter(({ direction }) => direction !== "gains")
      .map((each) => permissionLine(each, most)),
    ...impact.secondFactor.map(({ org, isRequired, members }) =>
      line("sign-in", "change", isRequired ? "needs a second factor" : "needs no second factor", {
        whom: `${counted(members, "member")} in ${org}`,
        names: [],
      }),
    ),
    ...impact.ssoLost.map(({ org, members, ofMembers }) =>
      line("sign-in", "loss", `${org} loses sso`, {
        whom: `${members} of ${counted(ofMembers, "member")} have an address of its SSO domains`,
        names: [],
      }),
    ),
    ...impact.pending.map((effect) => pendingLine(effect, most)),
    ...impact.keys.map((effect) => keyLine(effect, most)),
    ...impact.plans.map(({ before, after, orgs: names }) =>
      line("plan", "change", `${before ?? "none"} → ${after ?? "none"}`, orgs(names)),
    ),
    ...impact.entitlements.map((effect) => entitlementLine(effect, most)),
    ...impact.rateLimits.map((effect) => rateLimitLine(effect, most)),
    ...moneyLines(impact.money, most),
    ...impact.flags.map((effect) => flagLine(effect, most)),
    ...impact.traces.map(({ before, after, orgs: names }) =>
      line("traces", "change", `${captureText(before)} → ${captureText(after)}`, orgs(names)),
    ),
  ];
}

type Whom = Pick<ImpactLine, "whom" | "names">;

function line(label: string, tone: ImpactLine["tone"], what: string, whom: Whom): ImpactLine {
  return { label, tone, what, ...whom };
}

/** Orgs that come, go, stop or start, each kind in one line. */
function orgLines(orgs: readonly OrgEffect[], most: number): ImpactLine[] {
  const tones = { new: "gain", started: "gain", gone: "loss", stopped: "loss" } as const;
  const words = { new: "new", started: "active again", gone: "gone", stopped: "lose everything" };
  return (["new", "started", "stopped", "gone"] as const).flatMap((change) => {
    const alike = orgs.filter((each) => each.change === change);
    if (alike.length === 0) return [];
    const members = alike.reduce((sum, each) => sum + each.members, 0);
    const names = alike.map(({ org, status }) => (change === "stopped" ? `${org} (${status})` : org));
    const { whom, names: more } = namedOrCounted(names, counted(alike.length, "org"), most);
    return [
      line("orgs", tones[change], words[change], {
        whom: `${whom} with ${counted(members, "member")}`,
        names: more,
      }),
    ];
  });
}

function entitlementLine({ feature, before, after, at, why }: EntitlementEffect, most: number): ImpactLine {
  const names = at.map(placeText);
  const what = `${feature} ${amountText(before)} → ${amountText(after)}${overrideText(why)}`;
  return line("entitled", "change", what, namedOrCounted(names, counted(names.length, "org"), most));
}

function rateLimitLine({ limit, before, after, orgs, why }: RateLimitEffect, most: number): ImpactLine {
  const what = `${limit} ${amountText(before)} → ${amountText(after)}${overrideText(why)}`;
  return line("limits", "change", what, namedOrCounted(orgs, counted(orgs.length, "org"), most));
}

/** `acme except web/live`, `acme web` */
function placeText({ org, place, except }: EntitlementPlace): string {
  return `${place === null ? org : `${org} ${place}`}${exceptText(except)}`;
}

function overrideText({ before, after }: { readonly before: string | null; readonly after: string | null }) {
  if (after === "override") return ", by an override";
  return before === "override" ? ", its override gone" : "";
}

function amountText(value: EntitlementValue | Rate | null): string {
  return value === null ? "none" : quantityText(value);
}

/** The total of each currency, then the orgs that it is made of. */
function moneyLines({ total, orgs, unpriced }: Money, most: number): ImpactLine[] {
  const lines = total.map(({ currency, amount }) => {
    const names = orgs.flatMap(({ org, monthly }) =>
      monthly.filter((each) => each.currency === currency).map((each) => `${org} ${moneyText(each.amount)}`),
    );
    const count = counted(names.length, "org");
    return line(
      "money",
      "change",
      `${moneyText(amount)} ${currency} a month`,
      namedOrCounted(names, count, most),
    );
  });
  if (unpriced.length === 0) return lines;
  const whom = namedOrCounted(unpriced, counted(unpriced.length, "org"), most);
  return [...lines, line("money", "change", "no monthly price is known", whom)];
}

/** `−1,451.00` */
function moneyText(amount: string): string {
  const grouped = amount.replace("-", "").replace(/\B(?=(?:\d{3})+\.)/g, ",");
  return `${amount.startsWith("-") ? "−" : "+"}${grouped}`;
}

function flagLine(
  { flag, before, after, at, members, ofMembers, orgs, ofOrgs }: FlagEffect,
  most: number,
): ImpactLine {
  const names = at.map((each) => `${placeText(each)}${each.members === null ? "" : ` (${each.members})`}`);
  const count =
    ofMembers === null
      ? `${number(orgs)} of ${counted(ofOrgs, "org")} asked`
      : `${number(members ?? 0)} of ${counted(ofMembers, "member")} asked`;
  const what = `${flag} ${answerText(before)} → ${answerText(after)}`;
  return line("flags", "change", what, { whom: count, names: allNames(names, most) });
}

function answerText({ value, variant, certainty }: FlagAnswer): string {
  if (certainty === "missing") return "not there";
  const text = variant ?? plainText(value);
  if (certainty === "undetermined") return `${text} until its share is known`;
  return text;
}

function number(count: number): string {
  return counted(count, "").trim();
}

function captureText({ mode, sampleRate, retentionDays }: TraceCapture): string {
  if (mode === "none") return "none";
  const share = mode === "sampled" ? `${Number((sampleRate * 100).toFixed(3))}%` : mode.replace("_", " ");
  return `${share} for ${retentionDays} days`;
}
