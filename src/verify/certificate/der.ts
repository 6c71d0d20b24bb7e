import { Fault } from "../fault.ts";

/** One DER element (X.690) as offsets into its buffer: header from `start`, content from `content` to `end`. */
export interface Element {
  readonly tag: number;
  readonly start: number;
  readonly content: number;
  readonly end: number;
}

/** Reads the element at `at`; it must end by `limit`. Lengths are definite and minimal, tags are one byte. @throws Fault */
export function element(der: Buffer, at: number, limit: number): Element {
  const tag = der[at];
  const first = der[at + 1];
  if (at + 2 > limit || tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) return notDer();
  if (first < 0x80) return within({ tag, start: at, content: at + 2, end: at + 2 + first }, limit);
  const count = first & 0x7f;
  if (count === 0 || count > 3 || at + 2 + count > limit) return notDer();
  const length = der.readUIntBE(at + 2, count);
  if (length < 0x80 || length < 2 ** (8 * (count - 1))) return notDer();
  return within({ tag, start: at, content: at + 2 + count, end: at + 2 + count + length }, limit);
}

function within(one: Element, limit: number): Element {
  return one.end > limit ? notDer() : one;
}

/** The elements inside a constructed one; they fill it exactly. */
export function children(der: Buffer, parent: Element): readonly Element[] {
  const found: Element[] = [];
  for (let at = parent.content; at < parent.end;) {
    const child = element(der, at, parent.end);
    found.push(child);
    at = child.end;
  }
  return found;
}

/** The only element of a range, with that tag. */
export function only(der: Buffer, from: number, to: number, tag: number): Element {
  const one = element(der, from, to);
  return one.tag === tag && one.end === to ? one : notDer();
}

export function contentOf(der: Buffer, one: Element): Buffer {
  return der.subarray(one.content, one.end);
}

/** Header and content. */
export function whole(der: Buffer, one: Element): Buffer {
  return der.subarray(one.start, one.end);
}

/** Writes one element. */
export function encode(tag: number, parts: readonly Buffer[]): Buffer {
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  const header =
    size < 0x80
      ? [tag, size]
      : size < 0x100
        ? [tag, 0x81, size]
        : [tag, 0x83, size >> 16, (size >> 8) & 0xff, size & 0xff];
  if (size >= 0x100 && size < 0x10000) header.splice(1, 2, 0x82);
  return Buffer.concat([Buffer.from(header), ...parts]);
}

/** Of a certificate, unless whoever read it knows what it was. */
export class NotDer extends Fault {
  constructor() {
    super("CERTIFICATE_INVALID", "the certificate is not well-formed DER");
    this.name = "NotDer";
  }
}

export function notDer(): never {
  throw new NotDer();
}
