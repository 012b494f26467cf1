import type { LiveEstate } from "../runtime/live-estate.ts";
import { type InProcess, LocalOrg } from "./local-org.ts";

/** The orgs of an estate in memory, as a client in process asks about them. */
export interface LocalOrgs {
  readonly org: (slug: string) => LocalOrg;
  /** From now on nothing is known. */
  readonly end: () => void;
}

export interface LocalOrgsOptions {
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** From which age on what is known answers nothing, in milliseconds. */
  readonly maxStale: number;
}

/** The estate has to hold all orgs. */
export function localOrgs(
  estate: Pick<LiveEstate, "org" | "onChange" | "state">,
  { clock, maxStale }: LocalOrgsOptions,
): LocalOrgs {
  let isEnded = false;
  // It is asked with every question, and as long as it holds a comparison is enough.
  let freshUntil = Number.NEGATIVE_INFINITY;
  const process: InProcess = {
    estate,
    clock,
    isFresh(now) {
      if (now <= freshUntil) return true;
      if (isEnded) return false;
      freshUntil = estate.state().seenAt + maxStale;
      return now <= freshUntil;
    },
  };
  return {
    org: (slug) => new LocalOrg(slug, process),
    end() {
      isEnded = true;
      freshUntil = Number.NEGATIVE_INFINITY;
    },
  };
}
