import { type Denial, type Host, SafeInstallError, isInside } from "../../../src/plugin.ts";
import type { Filled } from "../handoff/cache.ts";
import type { NpmConfig } from "../config.ts";
import { unpackedPath } from "../bytes/archive.ts";
import { commandsOf, type GlobalFolder, type Installed, listGlobal, type Unpacked, unpackedBelow } from "./folder.ts";
import npa from "npm-package-arg";
import { realpath } from "node:fs/promises";
import { join } from "node:path";

interface GlobalExpectation {
  readonly folder: GlobalFolder;
  readonly names: readonly string[];
  /** What lay there before. */
  readonly before: readonly Installed[];
  readonly packages: readonly Filled[];
  /** The named ones, in order. */
  readonly tops: readonly Filled[];
}

interface Surroundings {
  readonly config: NpmConfig;
  readonly host: Pick<Host, "read">;
}

/**
 * npm keeps no lockfile of the global folder: what lies there is looked at. Bytes are bound by the cache that it had.
 * @throws SafeInstallError INSTALLED_MISMATCH naming what differs
 */
export async function assertGlobal(expected: GlobalExpectation, { config, host }: Surroundings): Promise<void> {
  const { folder, names, packages } = expected;
  const below = await Promise.all(names.map((name) => unpackedBelow(folder, name, host)));
  const differences = [
    ...below.flatMap((unpacked, at) => compareTop(unpacked, expected.tops[at], packages)),
    ...(await newcomers(expected)),
    ...(config.get("bin-links") === false ? [] : await strayBins(expected)),
  ];
  if (differences.length === 0) return;
  throw new SafeInstallError(
    "unbound",
    "INSTALLED_MISMATCH" satisfies Denial["code"],
    `npm installed something else than what was proven: ${differences.slice(0, 5).join("; ")}`,
    { hint: "these packages are back as they were; what appeared beside them is left for you to look at" },
  );
}

function compareTop(
  unpacked: readonly Unpacked[],
  top: Filled | undefined,
  packages: readonly Filled[],
): readonly string[] {
  const known = new Map(packages.map((one) => [`${one.locked.package.name}@${one.locked.package.version}`, one]));
  const proven = new Map<string, Filled>();
  return unpacked.flatMap(({ location, name, version }, at) => {
    const found = known.get(`${String(name)}@${String(version)}`);
    if (at === 0 && found !== top) return [`${location} is ${String(name)}@${String(version)}`];
    if (found !== undefined) proven.set(location, found);
    return found !== undefined || isCarried(location, proven) ? [] : [`${location} was not proven`];
  });
}

/** Whether the archive of a package around it brings it along. */
function isCarried(location: string, proven: ReadonlyMap<string, Filled>): boolean {
  const marks = [...location.matchAll(/\/node_modules\//g)].map(({ index }) => index);
  return marks.some((end) => {
    const inside = unpackedPath(`package/${location.slice(end + 1)}`);
    return proven.get(location.slice(0, end))?.bytes.carried.has(inside) === true;
  });
}

async function newcomers({ folder, names, before }: GlobalExpectation): Promise<readonly string[]> {
  const known = new Set([...names, ...before.map(({ name }) => name)]);
  const there = await listGlobal(folder);
  return there.flatMap(({ name }) => (known.has(name) ? [] : [`${name} appeared`]));
}

/** A command of one of these packages leads into it, or is not there. */
async function strayBins({ folder, names, tops }: GlobalExpectation): Promise<readonly string[]> {
  if (process.platform === "win32") return [];
  const found = tops.flatMap((top, at) =>
    commandsOf(top).map(async (bin) => {
      const real = await realpath(join(folder.prefix, folder.bins, bin)).catch(() => null);
      const own = join(folder.prefix, folder.packages, names[at] ?? "");
      return real === null || isInside(real, own) ? [] : [`command ${bin} leads elsewhere`];
    }),
  );
  return (await Promise.all(found)).flat();
}

/** Absolute folders of these packages below the named ones. */
export async function foldersOf(
  purls: ReadonlySet<string>,
  names: readonly string[],
  { folder, host }: { readonly folder: GlobalFolder; readonly host: Pick<Host, "read"> },
): Promise<readonly string[]> {
  const below = await Promise.all(names.map((name) => unpackedBelow(folder, name, host)));
  return below
    .flat()
    .filter(({ name, version }) => purls.has(withPurl.toPurl(`${String(name)}@${String(version)}`)))
    .map(({ location }) => join(folder.prefix, folder.packages, location));
}

const withPurl = npa as unknown as { toPurl(spec: string): string };
