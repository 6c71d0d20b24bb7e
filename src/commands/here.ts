import { INSTALLERS, type InstallerName, loadPlugin, lockedInstall } from "../plugins.ts";
import type { Plugin } from "../plugin.ts";
import { readBounded } from "../io/files.ts";
import { LIMITS } from "../limits.ts";
import { readdir } from "node:fs/promises";
import { join } from "node:path";

/** The locked installs of one folder, and the locks in it that none of them is for. */
export interface Here {
  readonly found: readonly Found[];
  readonly others: readonly Other[];
}

export interface Found {
  readonly installer: InstallerName;
  readonly plugin: Plugin;
  /** For instance `["ci"]`, `["install", "-r", "pylock.toml"]`. */
  readonly args: readonly string[];
}

export interface Other {
  readonly name: string;
  /** Why it is not installed, and what would do it. */
  readonly why: string;
}

/** What `safe-install` alone installs in a folder; locks that it does not install from are named with the way that does. */
export async function lookHere(folder: string): Promise<Here> {
  const names = await readdir(folder);
  const unhashed = await withoutHashes(folder, names);
  const usable = names.filter((name) => !unhashed.includes(name));
  const installs = INSTALLERS.flatMap((installer) => {
    const args = lockedInstall(installer, usable);
    return args === null ? [] : [{ installer, args }];
  });
  const found = await Promise.all(installs.map(async (one) => ({ ...one, plugin: await loadPlugin(one.installer) })));
  const others = names.filter((name) => LOCK.test(name) && !found.some((one) => isFor(one, name)));
  return { found, others: others.toSorted().map((name) => ({ name, why: whyNot(name, unhashed.includes(name)) })) };
}

/** Requirements without any hash are wishes, not a lock. */
async function withoutHashes(folder: string, names: readonly string[]): Promise<readonly string[]> {
  const files = names.filter((name) => REQUIREMENTS.test(name));
  const texts = await Promise.all(
    files.map((name) => readBounded(join(folder, name), { maxBytes: LIMITS.lockfileBytes })),
  );
  return files.filter((_, at) => !/(?:^|\s)--hash[=\s]/.test(texts[at]?.toString("utf8") ?? ""));
}

const REQUIREMENTS = /^requirements.*\.txt$/;

/** Locks by their names, gated or not. */
const LOCK =
  /^(?:yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|deno\.lock|(?:poetry|uv|pdm|Pipfile|Gemfile|Cargo|composer)\.lock|requirements.*\.txt|pylock.*\.toml|packages.*\.lock\.json|go\.sum)$/;

/** The lock that the words name; without a name, whichever of its own the installer takes. */
function isFor({ plugin, args }: Found, name: string): boolean {
  // A project's lock may carry its name; the project says which it is.
  if (plugin.ecosystem === "nuget") return /^packages.*\.lock\.json$/.test(name);
  const named = args.filter((word) => LOCK.test(word));
  return named.length > 0 ? named.includes(name) : plugin.lockfiles.includes(name);
}

function whyNot(name: string, isUnhashed: boolean): string {
  if (isUnhashed) return `has no hashes: it is no lock; safe-install pip install -r ${name} resolves and gates it`;
  if (REQUIREMENTS.test(name) || /^pylock.*\.toml$/.test(name))
    return `is not installed, because another lock is; for this one: safe-install pip install -r ${name}`;
  if (/^(?:poetry|uv|Pipfile)\.lock$/.test(name))
    return "is no lock that pip installs from: safe-install check judges it; export it to pylock.toml to install it";
  if (name.startsWith("packages"))
    return "lies beside no project that dotnet could restore: safe-install check judges it";
  return "is not gated, and not installed";
}
