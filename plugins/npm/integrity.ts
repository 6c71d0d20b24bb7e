import { type Digest, digestOf } from "../../src/plugin.ts";
import { Buffer } from "node:buffer";
import { join } from "node:path";

/** What a lock states of one tarball, one value an algorithm. */
export interface Stated {
  /** Algorithm -> lower-case hex. */
  readonly hex: Readonly<Record<string, string>>;
  /** As npm writes it, one entry an algorithm; empty where nothing is stated. */
  readonly text: string;
}

const LENGTH: Readonly<Record<string, number>> = { sha1: 20, sha256: 32, sha384: 48, sha512: 64 };

/**
 * Reads Subresource Integrity metadata (W3C SRI) as strictly as a lock deserves: every word must be a digest of a known
 * algorithm. Several different digests of one algorithm would let npm take either: then, and where a word is none, null.
 */
export function parseIntegrity(integrity: string | null | undefined): Stated | null {
  const hex: Record<string, string> = {};
  const words: string[] = [];
  for (const word of (integrity ?? "").split(/\s+/).filter(Boolean)) {
    const one = parseWord(word);
    if (one === null || (hex[one.algorithm] ?? one.hex) !== one.hex) return null;
    if (hex[one.algorithm] === undefined) words.push(word);
    hex[one.algorithm] = one.hex;
  }
  return { hex, text: words.join(" ") };
}

/** Only SHA-512 binds: what is weaker must be proven by the bytes. */
export function digestsOf(stated: Stated): readonly Digest[] {
  const sha512 = stated.hex["sha512"];
  const digest = sha512 === undefined ? null : digestOf("sha512", sha512);
  return digest === null ? [] : [digest];
}

/** Joins what two entries of a lock state about one package; null where they contradict. */
export function mergeStated(left: Stated, right: Stated): Stated | null {
  return parseIntegrity(`${left.text} ${right.text}`);
}

export function sriOf(digest: Digest): string {
  return `${digest.algorithm}-${Buffer.from(digest.hex, "hex").toString("base64")}`;
}

/** cacache's content layout (`content-v2`, unchanged since 2018); npm hashes what it reads, so a slip fails closed. */
export function contentPath(cache: string, sha512: string): string {
  return join(cache, "content-v2", "sha512", sha512.slice(0, 2), sha512.slice(2, 4), sha512.slice(4));
}

function parseWord(word: string): { readonly algorithm: string; readonly hex: string } | null {
  const dash = word.indexOf("-");
  const algorithm = word.slice(0, dash);
  const bytes = Buffer.from(word.slice(dash + 1), "base64");
  // Node's decoder passes over what is no base64: only what encodes back is accepted.
  const exact = LENGTH[algorithm] === bytes.length && word === `${algorithm}-${bytes.toString("base64")}`;
  return exact ? { algorithm, hex: bytes.toString("hex") } : null;
}
