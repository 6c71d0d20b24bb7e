import { type Host, LIMITS, type PackageRef, redactUrl, SourceUnavailable } from "../../../src/plugin.ts";
import { fileName, lower } from "../names.ts";
import { type Feed, get, isRemote, packageUrl, reasonOf } from "./feed.ts";
import { Buffer } from "node:buffer";
import { closeSync, constants, ftruncateSync, openSync, writeSync } from "node:fs";
import { open, readdir } from "node:fs/promises";
import { join } from "node:path";

type Named = Pick<PackageRef, "name" | "version">;

/** Takes what comes; called for each attempt, which begins anew. */
type Receive = () => (chunk: Buffer) => void;

/** Asks a feed for a package that is small; null where it has none. @throws SourceUnavailable */
export async function download(
  feed: Feed,
  ref: Named,
  host: Host,
): Promise<{ readonly bytes: Buffer; readonly location: string } | null> {
  let chunks: Buffer[] = [];
  const receive = () => {
    chunks = [];
    return (one: Buffer) => void chunks.push(one);
  };
  const location = await ask(feed, ref, host, { maxBytes: LIMITS.companionBytes, receive });
  return location === null ? null : { bytes: Buffer.concat(chunks), location };
}

/** The same for any package, into a private file: nothing is held. @returns where it was; null where the feed has none */
export function downloadInto(file: string, feed: Feed, ref: Named, host: Host): Promise<string | null> {
  return writing(file, (receive) => ask(feed, ref, host, { maxBytes: LIMITS.artifactBytes, receive }));
}

/** @returns whether there is such a file. @throws SourceUnavailable it cannot be read, or is too large */
export function copyInto(file: string, from: string): Promise<boolean> {
  return writing(file, (receive) => fromFile(from, { maxBytes: LIMITS.artifactBytes, receive }));
}

interface Taking {
  readonly maxBytes: number;
  readonly receive: Receive;
}

async function ask(feed: Feed, ref: Named, host: Host, taking: Taking): Promise<string | null> {
  if (!isRemote(feed)) return fromFolder(feed.address, ref, taking);
  const url = await packageUrl(feed, ref, host);
  const { status } = await get(feed, url, taking.maxBytes, host, taking.receive);
  if (status === 200) return redactUrl(url);
  if (status === 404 || status === 410) return null;
  throw new SourceUnavailable(redactUrl(url), reasonOf(status));
}

/** A flat folder, or `id/version/id.version.nupkg` as `nuget init` lays it out. */
async function fromFolder(folder: string, ref: Named, taking: Taking): Promise<string | null> {
  const wanted = fileName(ref);
  const nested = join(folder, lower(ref.name), lower(ref.version), wanted);
  const flat = (await readdir(folder).catch(() => [])).find((name) => lower(name) === wanted);
  for (const path of [nested, ...(flat === undefined ? [] : [join(folder, flat)])])
    if (await fromFile(path, taking)) return path;
  return null;
}

/** A pipe of that name would have nobody at its other end. */
const READING = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

async function fromFile(path: string, { maxBytes, receive }: Taking): Promise<boolean> {
  const file = await open(path, READING).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return null;
    throw new SourceUnavailable(path, error.code ?? error.message);
  });
  if (file === null) return false;
  try {
    if (!(await file.stat()).isFile()) throw new SourceUnavailable(path, "is no file");
    const take = receive();
    let size = 0;
    for await (const chunk of file.createReadStream({ autoClose: false, highWaterMark: LIMITS.heldBytes })) {
      size += (chunk as Buffer).length;
      if (size > maxBytes) throw new SourceUnavailable(path, `is larger than ${maxBytes} bytes`);
      take(chunk as Buffer);
    }
    return true;
  } finally {
    await file.close();
  }
}

/** What is written goes to the file at once: who sends it does not wait for us. */
async function writing<T>(file: string, work: (receive: Receive) => Promise<T>): Promise<T> {
  const descriptor = openSync(file, "w", 0o600);
  try {
    return await work(() => {
      let at = 0;
      ftruncateSync(descriptor);
      return (chunk) => {
        for (let done = 0; done < chunk.length;)
          done += writeSync(descriptor, chunk, done, chunk.length - done, at + done);
        at += chunk.length;
      };
    });
  } finally {
    closeSync(descriptor);
  }
}
