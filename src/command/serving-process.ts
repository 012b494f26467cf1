import type { Surroundings } from "../server/make-server.ts";
import type { Terminal } from "./terminal.ts";

export type StopSignal = "SIGINT" | "SIGTERM";

/** What a server says once it answers. */
export interface Announcement {
  /** How many orgs there are; null where they are read as they are asked for. */
  readonly orgs: number | null;
  readonly revision: number;
  readonly address: string;
}

/** Whom a serving process answers to: a person or a supervisor, or the process that started it as one of several. */
export interface Master {
  readonly announce: (announcement: Announcement) => void;
  /** Resolves with the first signal that tells it to stop. */
  readonly stopped: Promise<StopSignal>;
  readonly gather?: Surroundings["gather"];
  /** Called when all is done. */
  readonly leave: () => void;
}

/** Of a process that serves alone. A second signal ends it at once. */
export function ownMaster(terminal: Terminal): Master {
  return {
    announce: (announcement) => terminal.out(announcementText(announcement)),
    stopped: new Promise((resolve) => {
      const stop = (signal: StopSignal) => {
        process.off("SIGINT", stop).off("SIGTERM", stop);
        resolve(signal);
      };
      process.on("SIGINT", stop).on("SIGTERM", stop);
    }),
    leave: () => {},
  };
}

export function announcementText({ orgs, revision, address }: Announcement): string {
  const served = orgs === null ? "orgs as they are asked for," : `${orgs} orgs`;
  const hint = revision === 0 ? "Nothing was applied yet.\n" : "";
  return `Serving ${served} at revision ${revision} on ${address}\n${hint}`;
}
