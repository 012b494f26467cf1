import {
  ErrorCode,
  type EvaluationContext,
  type JsonValue,
  OpenFeatureEventEmitter,
  type Provider,
  ProviderEvents,
  ProviderNotReadyError,
  type ResolutionDetails,
} from "@openfeature/server-sdk";
import type { Answer, FlagAnswer } from "../client/client.ts";
import { QuestionRefused } from "../client/trouble.ts";
import { askedFlag } from "./asked-flag.ts";
import { type FlagClient, type HeardOrgs, hearOrgs } from "./heard-orgs.ts";
import { type FlagType, failed, resolutionOf, type Wanted } from "./resolution.ts";
import { tellStatus } from "./tell-status.ts";

export interface ProviderOptions {
  /** The slug of the org that is asked about where the context names none; the client's own where nothing is said. */
  readonly org?: string;
}

/**
 * OpenFeature's flags from a client, over HTTP or in process. The evaluation context says the `org`, and with
 * `workspace` and `environment` the place; its `targetingKey` is the member, by address or user id, and everything else
 * an attribute of the request. The client stays the caller's: it is not closed with the provider.
 */
export class TenantryProvider implements Provider {
  readonly metadata = { name: "tenantry" };
  readonly runsOn = "server";
  readonly events = new OpenFeatureEventEmitter();
  readonly #client: FlagClient;
  readonly #org: string | null;
  readonly #orgs: HeardOrgs;
  #unlisten = () => {};

  constructor(client: FlagClient, { org }: ProviderOptions = {}) {
    this.#client = client;
    this.#org = org ?? null;
    this.#orgs = hearOrgs(client, (slug) =>
      this.events.emit(ProviderEvents.ConfigurationChanged, slug === null ? {} : { metadata: { org: slug } }),
    );
  }

  /** Rejects where nothing can be answered: nobody that knows is reached in the client's time, and nothing is known. */
  async initialize(): Promise<void> {
    // Who only waits for changes never asks.
    if (this.#org !== null) this.#orgs.asking(this.#org);
    const canAnswer = await this.#canAnswer();
    this.#unlisten();
    // It goes on trying: where it could not begin, OpenFeature is told when it can.
    this.#unlisten = tellStatus(this.#client, this.events);
    if (!canAnswer) throw new ProviderNotReadyError("Nobody that knows can be reached.");
  }

  async #canAnswer(): Promise<boolean> {
    try {
      // Whether there is such a flag does not matter: that there is none is an answer, too.
      const asked = this.#org === null ? this.#client : this.#client.org(this.#org);
      const [answer] = await asked.check([{ flag: "any" }]);
      return answer?.reason !== "unavailable" || this.#client.standing().age <= this.#client.staleFor;
    } catch (error) {
      if (error instanceof QuestionRefused) return true;
      throw error;
    }
  }

  async onClose(): Promise<void> {
    this.#unlisten();
    this.#orgs.close();
  }

  resolveBooleanEvaluation(
    flag: string,
    fallback: boolean,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<boolean>> {
    return this.#resolve(flag, "boolean", fallback, context);
  }

  resolveStringEvaluation(
    flag: string,
    fallback: string,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<string>> {
    return this.#resolve(flag, "string", fallback, context);
  }

  resolveNumberEvaluation(
    flag: string,
    fallback: number,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<number>> {
    return this.#resolve(flag, "number", fallback, context);
  }

  resolveObjectEvaluation<T extends JsonValue>(
    flag: string,
    fallback: T,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<T>> {
    return this.#resolve(flag, "object", fallback, context);
  }

  /** In process without waiting: the promise is there because OpenFeature wants one. */
  #resolve<T>(
    flag: string,
    type: FlagType,
    fallback: T,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<T>> {
    const asked = askedFlag(flag, context);
    if (typeof asked === "string") return Promise.resolve(failed(fallback, ErrorCode.INVALID_CONTEXT, asked));
    const { query, org } = asked;
    const wanted = { type, fallback, isForMember: query.member !== undefined };
    const answers = this.#orgs.asking(org ?? this.#org).check([query]);
    return "then" in answers
      ? answers.then((given) => this.#resolution(given, wanted))
      : Promise.resolve(this.#resolution(answers, wanted));
  }

  #resolution<T>([answer]: readonly Answer[], wanted: Wanted<T>): ResolutionDetails<T> {
    return resolutionOf(answer as FlagAnswer, this.#client.standing(), wanted);
  }
}
