/**
 * Whether an `If-None-Match` names an ETag, compared weakly as RFC 9110 §13.1.2 has it. A tag without quotes counts
 * too, because the protocol's own examples have none. Tags hold neither commas nor quotes.
 */
export function isMatch(etag: string, ifNoneMatch: string | undefined): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === "*") return true;
  const opaque = opaqueTag(etag);
  return ifNoneMatch.split(",").some((tag) => opaqueTag(tag.trim()) === opaque);
}

function opaqueTag(tag: string): string {
  return tag.replace(/^W\//, "").replace(/^"(.*)"$/, "$1");
}
