import { wayTo } from "../../../src/plugin.ts";
import type { Python } from "../python/run.ts";
import { sortRequirements } from "../resolve/requirements.ts";
import { askWords, type RequirementLine } from "../words.ts";
import { digestsIn, EMPTY, join, type PythonLock, type LockedFile, unusable } from "./locked.ts";

/** A requirements file in which every line is exact and has hashes, read by pip's own parser. Constraints only narrow. */
export async function lockOfRequirements(path: string, repositoryRoot: string, python: Python): Promise<PythonLock> {
  const read = await askWords(python, ["install", "-r", path]);
  // A lock is for every machine: what its markers leave out here is installed elsewhere.
  const words = { ...read, entries: read.entries.map((one) => ({ ...one, applies: true })) };
  const { unbound, firstParty } = await sortRequirements(words, repositoryRoot, python.project);
  const lines = words.entries.filter(({ text, kind, constraint }) => text !== null && kind === null && !constraint);
  const own = firstParty.map(({ folder, name }) => ({
    kind: "first-party" as const,
    name: wayTo(python.cwd, folder) || ".",
    detail: name,
  }));
  return join([{ ...EMPTY, unbound, notGated: own }, ...lines.map(readLine)]);
}

function readLine({ name, text, hashes }: RequirementLine): PythonLock {
  const spelled = name ?? text ?? "";
  const [, version] = /^[^;]*?={2,3}\s*([^\s;,*]+)\s*(?:;.*)?$/.exec(text ?? "") ?? [];
  if (version === undefined) return unusable(spelled, null, "a line without an exact version (==)");
  if (hashes.length === 0) return unusable(spelled, version, "a line without --hash: nothing binds its bytes");
  const digests = hashes.map(digestsIn);
  if (digests.includes(null)) return unusable(spelled, version, "a hash that is neither sha256, sha384 nor sha512");
  const files = digests.map((one): LockedFile => ({
    name: spelled,
    version,
    filename: null,
    url: null,
    digests: one ?? [],
    index: null,
  }));
  return { ...EMPTY, files };
}
