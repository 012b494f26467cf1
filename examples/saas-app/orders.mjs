import { withOrg } from "tenantry/client";

// The app works as a role that sees no org but the one it is set to; another role looks up the slug.
const roles = { role: "tenantry_app", lookUpAs: "tenantry_runtime" };

/** More orders wait to be shipped than the org is entitled to. */
export class TooManyOpenOrders extends Error {}

/**
 * The orders of an org. No statement here says whose rows it wants: the database shows each transaction those of its org,
 * also where somebody forgets a condition.
 *
 * @param {import("pg").Pool} pool
 * @param {string} org its slug
 */
export function ordersOf(pool, org) {
  /** @type {<T>(work: (client: import("tenantry/client").OrgClient) => Promise<T>) => Promise<T>} */
  const inOrg = (work) => withOrg(pool, org, work, roles);
  return {
    list: () =>
      inOrg(async (client) => {
        const { rows } = await client.query("select * from app.orders order by placed_at, id");
        return rows.map(shown);
      }),

    /**
     * Throws `TooManyOpenOrders` where so many are open as the limit says.
     * @param {{ item: string, payment: "card" | "invoice", member: string, limit: number | "unlimited" }} order
     */
    place: ({ item, payment, member, limit }) =>
      inOrg(async (client) => {
        // One after another, so that two at once do not both take the last free place.
        await client.query("select pg_advisory_xact_lock(hashtextextended($1, 1))", [org]);
        const { rows: counted } = await client.query(
          "select count(*)::int as open from app.orders where shipped_at is null",
        );
        if (limit !== "unlimited" && counted[0].open >= limit) throw new TooManyOpenOrders();
        const { rows } = await client.query(
          "insert into app.orders (item, payment, placed_by) values ($1, $2, $3) returning *",
          [item, payment, member],
        );
        return shown(rows[0]);
      }),

    /**
     * undefined: the org has no such order.
     * @param {string} id
     */
    ship: (id) =>
      inOrg(async (client) => {
        const { rows } = await client.query(
          "update app.orders set shipped_at = coalesce(shipped_at, now()) where id = $1 returning *",
          [id],
        );
        return rows.map(shown)[0];
      }),
  };
}

/** @param {Record<string, unknown>} row */
function shown({ id, item, payment, placed_by: placedBy, shipped_at: shippedAt }) {
  return { id, item, payment, placedBy, isShipped: shippedAt !== null };
}
