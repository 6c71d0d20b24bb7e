import { SafeInstallError } from "../errors.ts";
import { readBounded } from "../io/files.ts";
import { leadsInside } from "../io/inside.ts";
import { writeOutput } from "../io/output.ts";
import { inFile } from "../io/zip/span.ts";
import { dataOf } from "../io/zip/unzip.ts";
import { writeZip } from "../io/zip/write.ts";
import { type CentralEntry, readZip, ZipFault } from "../io/zip/zip.ts";
import { LIMITS } from "../limits.ts";
import { decodeIndex, encodeIndex, filesOf, type Index } from "./index.ts";
import { createHash } from "node:crypto";
import { lstat } from "node:fs/promises";
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
  nameOf(file: string): string;
}

const INDEX = "index.json";
const FOLDER = "sha256";

type ReadFile = (name: string, maxBytes: number) => Promise<Buffer | null>;

/**
 * Opens a folder or an archive of evidence, and looks at every file that its index names; what else lies there is not looked
 * at. @throws SafeInstallError NO_SUCH_FILE, EVIDENCE_DAMAGED
 */
export async function openPack(typed: string, cwd: string): Promise<Pack> {
  const path = resolve(cwd, typed);
  const entry = await lstat(path).catch(() => null);
  if (entry === null) throw new SafeInstallError("usage", "NO_SUCH_FILE", `${typed} does not exist`);
  const read = entry.isDirectory() ? readerOf(path) : archiveReader(path, typed);
  const text = await read(INDEX, LIMITS.evidenceIndexBytes);
  if (text === null) throw damaged(join(typed, INDEX), "it is missing");
  const index = decodeIndex(text.toString("utf8"));
  if (typeof index === "string") throw damaged(join(typed, INDEX), index);
  const nameOf = (file: string) => `${typed}/${FOLDER}/${file}`;
  const whole = async (file: string): Promise<Buffer> => {
    const content = await read(`${FOLDER}/${file}`, LIMITS.artifactBytes);
    if (content === null) throw damaged(nameOf(file), "it is missing");
    if (sha256(content) !== file) throw damaged(nameOf(file), "it holds something else than its name says");
    return content;
  };
  let size = text.length;
  for (const file of filesOf(index)) size += (await whole(file)).length;
  return { index, digest: `sha256:${sha256(text)}`, size, read: whole, nameOf };
}

export function damaged(name: string, why: string): SafeInstallError {
  return new SafeInstallError("unbound", "EVIDENCE_DAMAGED", `${name}: ${why}`, {
    hint: "ask for the export again, and compare its digest",
  });
}

function readerOf(folder: string): ReadFile {
  return async (name, maxBytes) => {
    const path = join(folder, name);
    if (!(await leadsInside(path, folder).catch(() => false))) throw damaged(path, "a link leads out of the export");
    return readBounded(path, { maxBytes }).catch((error: Error) => {
      throw damaged(path, error.message);
    });
  };
}

/** Stored entries under the names that an export has, each once: nothing is ever unpacked to a path. */
function archiveReader(path: string, typed: string): ReadFile {
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
  return async (name, maxBytes) => {
    const entry = found.get(name);
    if (entry === undefined) return null;
    try {
      return Buffer.from(inFile(path, (archive) => dataOf(entry, archive, maxBytes)));
    } catch (error) {
      throw damaged(`${typed}/${name}`, (error as Error).message);
    }
  };
}

const NAME = new RegExp(`^(?:${INDEX.replace(".", "\\.")}|${FOLDER}/[0-9a-f]{64})$`);

/** Writes a folder of evidence, which must not be there yet, or one file. @returns the index's digest */
export async function writePack(
  index: Index,
  files: ReadonlyMap<string, Buffer>,
  to: { readonly folder: string } | { readonly archive: string },
  cwd: string,
): Promise<string> {
  const text = encodeIndex(index);
  const wanted = filesOf(index).toSorted();
  const contentOf = (file: string): Buffer => {
    const content = files.get(file);
    if (content === undefined) throw new TypeError(`${file} was not recorded`);
    return content;
  };
  if ("archive" in to) {
    const entries = wanted.map((file) => [`${FOLDER}/${file}`, contentOf(file)] as const);
    await writeOutput(to.archive, writeZip(Object.fromEntries([[INDEX, text], ...entries])), cwd);
  } else {
    for (const file of wanted) await writeOutput(join(to.folder, FOLDER, file), contentOf(file), cwd);
    await writeOutput(join(to.folder, INDEX), text, cwd);
  }
  return `sha256:${sha256(Buffer.from(text))}`;
}

function sha256(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}
