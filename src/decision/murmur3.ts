const c1 = 0xcc9e2d51;
const c2 = 0x1b873593;

/** MurmurHash3 x86 32-bit of a text's UTF-8 bytes with seed 0 (Austin Appleby, public domain), from 0 to 2³² − 1. */
export function murmur3(text: string): number {
  let hash = 0;
  const blocks = text.length & ~3;
  for (let at = 0; at < blocks; at += 4) {
    const a = text.charCodeAt(at);
    const b = text.charCodeAt(at + 1);
    const c = text.charCodeAt(at + 2);
    const d = text.charCodeAt(at + 3);
    if ((a | b | c | d) > 0x7f) return murmur3Bytes(new TextEncoder().encode(text));
    hash = withBlock(hash, a | (b << 8) | (c << 16) | (d << 24));
  }
  let rest = 0;
  for (let at = text.length - 1; at >= blocks; at--) {
    const code = text.charCodeAt(at);
    if (code > 0x7f) return murmur3Bytes(new TextEncoder().encode(text));
    rest = (rest << 8) | code;
  }
  return finished(hash, rest, text.length);
}

function murmur3Bytes(bytes: Uint8Array): number {
  let hash = 0;
  const blocks = bytes.length & ~3;
  const byte = (at: number) => bytes[at] as number;
  for (let at = 0; at < blocks; at += 4) {
    hash = withBlock(hash, byte(at) | (byte(at + 1) << 8) | (byte(at + 2) << 16) | (byte(at + 3) << 24));
  }
  let rest = 0;
  for (let at = bytes.length - 1; at >= blocks; at--) rest = (rest << 8) | byte(at);
  return finished(hash, rest, bytes.length);
}

function withBlock(hash: number, block: number): number {
  const mixed = hash ^ scrambled(block);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

function scrambled(block: number): number {
  const product = Math.imul(block, c1);
  return Math.imul((product << 15) | (product >>> 17), c2);
}

function finished(hash: number, rest: number, length: number): number {
  let mixed = hash ^ scrambled(rest) ^ length;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
