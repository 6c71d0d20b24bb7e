import { type Denial, type Host, LIMITS, parseJson, SafeInstallError } from "../../../src/plugin.ts";
import type { Filled } from "./cache.ts";
import { parseIntegrity } from "../integrity.ts";
import { unpackedPath } from "../bytes/archive.ts";
import { type Registries, urlVariants } from "../origin.ts";
import { type Asker, folderName, type LockResolution, type Placement } from "../resolve/places.ts";
import { readdir } from "node:fs/promises";
import { join, posix, resolve } from "node:path";

export interface Expectation {
  readonly project: string;
  readonly resolution: LockResolution;
  readonly proven: readonly Filled[];
  readonly registries: Registries;
  /** Only some workspaces are installed: what is missing says nothing. */
  readonly partial: boolean;
}

/**
 * Compares what npm says that it put on disk (its hidden lockfile), and what lies in node_modules, with what was proven.
 * @throws SafeInstallError INSTALLED_MISMATCH naming what differs.
 */
export async function assertInstalled(expected: Expectation, host: Pick<Host, "read">): Promise<void> {
  const installed = await readHidden(expected.project, host);
  const differences = [
    ...compareEntries(installed, expected),
    ...missing(installed, expected),
    ...(await unexpectedFolders(installed, expected)),
  ];
  if (differences.length === 0) return;
  const shown = differences.slice(0, SHOWN).join("; ");
  const more = differences.length > SHOWN ? ` and ${differences.length - SHOWN} more` : "";
  throw new SafeInstallError(
    "unbound",
    "INSTALLED_MISMATCH" satisfies Denial["code"],
    `npm installed something else than what was proven: ${shown}${more}`,
    {
      hint: "node_modules is back as it was; if install scripts write into node_modules, try --ignore-scripts",
    },
  );
}

const SHOWN = 5;

interface HiddenEntry {
  readonly name?: unknown;
  readonly version?: unknown;
  readonly integrity?: unknown;
  readonly resolved?: unknown;
  readonly link?: unknown;
}

type Hidden = ReadonlyMap<string, HiddenEntry>;

/** `node_modules/.package-lock.json`: written by npm after it has reified the tree. */
async function readHidden(project: string, host: Pick<Host, "read">): Promise<Hidden> {
  const path = join(project, "node_modules", ".package-lock.json");
  const content = await host.read(path, { maxBytes: LIMITS.lockfileBytes });
  if (content === null) return new Map();
  const { packages } = parseJson(content.toString("utf8")) as { packages?: Record<string, HiddenEntry> };
  return new Map(Object.entries(packages ?? {}));
}

function compareEntries(installed: Hidden, expected: Expectation): readonly string[] {
  const { resolution, proven } = expected;
  const known = new Map(proven.flatMap((one) => one.locked.places.map(({ location }) => [location, one] as const)));
  const left = new Map(resolution.notGated.map(({ name, kind }) => [name, kind]));
  return [...installed].flatMap(([location, entry]) => {
    const one = known.get(location);
    if (one !== undefined) return compareEntry(location, entry, one, expected);
    if (!location.includes("node_modules/")) return [];
    const kind = left.get(location);
    if (kind === "workspace" || kind === "first-party") return [];
    if (isCarried(location, known)) return [];
    return [`${location} was not proven`];
  });
}

/** Whether the archive of a package around it brings it along; what npm's lock says of that does not count. */
function isCarried(location: string, known: ReadonlyMap<string, Filled>): boolean {
  for (let end = before(location); end > 0; end = before(location.slice(0, end))) {
    const inside = unpackedPath(`package/${location.slice(end + 1)}`);
    if (known.get(location.slice(0, end))?.bytes.carried.has(inside)) return true;
  }
  return false;
}

function before(location: string): number {
  return location.lastIndexOf("/node_modules/");
}

function compareEntry(
  location: string,
  entry: HiddenEntry,
  { locked, bytes }: Filled,
  { project, registries }: Expectation,
): readonly string[] {
  const { name, version } = locked.package;
  const found = typeof entry.name === "string" ? entry.name : folderName(location);
  const isAlias = folderName(location) !== name;
  const differences: string[] = [];
  if (found !== name && !(isAlias && entry.name === undefined))
    differences.push(`${location} is ${found}, not ${name}`);
  if (entry.version !== version) differences.push(`${location} is version ${String(entry.version)}, not ${version}`);
  if (entry.link === true) differences.push(`${location} is a link`);
  const place = locked.places.find((one) => one.location === location);
  if (typeof place?.integrity === "string" && typeof entry.integrity !== "string")
    differences.push(`${location} has no digest`);
  const isFromThere =
    locked.archive === undefined
      ? isLockedAddress(entry.resolved, place?.resolved ?? null, registries)
      : isAt(entry.resolved, place?.resolved ?? null, project);
  if (!isFromThere) differences.push(`${location} is from ${String(entry.resolved)}`);
  const stated = typeof entry.integrity === "string" ? parseIntegrity(entry.integrity) : null;
  for (const { algorithm, hex } of bytes.digests) {
    const other = stated?.hex[algorithm];
    if (other !== undefined && other !== hex) differences.push(`${location} has another ${algorithm}`);
  }
  return differences;
}

/** npm writes a file's path relative to the project. */
function isAt(found: unknown, locked: string | null, project: string): boolean {
  if (found === locked) return true;
  const path = (text: unknown) => (String(text).startsWith("file:") ? resolve(project, String(text).slice(5)) : null);
  return path(found) !== null && path(found) === path(locked);
}

/** npm fills in the address of a registry's archive where a lock names none. */
function isLockedAddress(found: unknown, locked: string | null, registries: Registries): boolean {
  if (found === undefined || found === null || found === locked) return true;
  if (typeof found !== "string" || !URL.canParse(found)) return false;
  if (locked === null) return /^https?:$/.test(new URL(found).protocol);
  return urlVariants(locked, registries).includes(new URL(found).href);
}

function missing(installed: Hidden, { proven, partial }: Expectation): readonly string[] {
  if (partial) return [];
  const places = proven.flatMap(({ locked }) => locked.places);
  const needed = places.filter(({ optional, extraneous }) => !optional && !extraneous);
  const gone = needed.filter((place) => !installed.has(place.location) && !isSpared(place, installed));
  return gone.map(({ location }) => `${location} is missing`);
}

/**
 * npm leaves out what a workspace does not fit where the same name lies further up and fits, with all that only it needs: whoever
 * asks for such a place is not there either, or finds a version above that they ask for.
 */
function isSpared({ location, askers = [] }: Placement, installed: Hidden): boolean {
  const there = askers.filter((asker) => !asker.location.includes("node_modules/") || installed.has(asker.location));
  return (
    askers.length > 0 && there.every((asker) => asker.fits.includes(foundFrom(asker, folderName(location), installed)))
  );
}

/** As node looks for a package, from that folder up to the project's. */
function foundFrom({ location }: Asker, name: string, installed: Hidden): string {
  for (let folder = location; folder !== "." && folder !== "/"; folder = posix.dirname(folder)) {
    const place = posix.join(folder, "node_modules", name);
    if (installed.has(place)) return place;
  }
  return installed.has(`node_modules/${name}`) ? `node_modules/${name}` : "";
}

/** Dot folders belong to tools; everything else at the top must be something that npm says it put there. */
async function unexpectedFolders(installed: Hidden, { project }: Expectation): Promise<readonly string[]> {
  const top = await listPackages(join(project, "node_modules"));
  return top
    .map((name) => `node_modules/${name}`)
    .filter((location) => !installed.has(location))
    .map((location) => `${location} appeared`);
}

async function listPackages(folder: string): Promise<readonly string[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => !name.startsWith("."));
  const scopes = names.filter((name) => name.startsWith("@"));
  const scoped = await Promise.all(
    scopes.map(async (scope) => (await readdir(join(folder, scope))).map((name) => `${scope}/${name}`)),
  );
  return [...names.filter((name) => !name.startsWith("@")), ...scoped.flat()];
}
