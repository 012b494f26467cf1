/** Why a server gave no answer. */
export type TroubleCode =
  /** No connection, or one that broke. */
  | "unreachable"
  | "timeout"
  /** It says that it cannot answer now, or answers what is no answer. */
  | "unavailable"
  /** It knows less than was told before. */
  | "behind"
  /** It does not take the key. */
  | "unauthorized";

interface MoreOfTrouble {
  readonly cause?: unknown;
  readonly isForAll?: boolean;
  readonly isPassing?: boolean;
  readonly pause?: number;
}

/** The server gave no answer, and it may give one another time. */
export class NoAnswer extends Error {
  readonly code: TroubleCode;
  /** Whether it is known that whoever asks something else would get none either. */
  readonly isForAll: boolean;
  /** Whether the same may be answered a moment later. */
  readonly isPassing: boolean;
  /** How long the server asks to be left alone, in milliseconds. */
  readonly pause: number;

  constructor(code: TroubleCode, message: string, more: MoreOfTrouble = {}) {
    super(message, more.cause === undefined ? {} : { cause: more.cause });
    this.name = "NoAnswer";
    this.code = code;
    this.isForAll = more.isForAll ?? false;
    this.isPassing = more.isPassing ?? false;
    this.pause = more.pause ?? 0;
  }
}

/** The server does not take the question as it is: the caller has to ask otherwise. */
export class QuestionRefused extends Error {
  /** `urn:tenantry:problem:bad-request` */
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.name = "QuestionRefused";
    this.type = type;
  }
}
