/** Every DER text that differs from a given one in one element, with the lengths around it put right. */
import { type Element, children, contentOf, encode, whole } from "../../src/verify/certificate/der.ts";

interface DerMutant {
  /** Where, as the numbers of the elements from the outside in, and what was done. */
  readonly name: string;
  readonly der: Buffer;
}

const CONSTRUCTED = 0x20;
const NULL = Buffer.from([5, 0]);

const CHANGES: readonly (readonly [string, (element: Buffer, content: Buffer, tag: number) => Buffer])[] = [
  ["removed", () => Buffer.alloc(0)],
  ["emptied", (_, __, tag) => encode(tag, [])],
  ["doubled", (element) => Buffer.concat([element, element])],
  ["null", () => NULL],
  ["of another tag", (_, content, tag) => encode(tag ^ 0x01, [content])],
  ["cut", (_, content, tag) => encode(tag, [content.subarray(0, -1)])],
  ["longer", (_, content, tag) => encode(tag, [content, Buffer.from([0])])],
  ["other bytes", (_, content, tag) => encode(tag, [Buffer.alloc(content.length, 0x55)])],
  ["one inside", (element, _, tag) => encode(tag, [element])],
];

/** In order of the elements, each with every change. */
export function derMutants(der: Buffer): readonly DerMutant[] {
  const [outer] = children(der, { tag: 0, start: 0, content: 0, end: der.length });
  return outer === undefined ? [] : mutantsOf(der, outer, "0");
}

function mutantsOf(der: Buffer, one: Element, name: string): readonly DerMutant[] {
  const here = CHANGES.map(([how, change]) => ({
    name: `${name} ${how}`,
    der: change(whole(der, one), contentOf(der, one), one.tag),
  }));
  const inner = (one.tag & CONSTRUCTED) === 0 ? [] : children(der, one);
  const below = inner.flatMap((child, n) =>
    mutantsOf(der, child, `${name}.${n}`).map((mutant) => ({
      name: mutant.name,
      der: encode(
        one.tag,
        inner.map((other, at) => (at === n ? mutant.der : whole(der, other))),
      ),
    })),
  );
  return [...here, ...below];
}
