import { randomUUID } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { FastifyInstance, FastifyServerOptions, RouteOptions } from "fastify";
import { onTestFinished } from "vitest";
import type { Database } from "../../src/database/connect.ts";
import { writePlan } from "../../src/database/write-plan.ts";
import { openAuthenticator } from "../../src/identity/authenticator.ts";
import { reviewEstate } from "../../src/reconcile/review-estate.ts";
import { type LiveEstate, openLiveEstate } from "../../src/runtime/live-estate.ts";
import { makeServer } from "../../src/server/make-server.ts";
import type { Standing } from "../../src/server/standing.ts";

export interface ServedEstate {
  readonly app: FastifyInstance;
  readonly estate: LiveEstate;
  /** Every route there is. */
  readonly routes: readonly RouteOptions[];
  /** What the server takes for now, in milliseconds since 1970; tests may move it. */
  readonly clock: { now: number };
  /** Writes manifests over those that are there, and applies all; gives the revision. The server has not looked yet. */
  readonly apply: (files: Readonly<Record<string, string>>) => Promise<number>;
}

export const origin = "http://localhost:4600";

/** The sample estate of `tenants/`, applied to a real database and served, without a port. Closed after the test. */
export async function serveEstate(
  database: Database,
  options: FastifyServerOptions & {
    readonly maxOrgs?: number | undefined;
    readonly files?: Readonly<Record<string, string>>;
    readonly standing?: Standing;
    /** Whether who asks needs a key. */
    readonly auth?: boolean;
  } = {},
): Promise<ServedEstate> {
  const { maxOrgs, files, standing, auth = false, ...serverOptions } = options;
  const root = mkdtempSync(join(tmpdir(), "tenantry-serve-"));
  const clock = { now: Date.parse("2026-11-20T09:00:00Z") };
  if (!files) cpSync(join(import.meta.dirname, "..", "..", "tenants"), root, { recursive: true });
  const apply: ServedEstate["apply"] = async (changed) => {
    for (const [path, text] of Object.entries(changed)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    const { plan, diagnostics } = await reviewEstate(database, { dir: root, now: new Date(clock.now) });
    if (!plan) throw new Error(JSON.stringify(diagnostics, null, 2));
    const { revision } = await writePlan(database, plan, { applyId: randomUUID(), actor: "test" });
    return revision;
  };
  await apply(files ?? {});
  const estate = await openLiveEstate(database, { maxOrgs, clock: () => clock.now });
  const authenticator = auth
    ? await openAuthenticator(database, { issuer: origin, clock: () => clock.now })
    : null;
  estate.onChange(({ slugs }) => authenticator?.forget(slugs));
  const serving = { estate, authenticator, clock: () => clock.now, maxStale: 60_000, origin };
  const routes: RouteOptions[] = [];
  const onRoute = (route: RouteOptions) => void routes.push(route);
  const app = makeServer(serving, serverOptions, { onRoute, ...(standing ? { standing } : {}) });
  onTestFinished(async () => {
    await app.close();
    await authenticator?.close();
    rmSync(root, { recursive: true, force: true });
  });
  return { app, estate, routes, clock, apply };
}
