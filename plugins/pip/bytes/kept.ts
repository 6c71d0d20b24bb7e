import { type Digest, digestOf, LIMITS } from "../../../src/plugin.ts";
import type { Python } from "../python/run.ts";
import type { FetchedFile } from "../report.ts";
import { openPipSession, type PipSession } from "../session.ts";
import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import pMap from "p-map";

/** Puts what an earlier run has kept in the place of what was not fetched; what does not hold any more is fetched after all. */
export async function takeKept(
  files: readonly FetchedFile[],
  args: readonly string[],
  python: Python,
): Promise<readonly FetchedFile[]> {
  const session = openPipSession(python, args);
  const take = (one: FetchedFile) => (one.kept === undefined ? one : takeOne(one, one.kept, session, python));
  return pMap(files, take, { concurrency: LIMITS.concurrency });
}

async function takeOne(
  { url }: FetchedFile,
  sha256: string,
  session: PipSession,
  python: Python,
): Promise<FetchedFile> {
  const digest = digestOf("sha256", sha256);
  const file = digest === null ? null : await takeFile([digest], python);
  if (file !== null) return { url, file };
  try {
    const { status, body } = await session.get(url, { accept: "*/*", maxBytes: LIMITS.artifactBytes });
    if (status !== 200) return { url, failure: `answered ${status}` };
    const fetched = join(python.folder, `${randomUUID()}.whl`);
    await writeFile(fetched, body, { mode: 0o600 });
    return { url, file: fetched };
  } catch (error) {
    return { url, failure: (error as Error).message };
  }
}

/** A private file of the bytes that have these digests; null where none are kept. */
export async function takeFile(digests: readonly Digest[], { host, folder }: Python): Promise<string | null> {
  const file = join(folder, `${randomUUID()}.whl`);
  return (await host.store.take({ digests }, file)) === null ? null : file;
}
