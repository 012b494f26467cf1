/** An amount of money: digits as they were written, because a float would bend them, and an ISO 4217 code. */
export type Price = { readonly amount: string; readonly currency: string };

/** Reads `49.00 USD` or `12_000.00 EUR`; null for anything else. */
export function parsePrice(text: string): Price | null {
  const match = /^(\d+|\d{1,3}(?:_\d{3})+)(\.\d{1,4})? ([A-Z]{3})$/.exec(text);
  if (!match) return null;
  return { amount: `${match[1]?.replaceAll("_", "")}${match[2] ?? ""}`, currency: match[3] as string };
}
