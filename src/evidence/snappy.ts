import { Buffer } from "node:buffer";

/** Not a block of Snappy, or one that says that it is larger than it may be. */
export class SnappyFault extends Error {}

/**
 * Unpacks one raw block of Snappy (google/snappy, format_description.txt). Its length is in front, and is compared before
 * anything is unpacked; what does not come to exactly that length is none. @throws SnappyFault
 */
export function unpackSnappy(block: Buffer, maxBytes: number): Buffer {
  const { value: length, next } = readLength(block);
  if (length > maxBytes) throw new SnappyFault(`larger than ${maxBytes} bytes`);
  const unpacked = Buffer.alloc(length);
  const state = { at: next, done: 0 };
  while (state.at < block.length) readElement(block, unpacked, state);
  if (state.done !== length) return broken();
  return unpacked;
}

/** Where reading and writing are. */
interface State {
  at: number;
  done: number;
}

/** A little-endian number of seven bits a byte, at most 2^32 - 1. */
function readLength(block: Buffer): { readonly value: number; readonly next: number } {
  let value = 0;
  for (let at = 0; at < 5; at++) {
    const byte = block[at] ?? broken();
    value += (byte & 0x7f) * 2 ** (7 * at);
    if (byte < 0x80) return value < 2 ** 32 ? { value, next: at + 1 } : broken();
  }
  return broken();
}

function readElement(block: Buffer, unpacked: Buffer, state: State): void {
  const tag = block[state.at++] ?? broken();
  switch (tag & 3) {
    case 0:
      return copyLiteral(block, unpacked, state, tag >> 2);
    case 1:
      return copyBack(unpacked, state, ((tag >> 5) << 8) | take(block, state, 1), ((tag >> 2) & 7) + 4);
    case 2:
      return copyBack(unpacked, state, take(block, state, 2), (tag >> 2) + 1);
    default:
      return copyBack(unpacked, state, take(block, state, 4), (tag >> 2) + 1);
  }
}

/** From 60 on the length is in one to four bytes of its own. */
function copyLiteral(block: Buffer, unpacked: Buffer, state: State, short: number): void {
  const length = (short < 60 ? short : take(block, state, short - 59)) + 1;
  if (length > block.length - state.at || length > unpacked.length - state.done) return broken();
  block.copy(unpacked, state.done, state.at, state.at + length);
  state.at += length;
  state.done += length;
}

/** A copy may reach into itself: what it has just written is repeated. */
function copyBack(unpacked: Buffer, state: State, offset: number, length: number): void {
  if (offset === 0 || offset > state.done || length > unpacked.length - state.done) return broken();
  for (let n = 0; n < length; n++, state.done++) unpacked[state.done] = unpacked[state.done - offset]!;
}

function take(block: Buffer, state: State, bytes: number): number {
  if (state.at + bytes > block.length) return broken();
  const value = block.readUIntLE(state.at, bytes);
  state.at += bytes;
  return value;
}

function broken(): never {
  throw new SnappyFault("not a block of Snappy");
}
