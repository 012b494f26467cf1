import { closeSync, openSync, readSync } from "node:fs";

/** Where files are read to, one behind the other: thousands of small buffers would keep the garbage collector busy. */
let slab = Buffer.alloc(0);
let used = 0;
const slabLength = 4 * 1024 * 1024;
/** A file may at first have so much; most are far smaller. */
const firstLength = 64 * 1024;

/** The bytes of a file; null where it has more than `most`. */
export function readUpTo(path: string, most: number): Buffer | null {
  const file = openSync(path, "r");
  try {
    if (slab.length - used < firstLength) [slab, used] = [Buffer.allocUnsafeSlow(slabLength), 0];
    let bytes = slab.subarray(used, used + firstLength);
    let length = fill(file, bytes, 0);
    if (length < firstLength) {
      used += length;
      return bytes.subarray(0, length);
    }
    while (length === bytes.length) {
      if (length > most) return null;
      const wider = Buffer.allocUnsafeSlow(bytes.length * 4);
      bytes.copy(wider);
      bytes = wider;
      length = fill(file, bytes, length);
    }
    return length > most ? null : bytes.subarray(0, length);
  } finally {
    closeSync(file);
  }
}

/** Reads to the end of the file or of the room. Only a read of nothing is the end: one may give less than there is. */
function fill(file: number, room: Buffer, from: number): number {
  let filled = from;
  while (filled < room.length) {
    const read = readSync(file, room, filled, room.length - filled, null);
    if (read === 0) break;
    filled += read;
  }
  return filled;
}
