import { descriptorOf } from "../../src/model/kinds.ts";
import { kindsInOrder } from "../../src/model/order.ts";

export type WorkingRole = "apply" | "runtime" | "app";
export type Privilege = "select" | "insert" | "update" | "delete";

/** What each role may do with a relation, as words in the order of the alphabet; without a word: nothing. */
export type Grants = { readonly [role in WorkingRole]?: string };

const readByBoth = { apply: "select", runtime: "select" };
const ofKinds = { apply: "delete, insert, select, update", runtime: "select", app: "select" };
const ofKeys = { apply: "insert, select, update (expires, revoked_at)", runtime: "select" };

/** Every relation that is no kind of resource. What stands here is what is meant; the tests hold the database to it. */
const beside: { readonly [relation: string]: Grants } = {
  migration: { apply: "select", runtime: "select", app: "select" },
  estate: { apply: "select, update (apply_id, noted, revision, xid)", runtime: "select" },
  revision: { apply: "insert, select", runtime: "select" },
  org_books: {
    apply: "insert (org_id), select, update (applied_counter, desired_digest, next_due, source_digest)",
    runtime: "select",
  },
  audit: readByBoth,
  change_set: readByBoth,
  timeline: readByBoth,
  source: { apply: "delete, insert, select, update" },
  tombstone: { apply: "insert, select" },
  org_key: ofKeys,
  service_key: ofKeys,
  key_state: readByBoth,
  signing_key: { runtime: "insert, select, update (retires)" },
  access_event: {
    apply: "select",
    runtime: "insert (count, event, key_id, key_name, org_id, reason), select",
  },
};

/** Kinds of resource are all granted alike. A relation that nothing is said of is granted to nobody. */
export function grantsOf(relation: string): Grants {
  return kinds.has(relation) ? ofKinds : (beside[relation] ?? {});
}

export function isGranted(role: WorkingRole, relation: string, privilege: Privilege): boolean {
  return (grantsOf(relation)[role] ?? "").includes(privilege);
}

const kinds = new Set<string>(kindsInOrder);

/** The kinds whose rows are tenants'. */
export const tenantKinds = kindsInOrder.filter((kind) => descriptorOf(kind).tier === "org");
