import { LIMITS } from "../limits.ts";
import type { TrustFolder } from "../model/trust.ts";
import { placeEntry, readEntry } from "./store/entry.ts";
import { knownFolder, ownFolder } from "./transaction/state.ts";
import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * What was found of trust roots, in the state folder, which only its owner writes: a cache may be one that somebody else
 * filled. One file a name; whoever reads finds a whole one, or none.
 */
export function trustFolder(stateFolder: string): Pick<TrustFolder, "get" | "put"> {
  const fileOf = (name: string) => createHash("sha256").update(name).digest("hex");
  return {
    get: async (name) => {
      const folder = await knownFolder(stateFolder, FOLDER).catch(() => null);
      return folder === null ? null : readEntry(join(folder, fileOf(name)), LIMITS.heldTrustBytes);
    },
    put: async (name, value) => {
      const folder = await ownFolder(stateFolder, FOLDER).catch(() => null);
      if (folder === null) return;
      await placeEntry(stateFolder, join(folder, fileOf(name)), (draft) =>
        writeFile(draft, value, { flag: "wx", mode: 0o600 }),
      );
    },
  };
}

const FOLDER = "trust";
