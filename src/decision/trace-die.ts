/**
 * The die of a W3C trace id of 32 hexadecimal digits, from 0 to below 1; null for what is no trace id. One trace has
 * one die everywhere, so it is kept whole or not at all, and a raised sample rate keeps all that it kept before.
 * From the last 56 bits, which are the random ones (W3C Trace Context Level 2 §2.2.3.1), turned around: a trace
 * that OpenTelemetry's consistent probability sampling keeps at a rate is kept here too.
 */
export function traceDie(traceId: string): number | null {
  if (!/^[0-9a-f]{32}$/.test(traceId) || /^0+$/.test(traceId)) return null;
  // 52 of the 56 bits: a number holds them exactly.
  const random = Number.parseInt(traceId.slice(18, 31), 16);
  return (2 ** 52 - 1 - random) / 2 ** 52;
}
