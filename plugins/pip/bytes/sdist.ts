import { ArtifactError, dataOf, inFile, LIMITS, readZip, type Span, ZipFault } from "../../../src/plugin.ts";
import { Buffer } from "node:buffer";
import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { Parser, type ReadEntry } from "tar";

/** The top folder's own (PEP 643); those further down are of other things. */
const PKG_INFO = /^(?:\.\/)?[^/]+\/PKG-INFO$/;

/** The text of a source distribution's PKG-INFO. @throws ArtifactError ARCHIVE_INVALID, PACKAGE_MISMATCH */
export async function sdistMetadata(file: string, filename: string): Promise<string> {
  const found = filename.endsWith(".zip") ? fromZip(file) : await fromTar(file);
  const [text] = found;
  if (text !== undefined && found.length === 1) return text.toString("utf8");
  throw new ArtifactError({
    code: "PACKAGE_MISMATCH",
    message: "a source distribution must hold exactly one PKG-INFO in its folder",
    details: [{ name: "PKG-INFO", expected: "1", found: String(found.length) }],
  });
}

function fromZip(file: string): readonly Buffer[] {
  try {
    return inFile(file, (archive: Span) =>
      readZip(archive)
        .entries.filter(({ name }) => PKG_INFO.test(name))
        .map((entry) => dataOf(entry, archive, LIMITS.manifestBytes)),
    );
  } catch (error) {
    throw error instanceof ZipFault ? invalid(error.message) : error;
  }
}

/** What the archive makes us hold or look at is bounded. */
async function fromTar(file: string): Promise<readonly Buffer[]> {
  const found: Buffer[] = [];
  const faults: Error[] = [];
  let [unpacked, members, described] = [0, 0, 0];
  const parser = new Parser({ onReadEntry });
  parser.on("meta", (text: string) => {
    described += text.length;
    if (described > LIMITS.archiveHeaderBytes) parser.abort(invalid("its members are described in too many bytes"));
  });
  const ended = new Promise<void>((done) => {
    for (const event of ["end", "close"]) parser.once(event, done);
    for (const event of ["error", "abort"]) parser.on(event, (error: Error) => done(void faults.push(error)));
  });
  try {
    for await (const chunk of createReadStream(file).compose(createGunzip()) as AsyncIterable<Buffer>) {
      unpacked += chunk.length;
      if (unpacked > LIMITS.unpackedBytes) throw invalid(`larger than ${LIMITS.unpackedBytes} bytes when unpacked`);
      if (faults.length > 0) break;
      parser.write(chunk);
    }
  } catch (error) {
    faults.push(error as Error);
  }
  if (faults.length === 0) parser.end();
  else parser.abort(faults[0] as Error);
  await ended;
  const [fault] = faults;
  if (fault === undefined) return found;
  throw fault instanceof ArtifactError ? fault : invalid(fault.message);

  function onReadEntry(entry: ReadEntry): void {
    const fault = outOfBounds(entry, ++members);
    if (fault !== null) parser.abort(fault);
    if (fault !== null || faults.length > 0 || !PKG_INFO.test(entry.path)) {
      entry.resume();
      return;
    }
    const chunks: Buffer[] = [];
    entry.on("data", (chunk) => void chunks.push(chunk));
    entry.on("end", () => void found.push(Buffer.concat(chunks)));
  }
}

function outOfBounds({ path, size }: ReadEntry, members: number): ArtifactError | null {
  if (members > LIMITS.archiveMembers) return invalid(`more than ${LIMITS.archiveMembers} members`);
  if (path.length > LIMITS.pathLength) return invalid(`a member's path is longer than ${LIMITS.pathLength} characters`);
  return PKG_INFO.test(path) && size > LIMITS.manifestBytes ? invalid("its PKG-INFO is too large") : null;
}

function invalid(why: string): ArtifactError {
  return new ArtifactError({
    code: "ARCHIVE_INVALID",
    message: `not a source distribution that can be proven: ${why}`,
    details: [],
  });
}
