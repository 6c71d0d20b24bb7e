import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { loadTrustRoot } from "../../src/project/trust.ts";
import { digestOf, type Digest } from "../../src/model/digest.ts";
import type { TrustRoot } from "../../src/model/trust.ts";

/** Real attestations, kept outside of the project: `SAFE_INSTALL_CORPUS`, or beside the repository. */
export const CORPUS = resolve(
  process.env["SAFE_INSTALL_CORPUS"] ?? join(import.meta.dirname, "../../../shared/corpus"),
);
export const hasCorpus = existsSync(join(CORPUS, "manifest.json"));
if (!hasCorpus) console.warn(`no corpus at ${CORPUS}: tests over real attestations are skipped (SAFE_INSTALL_CORPUS)`);

export const fromCorpus = (path: string): Buffer => readFileSync(join(CORPUS, path));

/** A malformed file comes back as undefined. */
export function jsonFromCorpus(path: string): unknown {
  try {
    return JSON.parse(fromCorpus(path).toString("utf8"));
  } catch {
    return undefined;
  }
}

/** `path` or `path#line=2`. */
export function rootFromCorpus(path: string, thresholds = { tlog: 1, sct: 1, timestamps: 1 }): TrustRoot {
  const [file, line] = path.split("#line=");
  const bytes = fromCorpus(file!);
  return loadTrustRoot(
    line === undefined ? bytes : Buffer.from(bytes.toString("utf8").split("\n")[Number(line) - 1]!),
    path,
    thresholds,
  );
}

export function digestsOf(bytes: Buffer): readonly Digest[] {
  return (["sha256", "sha512"] as const).map((algorithm) =>
    digestOf(algorithm, createHash(algorithm).update(bytes).digest("hex"))!,
  );
}
