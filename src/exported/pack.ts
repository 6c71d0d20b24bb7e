import { SafeInstallError } from "../errors.ts";
import { leadsInside } from "../io/inside.ts";
import { hashes, inFile, part, type Span } from "../io/zip/span.ts";
import { piecesOf } from "../io/zip/write.ts";
import { type CentralEntry, readZip, ZipFault } from "../io/zip/zip.ts";
import { LIMITS } from "../limits.ts";
import { decodeIndex, FOLDER, filesOf, INDEX, type Index } from "./index.ts";
import { createHash } from "node:crypto";
import { appendFileSync } from "node:fs";
import { lstat, stat } from "node:fs/promises";
import { join, resolve } from "node:path";

/** Exported evidence, each of whose files was there and whole when it was opened. */
export interface Pack {
  readonly index: Index;
  /** `sha256:HEX` of the index, which names all the rest by digest. */
  readonly digest: string;
  /** Bytes of all files. */
  readonly size: number;
  /** By its name, the SHA-256 in hexadecimal. @throws SafeInstallError EVIDENCE_DAMAGED */
  read(file: string): Promise<Buffer>;
  /** Copies it, however large it is, into a file that is not there yet. @throws SafeInstallError EVIDENCE_DAMAGED */
  lay(file: string, path: string): Promise<void>;
  nameOf(file: string): string;
}

/** Looks at a file of it for as long as `look` takes; null: it is not there. @throws SafeInstallError EVIDENCE_DAMAGED */
type LookAt = <T>(name: string, maxBytes: number, look: (content: Span) => T) => Promise<T | null>;

/**
 * Opens a folder or an archive of evidence, and looks at every file that its index names; what else lies there is not looked
 * at. @throws SafeInstallError NO_SUCH_FILE, EVIDENCE_DAMAGED
 */
export async function openPack(typed: string, cwd: string): Promise<Pack> {
  const path = resolve(cwd, typed);
  const entry = await lstat(path).catch(() => null);
  if (entry === null) throw new SafeInstallError("usage", "NO_SUCH_FILE", `${typed} does not exist`);
  const lookAt = entry.isDirectory() ? inFolder(path) : inArchive(path, typed);
  const text = await lookAt(INDEX, LIMITS.evidenceIndexBytes, (content) => content.subarray(0));
  if (text === null) throw damaged(join(typed, INDEX), "it is missing");
  const index = decodeIndex(text.toString("utf8"));
  if (typeof index === "string") throw damaged(join(typed, INDEX), index);
  const nameOf = (file: string) => `${typed}/${FOLDER}/${file}`;
  const whole = async <T>(file: string, look: (content: Span) => readonly [sha256: string, result: T]): Promise<T> => {
    const found = await lookAt(`${FOLDER}/${file}`, LIMITS.artifactBytes, look);
    if (found === null) throw damaged(nameOf(file), "it is missing");
    if (found[0] !== file) throw damaged(nameOf(file), "it holds something else than its name says");
    return found[1];
  };
  let size = text.length;
  for (const file of filesOf(index)) size += await whole(file, (content) => [hashOf(content), content.length]);
  return {
    index,
    digest: `sha256:${sha256(text)}`,
    size,
    read: (file) =>
      whole(file, (content) => {
        const bytes = content.subarray(0);
        return [sha256(bytes), bytes];
      }),
    lay: (file, to) =>
      whole(file, (content) => {
        for (const piece of piecesOf(content)) appendFileSync(to, piece, { mode: 0o600 });
        return [inFile(to, hashOf), undefined];
      }),
    nameOf,
  };
}

export function damaged(name: string, why: string): SafeInstallError {
  return new SafeInstallError("unbound", "EVIDENCE_DAMAGED", `${name}: ${why}`, {
    hint: "ask for the export again, and compare its digest",
  });
}

function inFolder(folder: string): LookAt {
  return async (name, maxBytes, look) => {
    const path = join(folder, name);
    if (!(await leadsInside(path, folder).catch(() => false))) throw damaged(path, "a link leads out of the export");
    const entry = await stat(path).catch(() => null);
    if (entry === null) return null;
    // A pipe would have nobody at its other end.
    if (!entry.isFile()) throw damaged(path, "it is no file");
    return looking(path, () => inFile(path, (content) => look(bounded(content, maxBytes))));
  };
}

function bounded(content: Span, maxBytes: number): Span {
  if (content.length > maxBytes) throw new ZipFault(`it is larger than ${maxBytes} bytes`);
  return content;
}

function looking<T>(name: string, look: () => T): T {
  try {
    return look();
  } catch (error) {
    throw damaged(name, (error as Error).message);
  }
}

/** Stored entries under the names that an export has, each once: nothing is ever unpacked to a path. */
function inArchive(path: string, typed: string): LookAt {
  const found = new Map<string, CentralEntry>();
  try {
    const { entries } = inFile(path, readZip);
    if (entries.length > LIMITS.archiveMembers) throw new ZipFault(`more than ${LIMITS.archiveMembers} entries`);
    for (const entry of entries) {
      if (!NAME.test(entry.name)) throw new ZipFault("an entry has a name that no export has");
      if (found.has(entry.name)) throw new ZipFault(`two entries are named ${entry.name}`);
      if (entry.method !== 0 || entry.externalAttributes !== 0)
        throw new ZipFault(`${entry.name} is not stored as an export stores it`);
      found.set(entry.name, entry);
    }
  } catch (error) {
    throw damaged(typed, (error as Error).message);
  }
  return async (name, maxBytes, look) => {
    const entry = found.get(name);
    if (entry === undefined) return null;
    const { data, size, compressedSize } = entry;
    return looking(`${typed}/${name}`, () =>
      inFile(path, (archive) => {
        if (size !== compressedSize) throw new ZipFault("it is not stored as an export stores it");
        return look(bounded(part(archive, data, data + size), maxBytes));
      }),
    );
  };
}

const NAME = new RegExp(`^(?:${INDEX.replace(".", "\\.")}|${FOLDER}/[0-9a-f]{64})$`);

function hashOf(content: Span): string {
  return hashes(content, ["sha256"])[0] ?? "";
}

function sha256(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}
