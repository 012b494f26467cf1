import cluster from "node:cluster";
import type { Database } from "../database/connect.ts";
import { isAnyKeyMinted } from "../identity/any-key.ts";
import { type Authenticator, openAuthenticator } from "../identity/authenticator.ts";
import { keepFresh } from "../runtime/keep-fresh.ts";
import { openLiveEstate } from "../runtime/live-estate.ts";
import { gracefulClose } from "../server/graceful-close.ts";
import { type LogLevel, logging, logNews } from "../server/log.ts";
import { makeServer } from "../server/make-server.ts";
import { makeStanding } from "../server/standing.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { freePort } from "./free-port.ts";
import { isAnyAddress, listeningAddress, originOf } from "./listening-address.ts";
import { serveWatch } from "./serve-watch.ts";
import { serveWorkers } from "./serve-workers.ts";
import { type Master, ownMaster } from "./serving-process.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";
import { type DatabaseOptions, withDatabase } from "./with-database.ts";
import { workerMaster } from "./worker-master.ts";

export interface ServeOptions extends DatabaseOptions {
  readonly host: string;
  readonly port: number;
  /** Whether who asks needs a key. */
  readonly auth: boolean;
  /** Where clients reach it, where that is not where it listens. */
  readonly origin?: string;
  /** In seconds. */
  readonly maxStale: number;
  readonly maxOrgs?: number;
  /** How many processes to serve with. */
  readonly workers: number;
  /** How long to go on answering after SIGTERM, in seconds. */
  readonly drain: number;
  readonly logLevel: LogLevel;
  /** Applies manifests as they are edited. */
  readonly watch: boolean;
}

/** Answers an app's questions over HTTP until SIGINT or SIGTERM; then ends without dropping a request. */
export async function serve(options: ServeOptions, terminal: Terminal): Promise<ExitCode> {
  const address = listeningAddress(options);
  if (cluster.isWorker) return serveHere(address, options, { terminal, master: workerMaster() });
  const port = await freePort(address, options.port).catch((error) => {
    throw listenFault(error, options);
  });
  if (options.workers > 1) return serveWorkers({ ...options, port }, terminal);
  return serveHere(address, { ...options, port }, { terminal, master: ownMaster(terminal) });
}

/** How long a request waits for what only the database knows, in milliseconds. */
const patience = 2_000;

/** How long the requests under way may take once no more are accepted, in milliseconds. */
const deadline = 10_000;

async function serveHere(
  host: string,
  options: ServeOptions,
  { terminal, master }: { readonly terminal: Terminal; readonly master: Master },
): Promise<ExitCode> {
  const { maxOrgs, port, origin = originOf(host, port) } = options;
  const serving = withDatabase({ ...options, patience: 10_000 }, terminal, async (database) => {
    const standing = makeStanding();
    const authenticator = options.auth ? await openKeys(database, origin) : null;
    const estate = await openLiveEstate(database, { maxOrgs, patience });
    estate.onChange(({ slugs }) => authenticator?.forget(slugs));
    const endWatching = options.watch ? await serveWatch({ database, estate }, options, terminal) : null;
    const server = makeServer(
      { estate, authenticator, clock: Date.now, maxStale: options.maxStale * 1_000, origin },
      logging({ level: options.logLevel, write: terminal.talk }),
      { standing, ...(master.gather ? { gather: master.gather } : {}) },
    );
    const keeping = keepFresh(database, estate, { onNews: (news) => logNews(server.log, news) });
    standing.freshness = keeping.status;
    try {
      const address = await server.listen({ host, port }).catch((error) => {
        throw listenFault(error, options);
      });
      const { revision, orgs } = estate.state();
      master.announce({ orgs: maxOrgs === undefined ? orgs : null, revision, address });
      if (options.auth && options.origin === undefined && isAnyAddress(host)) {
        server.log.warn({}, `no --origin is said: tokens name ${origin} as who issued them`);
      }
      const signal = await master.stopped;
      await endWatching?.();
      const drain = signal === "SIGINT" ? 0 : options.drain * 1_000;
      server.log.info({ reason: signal }, "the server is stopping");
      const cut = await gracefulClose(server, standing, { drain, deadline });
      if (cut > 0) server.log.warn({ cut }, "connections had to be cut");
    } finally {
      await server.close();
      await endWatching?.();
      await keeping.end();
      await authenticator?.close();
    }
    return exitCode.done;
  });
  // Also of what ended before it served: a worker that does not leave would be waited for.
  return serving.finally(master.leave);
}

/** Throws `UsageError` where there is no key that anybody could ask with. */
async function openKeys(database: Database, issuer: string): Promise<Authenticator> {
  if (await isAnyKeyMinted(database)) return openAuthenticator(database, { issuer, clock: Date.now });
  throw new UsageError(
    "There is no key yet, and nobody could ask. Mint one with `tenantry keys create --service NAME`; or start with --no-auth, which lets whoever is on this machine ask anything.",
  );
}

/** What to do where nothing can be listened on. */
function listenFault(error: NodeJS.ErrnoException, { host, port }: ServeOptions): Error {
  if (error.code === "EADDRINUSE") {
    return new UsageError(
      `Something listens on port ${port} of ${host} already. Say another with --port, or --port 0 for any that is free.`,
    );
  }
  if (error.code === "EACCES") {
    return new UsageError(`Port ${port} may not be listened on by you. Say one from 1024 on with --port.`);
  }
  if (error.code === "EADDRNOTAVAIL") {
    return new UsageError(`This machine has no address ${host}. Leave --host out, or say 127.0.0.1.`);
  }
  return error;
}
