import { LIMITS } from "../limits.ts";
import type { HeldTrust } from "../model/trust.ts";
import { versionOf } from "./held.ts";
import { type TrustRepository, TRUSTED_ROOT } from "./repository.ts";
import { RefusedTarget, requireUsable } from "./usable.ts";
import { createRequire } from "node:module";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type * as Tuf from "tuf-js";

/** Answers for one file of a repository. @throws NotServed, or anything else where it could not be asked */
export type Serve = (url: string, maxBytes: number) => Promise<Buffer>;

/** The repository has no such file: of roots that is how a chain ends. */
export class NotServed extends Error {
  readonly statusCode: number;

  constructor(url: string, statusCode: number) {
    super(`${url}: ${statusCode}`);
    this.statusCode = statusCode;
  }
}

/**
 * The Update Framework's client workflow (specification 1.0.33, section 5), from what is held or from the initial root on.
 * Signatures, thresholds, versions, expiry and digests are judged by `tuf-js`; sizes and times by whoever serves.
 * @param folder empty and private
 * @throws Error where the repository cannot be asked or does not hold; nothing of what is held has changed then
 */
export async function update(
  repository: TrustRepository,
  held: HeldTrust | null,
  { serve, folder, now }: { readonly serve: Serve; readonly folder: string; readonly now: Date },
): Promise<HeldTrust> {
  const { Updater, errors } = load();
  const [metadata, targets] = [join(folder, "metadata"), join(folder, "targets")];
  for (const one of [metadata, targets]) await mkdir(one);
  for (const [name, bytes] of Object.entries(held?.metadata ?? { "root.json": repository.root })) {
    await writeFile(join(metadata, name), bytes);
  }
  await writeFile(join(metadata, `${versionOf(repository.root)}.root.json`), repository.root);
  const updater = new Updater({
    metadataDir: metadata,
    metadataBaseUrl: repository.mirror,
    targetDir: targets,
    targetBaseUrl: `${repository.mirror}/targets`,
    fetcher: fetcherOver(keepingRoots(serve, metadata), folder, errors),
    config: { maxRootRotations: LIMITS.trustRotations },
  });
  await updater.refresh();
  const found: Record<string, Buffer> = {};
  for (const name of [TRUSTED_ROOT, ...repository.further]) {
    const bytes = await targetOf(updater, name, held, targets);
    if (bytes !== null) found[name] = bytes;
  }
  requireUsable(repository, found);
  return { checkedAt: now, metadata: await filesIn(metadata), targets: found };
}

/** The target as the metadata has it; what is held already is not asked for again. */
async function targetOf(
  updater: Tuf.Updater,
  name: string,
  held: HeldTrust | null,
  folder: string,
): Promise<Buffer | null> {
  const info = await updater.getTargetInfo(name);
  if (info === undefined) {
    if (name === TRUSTED_ROOT) throw new RefusedTarget(`it serves no ${name}`);
    return null;
  }
  if (info.length > LIMITS.trustedRootBytes) throw new RefusedTarget(`${name} is larger than any trust root`);
  const path = join(folder, encodeURIComponent(name));
  const own = held?.targets[name];
  if (own !== undefined) await writeFile(path, own);
  return readFile((await updater.findCachedTarget(info)) ?? (await updater.downloadTarget(info)));
}

async function filesIn(folder: string): Promise<Readonly<Record<string, Buffer>>> {
  const names = (await readdir(folder)).toSorted();
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))])));
}

/** Every root of the chain stays, so that another machine can follow it from an older one. */
function keepingRoots(serve: Serve, folder: string): Serve {
  return async (url, maxBytes) => {
    const bytes = await serve(url, maxBytes);
    const [name] = /\d+\.root\.json$/.exec(url) ?? [];
    if (name !== undefined) await writeFile(join(folder, name), bytes);
    return bytes;
  };
}

interface Errors {
  readonly DownloadHTTPError: new (message: string, statusCode: number) => Error;
}

/** Loaded when a root is refreshed, which is once a day. Its error classes are no part of what it exports by name. */
function load(): { readonly Updater: typeof Tuf.Updater; readonly errors: Errors } {
  const require = createRequire(import.meta.url);
  const { Updater } = require("tuf-js") as typeof Tuf;
  return { Updater, errors: require("tuf-js/dist/error.js") as Errors };
}

type Fetcher = NonNullable<ConstructorParameters<typeof Tuf.Updater>[0]["fetcher"]>;

function fetcherOver(serve: Serve, folder: string, { DownloadHTTPError }: Errors): Fetcher {
  const ask = async (url: string, maxBytes: number) => {
    try {
      return await serve(url, Math.min(maxBytes, LIMITS.trustedRootBytes));
    } catch (error) {
      throw error instanceof NotServed ? new DownloadHTTPError(error.message, error.statusCode) : error;
    }
  };
  return {
    downloadBytes: ask,
    downloadFile: async (url, maxBytes, take) => {
      const file = join(folder, "download");
      await writeFile(file, await ask(url, maxBytes));
      return take(file);
    },
  };
}

/** For people: the versions of a state, the root's first. */
export function versionsOf({ metadata }: Pick<HeldTrust, "metadata">): string {
  const [root, timestamp] = ["root.json", "timestamp.json"].map((name) => versionOf(metadata[name]));
  return `root ${root}, timestamp ${timestamp}`;
}
