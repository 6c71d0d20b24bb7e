/** Just enough DER writing (X.690) to mint certificates, SCT lists and timestamps, also wrong ones. */

export function tlv(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.from([tag]), length(body.length), body]);
}

function length(n: number): Buffer {
  if (n < 0x80) return Buffer.from([n]);
  const bytes: number[] = [];
  for (let rest = n; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Buffer.from([0x80 | bytes.length, ...bytes]);
}

export const sequence = (...content: readonly Buffer[]) => tlv(0x30, ...content);
export const set = (...content: readonly Buffer[]) => tlv(0x31, ...content);
export const octets = (content: Buffer) => tlv(0x04, content);
export const bits = (content: Buffer, unused = 0) => tlv(0x03, Buffer.from([unused]), content);
export const null_ = () => tlv(0x05);
export const utf8 = (text: string) => tlv(0x0c, Buffer.from(text, "utf8"));
export const boolean = (value: boolean) => tlv(0x01, Buffer.from([value ? 0xff : 0]));
/** Context-specific; constructed unless told. */
export const context = (n: number, content: Buffer, constructed = true) =>
  tlv(0x80 | (constructed ? 0x20 : 0) | n, content);

export function integer(value: number | Buffer): Buffer {
  const bytes =
    typeof value === "number"
      ? Buffer.from(
          value
            .toString(16)
            .padStart(2, "0")
            .replace(/^(.(..)*)$/, "0$1"),
          "hex",
        )
      : value;
  return tlv(0x02, bytes[0]! > 0x7f ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
}

export function oid(dotted: string): Buffer {
  const [first, second, ...rest] = dotted.split(".").map(Number);
  return tlv(0x06, Buffer.from([first! * 40 + second!, ...rest.flatMap(base128)]));
}

function base128(arc: number): number[] {
  const out = [arc % 128];
  for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128)) out.unshift((rest % 128) | 0x80);
  return out;
}

const digits = (date: Date) => date.toISOString().replace(/\.\d+/, "").replace(/[-:T]/g, "");
export const utcTime = (date: Date) => tlv(0x17, Buffer.from(digits(date).slice(2), "ascii"));
export const generalizedTime = (date: Date) => tlv(0x18, Buffer.from(digits(date), "ascii"));
