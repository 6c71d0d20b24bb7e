import { ArtifactError, type Code, LIMITS } from "../../../src/plugin.ts";
import { requirePadding, unzipped } from "./unzipped.ts";
import { Buffer } from "node:buffer";
import { posix } from "node:path";
import { Parser, type ReadEntry } from "tar";

/** What of an archive counts before npm unpacks it. */
interface Archive {
  /** Each package.json; the first one alone with its content. */
  readonly manifests: readonly Buffer[];
  readonly hasGypFile: boolean;
  readonly hasShrinkwrap: boolean;
  readonly carried: ReadonlySet<string>;
  /** Of those that were sought, the files that it has, and the folders that hold one. */
  readonly files: ReadonlySet<string>;
}

/**
 * Through the same parser as npm's, so that we see what npm sees. What the archive makes us hold or look at is bounded:
 * a few packed megabytes can describe millions of members, or gigabytes of names.
 * @param sought as `unpackedPath` spells them
 * @throws ArtifactError ARCHIVE_INVALID
 */
export async function readArchive(packed: string | Buffer, sought: ReadonlySet<string> = new Set()): Promise<Archive> {
  const manifests: Buffer[] = [];
  const carried = new Set<string>();
  const files = new Set<string>();
  const deepest = [...sought].reduce((most, one) => Math.max(most, one.split("/").length), 0);
  let hasManifest = false;
  let hasGypFile = false;
  let hasShrinkwrap = false;
  let unpacked = 0;
  let read = 0;
  let members = 0;
  let described = 0;
  const faults: Error[] = [];
  const parser = new Parser({ onReadEntry });
  parser.on("meta", onDescribed);
  const ended = new Promise<void>((done) => {
    for (const event of ["end", "close"]) parser.once(event, done);
    for (const event of ["error", "abort"]) parser.on(event, (error: Error) => done(void faults.push(error)));
  });
  const end = { seen: false, beyond: 0 };
  parser.on("eof", () => void (end.seen = true));
  try {
    for await (const chunk of unzipped(packed)) {
      read += chunk.length;
      if (read > LIMITS.unpackedBytes) throw tooLarge(LIMITS.unpackedBytes);
      if (faults.length > 0) break;
      // Members are consumed as they come: there is no backpressure to wait for.
      if (end.seen) requirePadding(chunk, (end.beyond += chunk.length));
      else parser.write(chunk);
    }
  } catch (error) {
    faults.push(error as Error);
  }
  if (faults.length === 0) parser.end();
  else parser.abort(faults[0] as Error);
  await ended;
  const [fault] = faults;
  if (fault instanceof ArtifactError) throw fault;
  if (fault !== undefined) throw invalid("ARCHIVE_INVALID", `not an archive that npm could unpack: ${fault.message}`);
  return { manifests, hasGypFile, hasShrinkwrap, carried, files };

  function onDescribed(text: string): void {
    described += text.length;
    if (described > LIMITS.archiveHeaderBytes)
      parser.abort(
        invalid("ARCHIVE_INVALID", `its members are described in more than ${LIMITS.archiveHeaderBytes} bytes`),
      );
  }

  function onReadEntry(entry: ReadEntry): void {
    const fault = outOfBounds(entry, ++members);
    if (fault !== null) {
      parser.abort(fault);
      entry.resume();
      return;
    }
    const path = unpackedPath(entry.path);
    unpacked += entry.size;
    if (unpacked > LIMITS.unpackedBytes) parser.abort(tooLarge(LIMITS.unpackedBytes));
    if (PLAIN.has(entry.type)) for (const one of startsOf(path, deepest)) if (sought.has(one)) files.add(one);
    hasShrinkwrap ||= path === "npm-shrinkwrap.json";
    if (path.startsWith("node_modules/") && path.endsWith("/package.json"))
      carried.add(path.slice(0, -"/package.json".length));
    hasGypFile ||= path === "binding.gyp";
    // npm passes links over; one in this place would leave two readers with two answers.
    if (path === "package.json" && entry.size > LIMITS.manifestBytes) parser.abort(tooLarge(LIMITS.manifestBytes));
    if (path !== "package.json" || faults.length > 0) {
      entry.resume();
      return;
    }
    // Where there are two, neither counts: none but the first is held.
    const isFirst = !hasManifest;
    hasManifest = true;
    const chunks: Buffer[] = [];
    entry.on("data", (chunk) => void (isFirst && chunks.push(chunk)));
    entry.on("end", () => void manifests.push(Buffer.concat(chunks)));
  }
}

/** A path and the folders around it, no deeper than that. */
function startsOf(path: string, deepest: number): readonly string[] {
  const found = path.split("/", deepest);
  return found.map((_, at) => found.slice(0, at + 1).join("/"));
}

/** What npm unpacks as a file; links it passes over. */
const PLAIN: ReadonlySet<string> = new Set(["File", "OldFile", "ContiguousFile"]);

function outOfBounds({ path, linkpath = "" }: ReadEntry, members: number): ArtifactError | null {
  if (members > LIMITS.archiveMembers) return invalid("ARCHIVE_INVALID", `more than ${LIMITS.archiveMembers} members`);
  if (Math.max(path.length, linkpath.length) <= LIMITS.pathLength) return null;
  return invalid("ARCHIVE_INVALID", `a member's path is longer than ${LIMITS.pathLength} characters`);
}

/**
 * Where npm puts a member: one folder stripped, then relative to the package (tar `strip: 1`). Compared as file systems
 * do that know no case, no width and no trailing dots.
 */
export function unpackedPath(path: string): string {
  const stripped = path.replaceAll("\\", "/").split("/").slice(1).join("/");
  const relative = posix.normalize(`/${stripped}`).replace(/^\/+/, "");
  return relative
    .normalize("NFKD")
    .toUpperCase()
    .toLowerCase()
    .replace(/[. ]+$/, "");
}

function tooLarge(bytes: number): ArtifactError {
  return invalid("ARCHIVE_INVALID", `larger than ${bytes} bytes when unpacked`);
}

export function invalid(
  code: Code,
  message: string,
  expected?: string,
  found?: string,
  name = "package.json",
): ArtifactError {
  const details = expected === undefined || found === undefined ? [] : [{ name, expected, found }];
  return new ArtifactError({ code, message, details });
}
