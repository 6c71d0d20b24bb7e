import { SafeInstallError } from "../errors.ts";
import { ECOSYSTEMS, type PackageRef } from "../model/package.ts";
import { normalName, normalVersion } from "../ecosystems/names.ts";
import { nearest } from "../nearest.ts";
import { parsePurl } from "../ecosystems/purl.ts";
import { TABLES } from "../plugins.ts";

/**
 * The packages of the lock that a word names: a purl with or without version, `npm:NAME[@VERSION]` or `NAME[@VERSION]`.
 * @throws SafeInstallError none is meant
 */
export function named<T extends { readonly package: PackageRef }>(word: string, all: readonly T[]): readonly T[] {
  const { ecosystem, name, version } = read(word);
  const found = all.filter(
    ({ package: ref }) =>
      (ecosystem === null || ref.ecosystem === ecosystem) &&
      normalName(ref.ecosystem, ref.name) === normalName(ref.ecosystem, name) &&
      (version === null || normalVersion(ref.ecosystem, ref.version) === normalVersion(ref.ecosystem, version)),
  );
  if (found.length > 0) return found;
  const names = new Set(all.map(({ package: ref }) => ref.name));
  throw new SafeInstallError("usage", "NOT_IN_LOCK", `no lockfile here names ${word}${nearest(name, names)}`, {
    hint:
      "a name (@acme/widget), a name with its version (@acme/widget@2.1.0) or a package URL; " +
      `for what is not installed yet: ${unlocked(all).join(", or ")}`,
  });
}

/** By the installers of what is there; where nothing is, of all of them. */
function unlocked(all: readonly { readonly package: PackageRef }[]): readonly string[] {
  const there = TABLES.filter(({ ecosystem }) => all.some(({ package: ref }) => ref.ecosystem === ecosystem));
  return (there.length === 0 ? TABLES : there).map(({ adds }) => `safe-install policy pin -- ${adds}`);
}

interface Word {
  readonly ecosystem: string | null;
  readonly name: string;
  readonly version: string | null;
}

function read(word: string): Word {
  const purl = parsePurl(word);
  if (purl !== null) return purl;
  const [, ecosystem = null, name = word, version = null] = NAMED.exec(word) ?? [];
  return { ecosystem, name, version };
}

const NAMED = new RegExp(`^(?:(${ECOSYSTEMS.join("|")}):)?(.[^@]*)(?:@(.+))?$`);
