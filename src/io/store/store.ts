import { type Digest, digestOf } from "../../model/digest.ts";
import type { SoughtBytes, Store, Taken } from "../../plugin.ts";
import { isOurs, isSound, placeEntry, readEntry } from "./entry.ts";
import { copyHashed } from "./hashed-copy.ts";
import { createHash } from "node:crypto";
import { constants, lstatSync } from "node:fs";
import { copyFile, link, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** How bytes get into the store. Tests pass a disk that is full. */
interface Disk {
  copyFile(from: string, to: string, mode: number): Promise<void>;
  link(from: string, to: string): Promise<void>;
}

/**
 * Bytes by their sha512, in `store/`; `index/` leads from other digests and names to it. Neither is believed: what is
 * taken is copied into a private file and hashed there, under every digest that it must have. What does not hold is
 * dropped and was never there.
 */
export function createStore(folder: string, disk: Disk = { copyFile, link }): Store {
  return {
    async take(sought, into) {
      return (await takeElsewhere(sought, into)) ?? takeOwn(folder, sought, into);
    },
    async keep(file, { digests, aliases = [], linked = false }) {
      const name = digests.find(({ algorithm }) => algorithm === "sha512")?.hex;
      if (name === undefined) return;
      const path = entryPath(folder, name);
      if (!isThere(path, file)) {
        const put = (draft: string) => disk.copyFile(file, draft, constants.COPYFILE_FICLONE);
        await placeEntry(folder, path, (draft) =>
          linked ? disk.link(file, draft).catch(() => put(draft)) : put(draft),
        );
      }
      for (const pointer of pointersOf({ digests, aliases }, folder)) {
        if (nameAt(folder, pointer) === name) continue;
        await placeEntry(folder, pointer, (draft) => writeFile(draft, name, { flag: "wx", mode: 0o600 }));
      }
    },
    async known(algorithm) {
      const names = isSound(folder, join(folder, INDEX)) ? await readdir(join(folder, INDEX)).catch(() => []) : [];
      const ours = names.filter((name) => name.startsWith(`${algorithm}-`));
      return ours.flatMap((name) => digestOf(algorithm, name.slice(algorithm.length + 1))?.hex ?? []);
    },
  };
}

export const STORE = "store";
export const INDEX = "index";

function entryPath(folder: string, sha512: string): string {
  return join(folder, STORE, sha512.slice(0, 2), sha512);
}

/** For digests but sha512, and for names of any form. */
function pointersOf(
  { digests, aliases = [] }: Pick<SoughtBytes, "digests" | "aliases">,
  folder: string,
): readonly string[] {
  const others = digests.filter(({ algorithm }) => algorithm !== "sha512");
  return [
    ...others.map(({ algorithm, hex }) => join(folder, INDEX, `${algorithm}-${hex}`)),
    ...aliases.map((name) => join(folder, INDEX, `alias-${createHash("sha256").update(name).digest("hex")}`)),
  ];
}

/** Where only the digests tell: without any, nothing from elsewhere is believed. */
async function takeElsewhere(sought: SoughtBytes, into: string): Promise<Taken | null> {
  if (sought.digests.length === 0) return null;
  for (const path of sought.elsewhere ?? []) {
    const taken = await copyHashed(path, sought, into, { anyOwner: true });
    if (taken === null) continue;
    if (holds(taken, sought.digests)) return taken;
    await rm(into, { force: true });
  }
  return null;
}

async function takeOwn(folder: string, sought: SoughtBytes, into: string): Promise<Taken | null> {
  const own = sought.digests.find(({ algorithm }) => algorithm === "sha512");
  if (own !== undefined) return takeEntry(folder, own.hex, sought, into);
  for (const pointer of pointersOf(sought, folder)) {
    const name = nameAt(folder, pointer);
    const taken = name === null ? null : await takeEntry(folder, name, sought, into);
    if (taken !== null) {
      await touch(pointer);
      return taken;
    }
    if (name !== null) await rm(pointer, { force: true }).catch(() => {});
  }
  return null;
}

function nameAt(folder: string, pointer: string): string | null {
  if (!isSound(folder, dirname(pointer))) return null;
  const name = readEntry(pointer, SHA512_LENGTH)?.toString("latin1") ?? "";
  return /^[0-9a-f]{128}$/.test(name) ? name : null;
}

const SHA512_LENGTH = 128;

async function takeEntry(folder: string, name: string, sought: SoughtBytes, into: string): Promise<Taken | null> {
  const path = entryPath(folder, name);
  if (!isSound(folder, dirname(path))) return null;
  const taken = await copyHashed(path, sought, into);
  if (taken === null) return null;
  const isWhole = taken.hex["sha512"] === name;
  if (!isWhole) await rm(path, { force: true }).catch(() => {});
  if (isWhole && holds(taken, sought.digests)) {
    await touch(path);
    return taken;
  }
  await rm(into, { force: true });
  return null;
}

function holds({ hex }: Taken, digests: readonly Digest[]): boolean {
  return digests.every((one) => hex[one.algorithm] === one.hex);
}

/** Only so that the same is not written again; one that is damaged goes when it is taken. */
function isThere(path: string, file: string): boolean {
  const [kept, given] = [path, file].map((one) => lstatSync(one, { throwIfNoEntry: false }));
  return kept !== undefined && kept.isFile() && isOurs(kept) && kept.size === given?.size;
}

/** When it was last used: what nobody uses goes first. A day's accuracy will do. */
async function touch(path: string): Promise<void> {
  const now = Date.now();
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats !== undefined && Math.abs(now - stats.mtimeMs) < DAY_MS) return;
  await utimes(path, now / 1000, now / 1000).catch(() => {});
}

const DAY_MS = 86_400_000;
