import { LIMITS } from "../limits.ts";
import type { Digest } from "../model/digest.ts";
import type { Evidence } from "../model/evidence.ts";
import type { Host } from "../plugin.ts";
import { NOTARY_ENDINGS, readSidecar } from "./sidecar.ts";
import { join } from "node:path";

const ENDINGS: readonly string[] = [".sigstore.json", ".sigstore.jsonl", ...NOTARY_ENDINGS];

/** Looks for `sha256-HEX.sigstore.json[l]`, `sha256-HEX.jws.sig`, `sha256-HEX.cose.sig` and the same with `sha512`: the artifact chooses its evidence by digest, never by name. */
export async function askDirectory(
  folder: string,
  digests: readonly Digest[],
  host: Pick<Host, "read">,
): Promise<readonly Evidence[]> {
  const paths = digests.flatMap(({ algorithm, hex }) =>
    ENDINGS.map((ending) => join(folder, `${algorithm}-${hex}${ending}`)),
  );
  const found = await Promise.all(paths.map((path) => readOne(path, host)));
  return found.flat();
}

async function readOne(path: string, host: Pick<Host, "read">): Promise<readonly Evidence[]> {
  const content = await host.read(path, { maxBytes: LIMITS.evidenceBytes });
  return content === null ? [] : readSidecar(content, "directory", path);
}
