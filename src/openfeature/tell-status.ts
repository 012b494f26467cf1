import { ErrorCode, type OpenFeatureEventEmitter, ProviderEvents } from "@openfeature/server-sdk";
import type { FlagClient } from "./heard-orgs.ts";

/** The longest that `setTimeout` can wait; anything longer would be over at once. */
const longestWait = 2 ** 31 - 1;

/**
 * Tells OpenFeature what a client can answer: from what it knows while it is cut off (stale), nothing any more once that is
 * too old (error), and all again (ready). Returns what ends it.
 */
export function tellStatus(client: FlagClient, events: OpenFeatureEventEmitter): () => void {
  let timer: NodeJS.Timeout | undefined;
  const awaitBound = () => {
    const left = client.staleFor - client.standing().age;
    if (left >= 0) {
      timer = setTimeout(awaitBound, Math.min(left + 1, longestWait)).unref();
      return;
    }
    const message = "Nobody that knows can be reached, and what was known is too old.";
    events.emit(ProviderEvents.Error, { errorCode: ErrorCode.GENERAL, message });
  };
  const mayAnswer = () => client.standing().age <= client.staleFor;
  const cutOff = () => {
    events.emit(ProviderEvents.Stale);
    awaitBound();
  };
  const unlisten = client.onTrouble(({ kind }) => {
    clearTimeout(timer);
    if (kind === "cut-off") cutOff();
    else events.emit(ProviderEvents.Ready);
  });
  // Once a provider is initialized OpenFeature takes it for ready; one that knows nothing was not.
  if (client.standing().isCutOff && mayAnswer()) timer = setTimeout(cutOff, 0).unref();
  return () => {
    clearTimeout(timer);
    unlisten();
  };
}
