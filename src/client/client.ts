import type { Attributes } from "../decision/question.ts";
import type { Reason } from "../decision/reason.ts";
import type { EntitlementValue } from "../model/quantity.ts";
import type { Value } from "../model/value.ts";

/**
 * The names that a catalog declares, as types: `tenantry schema --types` writes them, so that what is misspelt does not
 * compile. What is not narrowed takes any name.
 */
export interface Vocabulary {
  readonly permissions: string;
  readonly flags: { readonly [flag: string]: Value };
  readonly features: { readonly [feature: string]: EntitlementValue | null };
}

/** Where and with what a question is asked; the org as a whole where nothing is said. */
export interface About {
  readonly workspace?: string;
  /** With its workspace: `web/live`. */
  readonly environment?: string;
  /** `mfa`, and the attributes of requests that the catalog declares. */
  readonly context?: Attributes;
}

/** Whom a flag is asked for, too: an email address, in any case, or the app's id of the user. */
export interface AboutMember extends About {
  readonly member?: string;
}

export interface Resource {
  readonly type: string;
  readonly id?: string;
  /** What the estate itself knows of the resource beats what is said here. */
  readonly attributes?: Attributes;
}

/** Asks for one thing; several are asked together by `check`. */
export type Query<V extends Vocabulary = Vocabulary> = AboutMember &
  (
    | { readonly permission: V["permissions"]; readonly resource?: Resource }
    | { readonly flag: keyof V["flags"] & string; readonly resource?: Resource }
    | { readonly entitlement: keyof V["features"] & string }
  );

interface Decided {
  /** `unavailable`: nobody that knows could be reached, and what was known is too old. */
  readonly reason: Reason | "unavailable";
  /** The address of what decided it: `catalog/role/editor#grants/1`; null: nothing did. */
  readonly decidedBy: string | null;
}

/** One for each question of `check`, in order. */
export type Answer = PermissionAnswer | FlagAnswer | EntitlementAnswer;

export interface PermissionAnswer extends Decided {
  readonly kind: "permission";
  readonly permission: string;
  readonly allowed: boolean;
  /** The binding by which the role is held; null: none is. */
  readonly through: string | null;
}

export interface FlagAnswer extends Decided {
  readonly kind: "flag";
  readonly flag: string;
  /** null: the catalog has no such flag. */
  readonly value: Value;
  readonly variant: string | null;
}

export interface EntitlementAnswer extends Decided {
  readonly kind: "entitlement";
  readonly entitlement: string;
  readonly entitled: boolean;
  /** A switch, a limit (a number or `unlimited`), a quota or a choice; null: none. */
  readonly value: EntitlementValue | null;
  /** The subscription that brings the plan; null: none does. */
  readonly through: string | null;
}

/** An answer with everything that was looked at for it, as `tenantry check --explain --json` prints it. */
export interface Explanation {
  readonly answer: Answer;
  readonly explanation: object;
}

/** From what answers are given, and how old that is. */
export interface Standing {
  /** 0 before anything is known. */
  readonly revision: number;
  /** How long ago it was last known to be so, in milliseconds; `Infinity` before anything is known. */
  readonly age: number;
  /** Whether it is answered from what is known, because whoever knows better cannot be reached. */
  readonly isCutOff: boolean;
}

/** What becomes of reaching whoever knows: told once when it cannot be, and once when it can again. */
export type Trouble = { readonly kind: "cut-off"; readonly error: Error } | { readonly kind: "back" };

/** Something that is there at once, or later. */
type Sooner<Mode extends "now" | "later", T> = Mode extends "now" ? T : Promise<T>;

/**
 * Asks about one org. Whatever is not known is a no with its reason, never an error. Where nobody that knows can be
 * reached, answers are those that are known for as long as the client's bound allows; after that every permission and
 * entitlement is a no (`unavailable`), and every flag the caller's fallback.
 */
export interface OrgQuestions<V extends Vocabulary, Mode extends "now" | "later"> {
  can(
    member: string | null,
    permission: V["permissions"],
    resource?: Resource,
    about?: About,
  ): Sooner<Mode, boolean>;
  /**
   * The fallback where there is no such flag, its value is of another type than the fallback (`null` is of any), or nobody
   * knows.
   */
  flag<F extends keyof V["flags"] & string>(
    key: F,
    about: AboutMember,
    fallback: V["flags"][F],
  ): Sooner<Mode, V["flags"][F]>;
  entitled(feature: keyof V["features"] & string, about?: About): Sooner<Mode, boolean>;
  /**
   * One answer for each question, in order, all from one revision. Throws `RangeError` for more than a thousand, and
   * `TypeError` for a question that asks for nothing.
   */
  check(queries: readonly Query<V>[]): Sooner<Mode, readonly Answer[]>;
  explain(query: Query<V>): Sooner<Mode, Explanation>;
  /** Calls back after each change that may make answers about the org differ; returns what ends it. */
  onChange(listener: () => void): () => void;
}

interface Shared<V extends Vocabulary, Mode extends "now" | "later"> {
  /** Asks about the org of that slug. */
  org(slug: string): OrgQuestions<V, Mode>;
  standing(): Standing;
  /** How long what is known is answered from while whoever knows better cannot be reached, in milliseconds. */
  readonly staleFor: number;
  /** Calls back when it is cut off, and when that is over; returns what ends it. */
  onTrouble(listener: (trouble: Trouble) => void): () => void;
  /** Ends connections and timers. From then on nobody knows: what is asked is answered as where nobody can be reached. */
  close(): Promise<void>;
}

/** Asks a server over HTTP. Itself it asks about the org that it was made for, or whose key it has. */
export interface Client<V extends Vocabulary = Vocabulary>
  extends OrgQuestions<V, "later">,
    Shared<V, "later"> {
  readonly mode: "later";
}

/** Answers in this process, from a snapshot of the database that it keeps fresh. Itself it asks about the org that it was made for. */
export interface LocalClient<V extends Vocabulary = Vocabulary>
  extends OrgQuestions<V, "now">,
    Shared<V, "now"> {
  readonly mode: "now";
}
