import { crc32, deflateRawSync } from "node:zlib";

/** One entry, and what is to be otherwise than in a plain archive. */
export interface ZipEntry {
  readonly name: string;
  readonly data: Buffer;
  /** 8 deflates. */
  readonly method?: 0 | 8;
  readonly flags?: number;
  /** Sizes and checksum wait in a data descriptor behind the data. */
  readonly streamed?: boolean;
  readonly externalAttributes?: number;
  readonly localExtra?: Buffer;
  readonly centralExtra?: Buffer;
  readonly comment?: string;
  /** Bytes between this entry and what precedes it. */
  readonly gap?: Buffer;
  /** What the central directory says instead of the truth. */
  readonly central?: Partial<Numbers>;
  /** What the local header says instead of the truth. */
  readonly local?: Partial<Numbers> & { readonly name?: string };
}

interface Numbers {
  readonly offset: number;
  readonly compressedSize: number;
  readonly size: number;
  readonly disk: number;
}

export interface ZipOptions {
  readonly comment?: string;
  /** What stands between the last central header and the end record. */
  readonly beforeEnd?: Buffer;
  readonly end?: { readonly count?: number; readonly disk?: number; readonly directory?: number };
}

/** Writes a zip file (APPNOTE 4.3), a wrong one on request. The order of `entries` is the order in the file. */
export function makeZip(entries: readonly ZipEntry[], options: ZipOptions = {}): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const gap = entry.gap ?? Buffer.alloc(0);
    const { local, central } = writeEntry(entry, offset + gap.length);
    locals.push(gap, local);
    centrals.push(central);
    offset += gap.length + local.length;
  }
  const directory = Buffer.concat(centrals);
  const before = options.beforeEnd ?? Buffer.alloc(0);
  const count = options.end?.count ?? entries.length;
  const end = fields([4, 0x06054b50], [2, options.end?.disk ?? 0], [2, 0], [2, count], [2, count]);
  const where = fields([4, directory.length], [4, options.end?.directory ?? offset], [2, options.comment?.length ?? 0]);
  return Buffer.concat([...locals, directory, before, end, where, Buffer.from(options.comment ?? "", "latin1")]);
}

function writeEntry(entry: ZipEntry, offset: number): { readonly local: Buffer; readonly central: Buffer } {
  const method = entry.method ?? 0;
  const packed = method === 8 ? deflateRawSync(entry.data) : entry.data;
  const flags = (entry.flags ?? 0) | (entry.streamed ? 8 : 0);
  const name = Buffer.from(entry.name, "utf8");
  const localName = Buffer.from(entry.local?.name ?? entry.name, "utf8");
  const truth = { crc: crc32(entry.data), compressedSize: packed.length, size: entry.data.length, offset, disk: 0 };
  const stated = { ...truth, ...entry.central };
  const here = { ...(entry.streamed ? { ...truth, crc: 0, compressedSize: 0, size: 0 } : truth), ...entry.local };
  const [localExtra, centralExtra] = [entry.localExtra ?? Buffer.alloc(0), entry.centralExtra ?? Buffer.alloc(0)];
  const comment = Buffer.from(entry.comment ?? "", "utf8");
  const common = (of: typeof truth) =>
    fields([2, flags], [2, method], [4, 0x00210000], [4, of.crc], [4, of.compressedSize], [4, of.size]);
  const descriptor = fields([4, 0x08074b50], [4, truth.crc], [4, truth.compressedSize], [4, truth.size]);
  return {
    local: Buffer.concat([
      fields([4, 0x04034b50], [2, 20]),
      common(here),
      fields([2, localName.length], [2, localExtra.length]),
      localName,
      localExtra,
      packed,
      ...(entry.streamed ? [descriptor] : []),
    ]),
    central: Buffer.concat([
      fields([4, 0x02014b50], [2, 20], [2, 20]),
      common(stated),
      fields([2, name.length], [2, centralExtra.length]),
      fields([2, comment.length], [2, stated.disk], [2, 0], [4, entry.externalAttributes ?? 0], [4, stated.offset]),
      name,
      centralExtra,
      comment,
    ]),
  };
}

/** Little-endian numbers of so many bytes. */
function fields(...parts: readonly (readonly [2 | 4, number])[]): Buffer {
  return Buffer.concat(
    parts.map(([size, value]) => {
      const field = Buffer.alloc(size);
      field.writeUIntLE(value, 0, size);
      return field;
    }),
  );
}
