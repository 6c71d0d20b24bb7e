import { type Denial, normalName, type Unbound } from "../../../src/plugin.ts";
import { parseDistribution } from "../distribution.ts";
import type { Chosen } from "../report.ts";
import type { IndexFile, IndexPage } from "../simple.ts";

/** Bytes that are not those that an index or the requirements state, as pip found out while it resolved. */
export interface HashMismatch {
  readonly name: string | null;
  /** `sha256:HEX`; one of them should have been found. */
  readonly expected: readonly string[];
  readonly found: readonly string[];
}

/** For the report. */
export function mismatched({ name, expected, found }: HashMismatch, pages: readonly IndexPage[]): Unbound {
  const ref = normalName("pypi", name ?? "");
  const source = sourceWith(expected, ref, pages);
  const denial: Denial =
    source === null
      ? {
          code: "INTEGRITY_MISMATCH",
          message: "the bytes do not hash to what is stated",
          details: [{ name: "hash", expected: expected.join(" "), found: found.join(" ") }],
          hint: "if a lock or an index is the one that is wrong, ask its owner; never take the new hash unseen",
        }
      : onlySource(source);
  return { package: null, location: name ?? "pip's resolution", denial };
}

/** Hashes that only a source distribution has, although pip chose the wheel beside it; null: they are the wheel's, or nobody's. */
export function sourceOfHashes(
  { package: { name }, stated, filename }: Chosen,
  allowed: readonly string[],
  pages: readonly IndexPage[],
): Denial | null {
  if (allowed.length === 0) return null;
  const files = pages.flatMap((page) => page.files);
  const own = files.filter((file) => file.filename === filename).flatMap(hashesOf);
  const known = [...stated.map(({ algorithm, hex }) => `${algorithm}:${hex}`), ...own];
  if (known.some((hash) => allowed.includes(hash))) return null;
  const source = sourceWith(allowed, name, pages);
  return source === null ? null : onlySource(source);
}

function sourceWith(hashes: readonly string[], name: string, pages: readonly IndexPage[]): IndexFile | null {
  const sources = pages
    .flatMap((page) => page.files)
    .filter((file) => {
      const parsed = parseDistribution(file.filename);
      return parsed?.kind === "sdist" && parsed.name === name;
    });
  return sources.find((file) => hashesOf(file).some((hash) => hashes.includes(hash))) ?? null;
}

function hashesOf({ hashes }: IndexFile): readonly string[] {
  return Object.entries(hashes).map(([algorithm, hex]) => `${algorithm}:${hex.toLowerCase()}`);
}

function onlySource({ filename }: IndexFile): Denial {
  return {
    code: "SOURCE_DISTRIBUTION",
    message:
      "the hashes that the requirements state are those of its source distribution, which would have to be built",
    details: [{ name: "file", expected: "a wheel", found: filename }],
    hint: "state the hashes of its wheels, too: pip-compile --generate-hashes, or your lock tool, writes them",
  };
}
