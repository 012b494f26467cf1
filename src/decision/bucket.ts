import { murmur3From } from "./murmur3.ts";

/** How many buckets there are: a percentage with three decimals is a whole number of them. */
export const bucketCount = 100_000;

/**
 * The bucket of an org or member, from 0 to 99,999: always the same for a salt and an id. Who is in the
 * first n buckets is also in the first n + 1, so nobody loses an answer as a share grows.
 */
export function bucketOf(salt: string, id: string): number {
  return bucketsBy(salt)(id);
}

export type BucketOf = (id: string) => number;

/** `bucketOf` for many ids: what the salt adds to the hash is worked out once. */
export function bucketsBy(salt: string): BucketOf {
  const hash = murmur3From(`${salt}.`);
  return (id) => Math.floor((hash(id) * bucketCount) / 2 ** 32);
}

/** How many buckets a percentage stands for. */
export function bucketsOf(percent: number): number {
  return Math.round((percent * bucketCount) / 100);
}
