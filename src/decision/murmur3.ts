const c1 = 0xcc9e2d51;
const c2 = 0x1b873593;

/** MurmurHash3 x86 32-bit of a text's UTF-8 bytes with seed 0 (Austin Appleby, public domain), from 0 to 2³² − 1. */
export function murmur3(text: string): number {
  return murmur3From("")(text);
}

/** The hash of texts that begin alike: `murmur3From(a)(b)` is `murmur3(a + b)`, without joining them. */
export function murmur3From(start: string): (rest: string) => number {
  const blocks = start.length & ~3;
  let begun = 0;
  for (let at = 0; at < blocks; at += 4) begun = withBlock(begun, asciiBlock(start, at));
  let left = 0;
  for (let at = blocks; at < start.length; at++) left |= start.charCodeAt(at) << (8 * (at - blocks));
  const isPlain = isAscii(start);
  return (rest) => {
    if (!isPlain) return murmur3Bytes(new TextEncoder().encode(start + rest));
    let hash = begun;
    let block = left;
    let shift = 8 * (start.length - blocks);
    let seen = 0;
    for (let at = 0; at < rest.length; at++) {
      const code = rest.charCodeAt(at);
      seen |= code;
      block |= code << shift;
      shift += 8;
      if (shift === 32) {
        hash = withBlock(hash, block);
        block = 0;
        shift = 0;
      }
    }
    return seen > 0x7f
      ? murmur3Bytes(new TextEncoder().encode(start + rest))
      : finished(hash, block, start.length + rest.length);
  };
}

function asciiBlock(text: string, at: number): number {
  return (
    text.charCodeAt(at) |
    (text.charCodeAt(at + 1) << 8) |
    (text.charCodeAt(at + 2) << 16) |
    (text.charCodeAt(at + 3) << 24)
  );
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) return false;
  return true;
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
