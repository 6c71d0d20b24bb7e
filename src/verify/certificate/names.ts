import type { NameAttribute } from "../../model/notary.ts";
import { type Element, children, contentOf, notDer } from "./der.ts";

/** Short names by the hex of the OID (RFC 4514 section 3), and those that certificates of companies have beside them. */
const SHORT: Readonly<Record<string, string>> = {
  "550403": "CN",
  "550405": "SERIALNUMBER",
  "550406": "C",
  "550407": "L",
  "550408": "ST",
  "550409": "STREET",
  "55040a": "O",
  "55040b": "OU",
  "550411": "POSTALCODE",
  "0992268993f22c640119": "DC",
  "0992268993f22c640101": "UID",
};

/** The attributes of a name in its order (RFC 5280 section 4.1.2.4), those of one RDN one after another. @param name content of the SEQUENCE @throws Fault */
export function attributesOf(name: Buffer): readonly NameAttribute[] {
  const whole: Element = { tag: 0x30, start: 0, content: 0, end: name.length };
  return children(name, whole).flatMap((rdn) => children(name, rdn).map((one) => attributeOf(name, one)));
}

function attributeOf(name: Buffer, one: Element): NameAttribute {
  const [type, value, ...more] = children(name, one);
  if (type?.tag !== 0x06 || value === undefined || more.length > 0) return notDer();
  const oid = contentOf(name, type).toString("hex");
  return { type: SHORT[oid] ?? dotted(oid), value: textOf(value.tag, contentOf(name, value)) };
}

/** UTF8String, PrintableString, IA5String, BMPString; null: another, or not well-formed. */
function textOf(tag: number, content: Buffer): string | null {
  switch (tag) {
    case 0x0c:
      return utf8(content);
    case 0x13:
    case 0x16:
      return content.every((byte) => byte >= 0x20 && byte < 0x7f) ? content.toString("latin1") : null;
    case 0x1e:
      return content.length % 2 === 0 ? Buffer.from(content).swap16().toString("utf16le") : null;
    default:
      return null;
  }
}

function utf8(content: Buffer): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    return null;
  }
}

/** An OID's content octets in dots. */
export function dotted(hex: string): string {
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of Buffer.from(hex, "hex")) {
    arc = arc * 128 + (byte & 0x7f);
    if (byte >= 0x80) continue;
    arcs.push(arc);
    arc = 0;
  }
  const [first = 0, ...others] = arcs;
  const top = Math.min(2, Math.floor(first / 40));
  return [top, first - 40 * top, ...others].join(".");
}

const ESCAPED = /[,+"\\<>;=]|^[# ]| $/g;

/** As people read it (RFC 4514), in the order of the certificate; control characters as hexadecimal pairs. */
export function nameText(attributes: readonly NameAttribute[]): string {
  return attributes.map(({ type, value }) => `${type}=${value === null ? "#" : escaped(value)}`).join(", ");
}

function escaped(value: string): string {
  return value.replaceAll(ESCAPED, (character) => `\\${character}`);
}
