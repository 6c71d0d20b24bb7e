import { ArtifactError, dataOf, inFile, LIMITS, readZip, type Span, ZipFault } from "../../../src/plugin.ts";
import { Buffer } from "node:buffer";
import { createReadStream } from "node:fs";
import { posix } from "node:path";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { Parser, type ReadEntry } from "tar";

/** The top folder's own (PEP 643), wherever a system puts it; those further down are of other things. */
function isPkgInfo(path: string): boolean {
  const [folder, name, ...below] = posix
    .normalize(`/${path.replaceAll("\\", "/")}`)
    .split("/")
    .slice(1);
  return folder !== "" && name?.toLowerCase() === "pkg-info" && below.join("") === "";
}

/** The text of a source distribution's PKG-INFO. @throws ArtifactError ARCHIVE_INVALID, PACKAGE_MISMATCH */
export async function sdistMetadata(file: string, filename: string): Promise<string> {
  const { text, count } = filename.endsWith(".zip") ? fromZip(file) : await fromTar(file);
  if (text !== null && count === 1) return text.toString("utf8");
  throw notOne(String(count));
}

function notOne(found: string): ArtifactError {
  return new ArtifactError({
    code: "PACKAGE_MISMATCH",
    message: "a source distribution must hold exactly one PKG-INFO in its folder",
    details: [{ name: "PKG-INFO", expected: "1", found }],
  });
}

/** How many there are, and what is in the first one: a second is not held. */
interface Found {
  readonly text: Buffer | null;
  readonly count: number;
}

function fromZip(file: string): Found {
  try {
    return inFile(file, (archive: Span) => {
      const found = readZip(archive).entries.filter((entry) => isPkgInfo(entry.name));
      const [first] = found;
      return {
        count: found.length,
        text: first === undefined ? null : dataOf(first, archive, LIMITS.manifestBytes),
      };
    });
  } catch (error) {
    throw error instanceof ZipFault ? invalid(error.message) : error;
  }
}

/** What the archive makes us hold or look at is bounded. */
async function fromTar(file: string): Promise<Found> {
  let first: Buffer | null = null;
  let count = 0;
  const faults: Error[] = [];
  let [unpacked, members, described] = [0, 0, 0];
  const gunzip = createGunzip();
  const parser = new Parser({ onReadEntry });
  // Python unpacks what it knows no type of as a file, and a description that is too long for npm's reader counts for it.
  parser.on("ignoredEntry", ({ path }: ReadEntry) => parser.abort(invalid(`a member of no known type: ${path}`)));
  parser.on("meta", (text: string) => {
    described += text.length;
    if (described > LIMITS.archiveHeaderBytes) parser.abort(invalid("its members are described in too many bytes"));
    // Python takes the name of such a member from there (tarfile, "GNU sparse").
    if (/^\d+ GNU\.sparse\./m.test(text)) parser.abort(invalid("a member is described as sparse"));
  });
  const ended = new Promise<void>((done) => {
    for (const event of ["end", "close"]) parser.once(event, done);
    for (const event of ["error", "abort"]) parser.on(event, (error: Error) => done(void faults.push(error)));
  });
  try {
    for await (const chunk of pipeline(createReadStream(file), gunzip, () => {}) as AsyncIterable<Buffer>) {
      unpacked += chunk.length;
      if (unpacked > LIMITS.unpackedBytes) throw invalid(`larger than ${LIMITS.unpackedBytes} bytes when unpacked`);
      if (faults.length > 0) break;
      parser.write(chunk);
    }
    // Python goes on with another compressed stream, also behind zeros.
    if (faults.length === 0) await requireZeros(file, gunzip.bytesWritten);
  } catch (error) {
    faults.push(error as Error);
  }
  if (faults.length === 0) parser.end();
  else parser.abort(faults[0] as Error);
  await ended;
  const [fault] = faults;
  if (fault === undefined) return { text: first, count };
  throw fault instanceof ArtifactError ? fault : invalid(fault.message);

  function onReadEntry(entry: ReadEntry): void {
    const fault = outOfBounds(entry, ++members);
    if (fault !== null) parser.abort(fault);
    if (fault !== null || faults.length > 0 || !isPkgInfo(entry.path)) {
      entry.resume();
      return;
    }
    if (++count > 1) parser.abort(notOne("2 or more"));
    const chunks: Buffer[] = [];
    entry.on("data", (chunk) => void chunks.push(chunk));
    entry.on("end", () => void (first = Buffer.concat(chunks)));
  }
}

async function requireZeros(file: string, start: number): Promise<void> {
  for await (const rest of createReadStream(file, { start }) as AsyncIterable<Buffer>)
    if (rest.some((byte) => byte !== 0)) throw invalid("something stands behind the compressed archive");
}

function outOfBounds({ path, size }: ReadEntry, members: number): ArtifactError | null {
  if (members > LIMITS.archiveMembers) return invalid(`more than ${LIMITS.archiveMembers} members`);
  if (path.length > LIMITS.pathLength) return invalid(`a member's path is longer than ${LIMITS.pathLength} characters`);
  return isPkgInfo(path) && size > LIMITS.manifestBytes ? invalid("its PKG-INFO is too large") : null;
}

function invalid(why: string): ArtifactError {
  return new ArtifactError({
    code: "ARCHIVE_INVALID",
    message: `not a source distribution that can be proven: ${why}`,
    details: [],
  });
}
