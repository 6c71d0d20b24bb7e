import { LIMITS } from "../../limits.ts";
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** Bytes, of which parts are looked at. A Buffer is one; what is in a file is read where it is asked for. */
export interface Span {
  readonly length: number;
  /** As `Buffer.subarray`, without negative places. */
  subarray(start: number, end?: number): Buffer;
}

/** Opens a file for as long as `look` takes. @throws the system's error where there is none */
export function inFile<T>(path: string, look: (archive: Span) => T): T {
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    return look({ length: size, subarray: (start, end = size) => readAt(file, start, Math.min(end, size)) });
  } finally {
    closeSync(file);
  }
}

function readAt(file: number, start: number, end: number): Buffer {
  const bytes = Buffer.alloc(Math.max(0, end - start));
  for (let done = 0; done < bytes.length;) {
    const read = readSync(file, bytes, done, bytes.length - done, start + done);
    if (read === 0) throw new Error("the file became shorter while it was read");
    done += read;
  }
  return bytes;
}

/** A part of one. */
export function part(whole: Span, start: number, end: number): Span {
  return {
    length: end - start,
    subarray: (from, to = end - start) => whole.subarray(start + from, start + Math.min(to, end - start)),
  };
}

/** Several, one behind the other. */
export function joined(parts: readonly Span[]): Span {
  const length = parts.reduce((sum, one) => sum + one.length, 0);
  return { length, subarray: (start, end = length) => Buffer.concat(pieces(parts, start, Math.min(end, length))) };
}

function pieces(parts: readonly Span[], start: number, end: number): readonly Buffer[] {
  const found: Buffer[] = [];
  let at = 0;
  for (const one of parts) {
    const [from, to] = [Math.max(start - at, 0), Math.min(end - at, one.length)];
    if (from < to) found.push(one.subarray(from, to));
    at += one.length;
  }
  return found;
}

/** Hex of the digests, in the order of the algorithms; a piece at a time is held. */
export function hashes(archive: Span, algorithms: readonly string[]): readonly string[] {
  const running = algorithms.map((one) => createHash(one));
  for (let at = 0; at < archive.length; at += LIMITS.heldBytes) {
    const piece = archive.subarray(at, at + LIMITS.heldBytes);
    for (const one of running) one.update(piece);
  }
  return running.map((one) => one.digest("hex"));
}

/** A file that is opened for each look, so that it may be closed meanwhile and its parts read in any order. */
export function ofFile(path: string): Span {
  const length = inFile(path, (whole) => whole.length);
  return { length, subarray: (start, end = length) => inFile(path, (whole) => whole.subarray(start, end)) };
}
