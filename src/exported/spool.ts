import { hashes, inFile, ofFile, type Span } from "../io/zip/span.ts";
import { createHash } from "node:crypto";
import { constants, copyFileSync, existsSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Files under their SHA-256, in a private folder of this run: what a judgement stood on may be larger than memory. */
export interface Spool {
  /** @returns its name, the SHA-256 in hexadecimal */
  readonly put: (content: Buffer) => string;
  /** A copy of it. @returns SHA-256, which is its name, and SHA-512 */
  readonly take: (path: string) => { readonly name: string; readonly sha512: string };
  /** @throws TypeError where nothing was put under the name */
  readonly contentOf: (name: string) => Span;
}

/** @param folder absolute, new and private */
export function createSpool(folder: string): Spool {
  const place = (name: string) => join(folder, name);
  return {
    put: (content) => {
      const name = createHash("sha256").update(content).digest("hex");
      if (!existsSync(place(name))) writeFileSync(place(name), content, { mode: 0o600 });
      return name;
    },
    take: (path) => {
      const draft = place("draft");
      copyFileSync(path, draft, constants.COPYFILE_FICLONE);
      const [name = "", sha512 = ""] = inFile(draft, (content) => hashes(content, ["sha256", "sha512"]));
      renameSync(draft, place(name));
      return { name, sha512 };
    },
    contentOf: (name) => {
      if (!existsSync(place(name))) throw new TypeError(`${name} was not recorded`);
      return ofFile(place(name));
    },
  };
}
