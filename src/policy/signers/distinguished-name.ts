import type { NameAttribute } from "../../model/notary.ts";

/** Short names that may be written (RFC 4514 section 3, and those of companies' certificates), as they are compared. */
const TYPES: Readonly<Record<string, string>> = {
  CN: "CN",
  C: "C",
  ST: "ST",
  S: "ST",
  L: "L",
  O: "O",
  OU: "OU",
  STREET: "STREET",
  POSTALCODE: "POSTALCODE",
  SERIALNUMBER: "SERIALNUMBER",
  DC: "DC",
  UID: "UID",
  E: "1.2.840.113549.1.9.1",
  EMAILADDRESS: "1.2.840.113549.1.9.1",
};

/** What a name must have: each attribute once. */
export type NamePattern = readonly { readonly type: string; readonly value: string }[];

/**
 * Reads a name in the text form of RFC 4514, `C=US, O=Contoso, CN=release`: attributes in any order, each once.
 * @returns why it is none, as a text
 */
export function parseName(text: string): NamePattern | string {
  const parts: { type: string; value: string }[] = [];
  for (const part of splitUnescaped(text)) {
    const at = part.indexOf("=");
    const written = part.slice(0, Math.max(at, 0)).trim();
    const type = /^\d+(?:\.\d+)+$/.test(written) ? written : TYPES[written.toUpperCase()];
    if (at < 0 || type === undefined) return `${JSON.stringify(part.trim())} is no attribute such as O=Contoso`;
    const value = unescaped(part.slice(at + 1));
    if (value === null) return `${JSON.stringify(part.trim())} has a value that cannot be read`;
    if (value === "") return `${written} has no value`;
    if (value.includes("*")) return `${written} is compared as a whole and literally: * is not allowed here`;
    if (parts.some((one) => one.type === type)) return `${written} is there twice`;
    parts.push({ type, value });
  }
  return parts;
}

/** At `,` and `+` that no backslash precedes. */
function splitUnescaped(text: string): readonly string[] {
  return (text.match(/(?:^|[,+])(?:[^,+\\]|\\.)*/gs) ?? []).map((one, at) => (at === 0 ? one : one.slice(1)));
}

/** Blanks around a value do not count unless they are escaped; null: a lone backslash, or what is no UTF-8. */
function unescaped(written: string): string | null {
  const trimmed = written.replace(/^ +/, "").replace(/(?<!\\) +$/, "");
  if (/^[#"]/.test(trimmed)) return null;
  const pieces = trimmed.match(/(?:\\[0-9a-fA-F]{2})+|\\[ "#+,;<=>\\]|[^\\]+/gs) ?? [];
  if (pieces.join("") !== trimmed) return null;
  const read = pieces.map(readPiece);
  return read.includes(null) ? null : read.join("");
}

/** Pairs of hexadecimal digits are UTF-8 (RFC 4514 section 2.4). */
function readPiece(piece: string): string | null {
  if (!piece.startsWith("\\")) return piece;
  if (!/^\\[0-9a-fA-F]{2}/.test(piece)) return piece.slice(1);
  try {
    return decodeURIComponent(piece.replaceAll("\\", "%"));
  } catch {
    return null;
  }
}

/** In what a subject is not as the name says; empty: it is, whatever else it has. Byte for byte: no case is folded, nothing normalised. */
export function compareName(
  pattern: NamePattern,
  subject: readonly NameAttribute[],
): readonly { readonly name: string; readonly expected: string; readonly found: string }[] {
  return pattern.flatMap(({ type, value }) => {
    const own = subject.filter((one) => one.type === type);
    const [first] = own;
    if (own.length === 1 && first?.value === value) return [];
    return [{ name: type, expected: value, found: foundText(own) }];
  });
}

function foundText(own: readonly NameAttribute[]): string {
  const [first, ...more] = own;
  if (first === undefined) return "(the subject has no such attribute)";
  const texts = own.map(({ value }) => value ?? "(not readable)").join(" and ");
  return more.length === 0 ? texts : `${texts} (${own.length} of them)`;
}
