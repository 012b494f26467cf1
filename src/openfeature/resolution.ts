import {
  ErrorCode,
  type FlagMetadata,
  type ResolutionDetails,
  StandardResolutionReasons,
} from "@openfeature/server-sdk";
import type { FlagAnswer, Standing } from "../client/client.ts";
import { openFeatureReasons } from "../decision/openfeature-reason.ts";

/** What the caller asked for, as `typeof` calls it; an object may be a list, too. */
export type FlagType = "boolean" | "string" | "number" | "object";

export interface Wanted<T> {
  readonly type: FlagType;
  readonly fallback: T;
  /** Whether it was asked for a member. */
  readonly isForMember: boolean;
}

/**
 * An answer as OpenFeature has it: the value with its reason, or the caller's fallback with an error code. What was
 * decided while nobody that knows better can be reached is `STALE`; the exact reason is in the metadata.
 */
export function resolutionOf<T>(
  answer: FlagAnswer,
  { revision, isCutOff }: Standing,
  { type, fallback, isForMember }: Wanted<T>,
): ResolutionDetails<T> {
  const { flag, value, variant, reason, decidedBy } = answer;
  const flagMetadata: FlagMetadata =
    decidedBy === null ? { reason, revision } : { reason, decided_by: decidedBy, revision };
  if (reason === "unavailable") {
    // Who never knew anything has not begun; who knew something is in trouble.
    const code = revision === 0 ? ErrorCode.PROVIDER_NOT_READY : ErrorCode.GENERAL;
    return failed(fallback, code, "Nobody that knows can be reached.", flagMetadata);
  }
  if (reason === "unknown-flag") {
    return failed(fallback, ErrorCode.FLAG_NOT_FOUND, `The catalog has no flag ${flag}.`, flagMetadata);
  }
  if (reason === "unknown-org") {
    const message = "There is no such org, or it is not yours to ask about.";
    return failed(fallback, ErrorCode.INVALID_CONTEXT, message, flagMetadata);
  }
  // Of flags only what spreads over shares is undetermined: over the members' here, and none is said.
  if (reason === "undetermined" && !isForMember) {
    const message = `The flag ${flag} is spread over members: say whom by the targetingKey.`;
    return failed(fallback, ErrorCode.TARGETING_KEY_MISSING, message, flagMetadata);
  }
  if (value === null) {
    const message = `The flag ${flag} serves nothing: its default is none of its variants.`;
    return failed(fallback, ErrorCode.GENERAL, message, flagMetadata);
  }
  if (typeof value !== type) {
    const message = `The flag ${flag} is no ${type}.`;
    return failed(fallback, ErrorCode.TYPE_MISMATCH, message, flagMetadata);
  }
  const details: ResolutionDetails<T> = {
    // Answers are shared, and the caller may write to what it gets.
    value: (type === "object" ? structuredClone(value) : value) as T,
    reason: isCutOff ? StandardResolutionReasons.STALE : openFeatureReasons[reason],
    flagMetadata,
  };
  if (variant !== null) details.variant = variant;
  return details;
}

export function failed<T>(
  fallback: T,
  errorCode: ErrorCode,
  errorMessage: string,
  flagMetadata: FlagMetadata = {},
): ResolutionDetails<T> {
  return { value: fallback, reason: StandardResolutionReasons.ERROR, errorCode, errorMessage, flagMetadata };
}
