import { isInside } from "../inside.ts";
import type { Owner } from "./owner.ts";
import { basename, dirname, isAbsolute, normalize, sep } from "node:path";

/** Kept in the user's own state folder, never in the project: a stranger's clone cannot bring one along. */
export interface Journal {
  readonly version: 1 | 2 | 3;
  /** Names the folders in which things wait: `.safe-install-ID`. */
  readonly id: string;
  readonly process: Owner;
  readonly root: string;
  /** As in `Paths`. */
  readonly name?: string;
  readonly found: readonly string[];
  readonly entries: readonly JournalEntry[];
}

export interface JournalEntry {
  /** Absolute, links in its parents resolved. */
  readonly path: string;
  /** "mount" cannot be moved: it is copied, and emptied. "inPlace": only `touches` are kept, by copies. */
  readonly how: "absent" | "whole" | "mount" | "inPlace";
  /** Absolute; where it waits: `FOLDER/.safe-install-ID/N`. */
  readonly backup: string;
  /** Relative to `path`; empty but for "inPlace". */
  readonly touches: readonly string[];
  /** Folders that were not there before, the innermost first: they go again where they are empty. */
  readonly made: readonly string[];
}

/** What waits lies in a folder of this prefix beside what it came from: a rename suffices. */
export const BACKUP = ".safe-install-";

/** Whether it is whole, and each path is where it may be. */
export function isSound({ version, id, process: owner, root, name = "", found, entries }: Journal): boolean {
  const named = [1, 2, 3].includes(version) && /^[0-9A-Za-z]+$/.test(id) && typeof owner.id === "number";
  return (
    named &&
    typeof name === "string" &&
    isPath(root) &&
    found.every(isPath) &&
    entries.every((entry) => isSoundEntry(entry, root, id))
  );
}

/** Each path is checked again: what is put back lies below the root, or is a part of what changes in place. */
function isSoundEntry({ path, how, backup, touches, made }: JournalEntry, root: string, id: string): boolean {
  const waits = dirname(backup);
  const beside = dirname(waits);
  if (!isPath(path) || !isPath(backup) || !made.every(isPath) || basename(waits) !== BACKUP + id) return false;
  if (!(beside === path || isBelow(path, beside)) || !made.every((one) => isBelow(one, beside))) return false;
  if (how === "inPlace") return path !== sep && touches.every(isWay);
  return ["absent", "whole", "mount"].includes(how) && touches.length === 0 && isBelow(path, root);
}

function isPath(path: unknown): path is string {
  return typeof path === "string" && isAbsolute(path) && normalize(path) === path;
}

/** Down from a folder: never the folder itself, never out of it. */
export function isWay(way: string): boolean {
  return way !== "." && way !== "" && !isAbsolute(way) && normalize(way) === way && way.split(sep)[0] !== "..";
}

/** In a folder, and not the folder itself; both normal. */
export function isBelow(path: string, folder: string): boolean {
  return path !== folder && isInside(path, folder);
}
