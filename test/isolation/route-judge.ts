import { decoded } from "./route-answer.ts";
import type { AskedRequest } from "./route-request.ts";
import { nobody, type Tenant, tenants } from "./route-tenants.ts";

/** Whose row an id is. */
export type Owners = ReadonlyMap<string, Tenant>;

/** By what it is told whether somebody was named. */
export interface Known {
  readonly other: Tenant;
  readonly owners: Owners;
  /** What was given to be sent back, and what is like it and was given to nobody. */
  readonly opaque: readonly string[];
}

const uuid = /(?<![0-9a-f])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;
/** Whole words, looked for from their beginnings alone: some are thousands of characters long. */
const canary = /(?<![\w@-])[\w@-]*zq(?:north|south)[\w@-]*/gi;

/** What an answer says of each tenant that the request did not say itself. */
export function toldOf(
  answer: string,
  asked: AskedRequest,
  owners: Owners,
): Readonly<Record<Tenant, string[]>> {
  const told: Record<Tenant, string[]> = { zqnorth: [], zqsouth: [] };
  const ids = (answer.match(uuid) ?? []).filter((id) => owners.has(id.toLowerCase()));
  const texts = answer.match(canary) ?? [];
  if (ids.length === 0 && texts.length === 0) return told;
  const said = textOf(asked);
  for (const text of new Set([...ids, ...texts].map((text) => text.toLowerCase()))) {
    if (said.includes(text)) continue;
    for (const tenant of tenants)
      if (text.includes(tenant) || owners.get(text) === tenant) told[tenant].push(text);
  }
  return told;
}

function textOf({ url, headers, payload }: AskedRequest): string {
  const text = [url, payload ?? "", ...Object.values(headers)].join("\n");
  return `${text}\n${decoded(text)}`.toLowerCase();
}

const nobodysId = /00000000-0000-4000-8000-\d{12}/g;

/** An answer with the same name for another tenant and for nobody. What differs still tells them apart. */
export function namelessly(
  answer: string,
  { method }: AskedRequest,
  { other, owners, opaque }: Known,
): string {
  let echoes = 0;
  const mask = (isMasked: boolean, text: string) => {
    if (isMasked) echoes++;
    return isMasked ? "<somebody's>" : text;
  };
  let text = answer
    .replace(nobodysId, (id) => mask(true, id))
    .replace(uuid, (id) => mask(owners.get(id.toLowerCase()) === other, id))
    .replace(stems[other], (name) => mask(true, name));
  for (const given of opaque)
    if (text.includes(given)) text = text.replaceAll(given, () => mask(true, given));
  // The tag is of the answer, with the names that it repeats; also where that answer is not seen.
  return echoes > 0 || method === "HEAD" || answer.startsWith("304")
    ? text.replace(/^etag: .*$/m, "etag")
    : text;
}

/** Behind what all names begin with, which some requests write otherwise. */
const stems: Readonly<Record<Tenant, RegExp>> = {
  zqnorth: stemsOf("zqnorth", nobody),
  zqsouth: stemsOf("zqsouth", nobody),
};

function stemsOf(...names: readonly string[]): RegExp {
  return new RegExp(names.map((name) => name.slice(2)).join("|"), "gi");
}
