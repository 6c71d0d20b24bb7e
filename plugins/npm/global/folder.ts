import {
  type Host,
  LIMITS,
  parseJsonLastWins,
  SafeInstallError,
  isInside,
  leadsInside,
  wayTo,
} from "../../../src/plugin.ts";
import type { Filled } from "../handoff/cache.ts";
import { binsOf } from "../package-json.ts";
import { globalBin } from "../exec/on-disk.ts";
import { readdir, readlink } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

/** Where npm keeps what is installed for all projects (npm's "folders"). */
export interface GlobalFolder {
  /** Absolute, links resolved. */
  readonly prefix: string;
  /** Relative to the prefix. */
  readonly packages: string;
  readonly bins: string;
}

/**
 * @param prefix links resolved
 * @throws SafeInstallError where it is inside the project: nothing there would be global.
 */
export async function globalFolder(prefix: string, repositoryRoot: string): Promise<GlobalFolder> {
  if (await leadsInside(prefix, repositoryRoot))
    throw new SafeInstallError("usage", "REFUSED_OPTION", `npm's global folder ${prefix} is inside the repository`, {
      hint: "set prefix in your own ~/.npmrc to a folder outside",
    });
  const packages = process.platform === "win32" ? "node_modules" : join("lib", "node_modules");
  return { prefix, packages, bins: wayTo(prefix, globalBin(prefix)) };
}

export interface Installed {
  /** The folder's name, with its scope. */
  readonly name: string;
  readonly isLink: boolean;
}

/** The packages at the top, by their folders; what they say of themselves is not asked. */
export async function listGlobal(folder: GlobalFolder): Promise<readonly Installed[]> {
  return listIn(join(folder.prefix, folder.packages));
}

async function listIn(place: string): Promise<readonly Installed[]> {
  const entries = await readdir(place, { withFileTypes: true }).catch(() => []);
  const found = await Promise.all(
    entries
      .filter(({ name }) => !name.startsWith("."))
      .map(async (entry): Promise<readonly Installed[]> => {
        const { name } = entry;
        if (!name.startsWith("@") || entry.isSymbolicLink()) return [{ name, isLink: entry.isSymbolicLink() }];
        const scoped = await listIn(join(place, name));
        return scoped.map((one) => ({ ...one, name: `${name}/${one.name}` }));
      }),
  );
  return found.flat();
}

export interface Unpacked {
  /** Relative to the top folder, for instance `a/node_modules/b`. */
  readonly location: string;
  readonly name: unknown;
  readonly version: unknown;
}

/** A package and everything in node_modules below it, as package.json of each says. */
export async function unpackedBelow(
  folder: GlobalFolder,
  name: string,
  host: Pick<Host, "read">,
  within = "",
): Promise<readonly Unpacked[]> {
  const location = `${within}${name}`;
  const place = join(folder.prefix, folder.packages, location);
  const manifest = await readManifest(join(place, "package.json"), host);
  const below = await listIn(join(place, "node_modules"));
  const nested = await Promise.all(
    below.map((one) => unpackedBelow(folder, one.name, host, `${location}/node_modules/`)),
  );
  return [{ location, name: manifest["name"], version: manifest["version"] }, ...nested.flat()];
}

async function readManifest(path: string, host: Pick<Host, "read">): Promise<Readonly<Record<string, unknown>>> {
  const content = await host.read(path, { maxBytes: LIMITS.manifestBytes });
  const text = (content ?? Buffer.from("{}")).toString("utf8").replace(/^\uFEFF/, "");
  return (parseJsonLastWins(text).value ?? {}) as Readonly<Record<string, unknown>>;
}

interface Commanding {
  readonly locked: Filled["locked"];
  readonly bytes: Pick<Filled["bytes"], "bin">;
}

/** Of a folder of commands (`directories.bin`) the lock has what npm makes of it; its archive was compared with that. */
export function commandsOf({ locked: { package: ref, places }, bytes }: Commanding): readonly string[] {
  const named = places.flatMap(({ bin }) => [...binsOf(bin, ref.name).keys()]);
  return [...new Set([...bytes.bin.keys(), ...named])];
}

/** Commands that lead into these packages, and names of new ones that nothing bears yet; absolute. */
export async function binsToMove(
  folder: GlobalFolder,
  names: readonly string[],
  added: Iterable<string>,
): Promise<readonly string[]> {
  const place = join(folder.prefix, folder.bins);
  const tops = names.map((name) => join(folder.prefix, folder.packages, name));
  const present: readonly string[] = await readdir(place).catch(() => []);
  const owned = await Promise.all(
    present.map(async (name) => ((await leadsInto(join(place, name), tops)) ? name : null)),
  );
  const free = [...added].filter((name) => !present.includes(name));
  return [...owned.filter((name) => name !== null), ...free].map((name) => join(place, name));
}

async function leadsInto(link: string, folders: readonly string[]): Promise<boolean> {
  const to = await readlink(link).catch(() => null);
  if (to === null) return false;
  const target = resolve(dirname(link), to);
  return folders.some((folder) => isInside(target, folder));
}
