/** What an entry's extra field says of it (APPNOTE 4.5). */
import type { Buffer } from "node:buffer";

/** Header id 1 (APPNOTE 4.5.3). */
export function hasZip64(extra: Buffer): boolean {
  return fieldsIn(extra).some(({ id }) => id === 1);
}

/**
 * Why some readers know the entry by another name than its header's, or null: some end it at a NUL, and some take it from the
 * Info-ZIP Unicode Path field (APPNOTE 4.6.9), which writers have for names that are not ASCII.
 * @param name latin1
 */
export function otherName(name: string, extra: Buffer): string | null {
  if (name.includes("\0")) return "an entry's name holds a NUL";
  const paths = fieldsIn(extra).flatMap(({ id, data }) => (id === 0x7075 ? [data.toString("latin1", 5)] : []));
  const isOther = paths.some((path) => path !== name && !/[\x80-\xff]/.test(path));
  return isOther ? "an entry has two names" : null;
}

function fieldsIn(extra: Buffer): readonly { readonly id: number; readonly data: Buffer }[] {
  const found = [];
  for (let at = 0; at + 4 <= extra.length;) {
    const end = at + 4 + extra.readUInt16LE(at + 2);
    found.push({ id: extra.readUInt16LE(at), data: extra.subarray(at + 4, end) });
    at = end;
  }
  return found;
}
