import { type AccessEvent, readAccessEvents } from "../database/read-access-events.ts";
import { findOrgEver, readTimeline, type TimelineEvent } from "../database/read-timeline.ts";
import { addressOf } from "../model/address.ts";
import { type Kind, kinds } from "../model/kinds.ts";
import { kindsInOrder } from "../model/order.ts";
import { changeBetween } from "../plan/change-between.ts";
import { transactionsOf } from "../reconcile/transactions-of.ts";
import { auditText } from "../view/audit-text.ts";
import { fieldsOf } from "../view/plan-json.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import type { Terminal } from "./terminal.ts";
import { unknownOrg } from "./unknown-org.ts";
import { UsageError } from "./usage-error.ts";
import { type DatabaseOptions, placeOf, withDatabase } from "./with-database.ts";

export interface AuditOptions extends DatabaseOptions {
  readonly json: boolean;
  /** From when on, in canonical form. */
  readonly since?: string;
  /** A kind, as addresses say it. */
  readonly kind?: string;
  /** The newest so many events. */
  readonly limit: number;
}

/** Shows what happened in an org, newest first, whoever did it: by its slug, one that it had, or its id. */
export async function audit(org: string, options: AuditOptions, terminal: Terminal): Promise<ExitCode> {
  const { kind, since, limit } = options;
  const wanted = kind === undefined ? undefined : kindsNamed(kind);
  return withDatabase(options, terminal, async (database) => {
    // One more than asked for tells whether that was all.
    const query = { org, limit: limit + 1, ...(since && { since }), ...(wanted && { kinds: wanted }) };
    const found = await readTimeline(database, query);
    // Of a kind are rows; what became of keys is told with all of them.
    const noted = wanted ? [] : await readAccessEvents(database, query);
    if (found.length === 0 && noted.length === 0) {
      const { orgId, slugs } = await findOrgEver(database, org);
      if (orgId === null) return unknownOrg(org, { where: placeOf(database), slugs });
    }
    const { events, access } = newest(found, noted, limit);
    const hasMore = found.length + noted.length > limit;
    const name = found[0] ? (found[0].org ?? "catalog") : org;
    if (options.json) {
      const data = {
        format: "tenantry/audit/v1",
        org: name,
        id: found[0]?.orgId ?? null,
        since: since ?? null,
        hasMore,
        events: [...events.map(eventJson), ...access.map(accessJson(name))].sort(byTime),
      };
      terminal.out(`${JSON.stringify(data, null, 2)}\n`);
      return exitCode.done;
    }
    const subject = `${name}${name === org ? "" : ` (asked for as ${org})`}${since ? `, since ${since.slice(0, 16).replace("T", " ")}Z` : ""}`;
    terminal.out(
      auditText(transactionsOf(events), { subject, access, limit: hasMore ? limit : null }, terminal),
    );
    return exitCode.done;
  });
}

/** The newest of both together. */
function newest(events: readonly TimelineEvent[], access: readonly AccessEvent[], limit: number) {
  const all = [
    ...events.map((event) => ({ at: event.by.at, event })),
    ...access.map((noted) => ({ at: noted.at, noted })),
  ];
  const told = all.sort(byTime).slice(0, limit);
  return {
    events: told.flatMap((one) => ("event" in one ? one.event : [])),
    access: told.flatMap((one) => ("noted" in one ? one.noted : [])),
  };
}

function byTime(a: { readonly at: string }, b: { readonly at: string }): number {
  return timeOf(b) - timeOf(a);
}

/** Canonical times have a fraction only where there is one: as text they are in no order. */
function timeOf({ at }: { readonly at: string }): number {
  return Date.parse(at);
}

/** A word of addresses stands for several kinds: `role` for the catalog's roles and the org's. */
function kindsNamed(word: string): readonly Kind[] {
  const named = kindsInOrder.filter((kind) => kind === word || kinds[kind].label === word);
  if (named.length > 0) return named;
  const known = [...new Set(kindsInOrder.map((kind) => kinds[kind].label || kind))].sort();
  throw new UsageError(`There is no kind "${word}". There are ${known.join(", ")}.`);
}

function eventJson(event: TimelineEvent) {
  const { org, kind, id, before, after, names, by, revision, commit, title } = event;
  const change = changeBetween(before, after, (one) => names.get(one));
  return {
    event: event.event,
    at: by.at,
    action: before === null ? "create" : after === null ? "delete" : "update",
    address: change && addressOf(org, kind, change.key),
    kind,
    id,
    fields: change ? fieldsOf(change) : [],
    by,
    revision,
    commit,
    title,
  };
}

function accessJson(org: string) {
  return ({ event, at, what, keyId, keyName, reason, count, by }: AccessEvent) => ({
    event,
    at,
    action: what,
    address: keyName === null ? null : addressOf(org, "api_key", keyName),
    kind: "access",
    id: keyId,
    fields: [],
    by: { ...by, at },
    revision: null,
    commit: null,
    title: null,
    reason,
    count,
  });
}
