import { table as dotnet } from "../plugins/dotnet/table.ts";
import { table as npm } from "../plugins/npm/table.ts";
import { table as pip } from "../plugins/pip/table.ts";
import type { Evidence } from "./model/evidence.ts";
import type { Ecosystem } from "./model/package.ts";
import type { LockName, Plugin, ReadBuilt, Table } from "./plugin.ts";
import { basename, dirname } from "node:path";

interface Entry {
  readonly table: Table;
  readonly load: () => Promise<Plugin>;
  /** What a file that was built is by its own metadata: `safe-install check DIST`; where its table names such files. */
  readonly built?: () => Promise<ReadBuilt>;
  /** Packages that carry evidence for feeds that hold nothing but packages: `safe-install evidence companion`. */
  readonly companion?: () => Promise<MakeCompanion>;
  /** Packages that carry signatures of their own: `safe-install verify FILE`. */
  readonly signatures?: () => Promise<ReadSignatures>;
}

/** @returns the package, and what it is called. @throws SafeInstallError where the archive is no package */
type MakeCompanion = (
  archive: Buffer,
  bundle: string,
) => { readonly id: string; readonly version: string; readonly bytes: Buffer };

/** @returns what a package says by itself. @throws SafeInstallError where the archive is no package */
type ReadSignatures = (
  archive: Buffer,
  location: string,
) => { readonly content: Buffer; readonly evidence: readonly Evidence[] };

/** The commands that can be typed. A closed table: nothing that a project contains can add to it. */
const PLUGINS = {
  npm: {
    table: npm,
    load: async () => (await import("../plugins/npm/index.ts")).npm,
    built: async () => (await import("../plugins/npm/bytes/built.ts")).readBuilt,
  },
  pip: {
    table: pip,
    load: async () => (await import("../plugins/pip/index.ts")).pip,
    built: async () => (await import("../plugins/pip/bytes/built.ts")).readBuilt,
  },
  dotnet: {
    table: dotnet,
    load: async () => (await import("../plugins/dotnet/index.ts")).dotnet,
    built: async () => (await import("../plugins/dotnet/bytes/built.ts")).readBuilt,
    signatures: async () => (await import("../plugins/dotnet/evidence/own-signatures.ts")).signaturesIn,
    companion: async () => (await import("../plugins/dotnet/evidence/companion-package.ts")).makeCompanion,
  },
} as const satisfies Readonly<Record<string, Entry>>;

export type InstallerName = keyof typeof PLUGINS;

export const INSTALLERS = Object.keys(PLUGINS) as readonly InstallerName[];

/** What is known of each, in the order in which they are looked for. */
export const TABLES: readonly Table[] = INSTALLERS.map(tableOf);

/** The installer that the words begin with, and how many of them name it; null where they name none. */
export function installerIn(
  words: readonly string[],
): { readonly name: InstallerName; readonly length: number } | null {
  const found = INSTALLERS.map((name) => ({ name, length: tableOf(name).typed(words) }));
  return found.find(({ length }) => length > 0) ?? null;
}

/** What a policy may name as a source, by ecosystem. */
export const ASKABLE: Readonly<Record<string, Table["sources"]>> = Object.fromEntries(
  TABLES.map(({ ecosystem, sources }) => [ecosystem, sources]),
);

export function loadPlugin(name: InstallerName): Promise<Plugin> {
  return PLUGINS[name].load();
}

/** Whose packages have files of that name, and how they are read; null where it is nobody's. */
export function builderOf(file: string): { readonly table: Table; readonly load: () => Promise<ReadBuilt> } | null {
  const name = INSTALLERS.find((one) => tableOf(one).builds?.test(file) === true);
  if (name === undefined) return null;
  const { table, built: load }: Entry = PLUGINS[name];
  return load === undefined ? null : { table, load };
}

export function tableOf(name: InstallerName): Table {
  return PLUGINS[name].table;
}

export function tableFor(ecosystem: Ecosystem): Table {
  const found = TABLES.find((table) => table.ecosystem === ecosystem);
  if (found === undefined) throw new TypeError(`there is no installer for ${ecosystem}`);
  return found;
}

/** What `safe-install` alone runs in a folder with these names. */
export function lockedInstall(name: InstallerName, names: readonly string[]): readonly string[] | null {
  return tableOf(name).lockedInstall(names);
}

/** Whether a folder with these names has a lock that `check` finds by itself. */
export function isLockedIn({ locks }: Table, names: readonly string[]): boolean {
  return names.some((name) => locks.some((lock) => lock.found && isNamed(lock, name)));
}

/** Whether a file of that name, or at the end of that path, can be given to `check`. */
export function readsLock({ locks }: Table, path: string): boolean {
  return locks.some((lock) => isNamed(lock, path));
}

/** Whether somebody who names this file can mean a lock. */
export function mayMeanLock(table: Table, path: string): boolean {
  return readsLock(table, path) || table.named?.test(basename(path)) === true;
}

/** The folder that a lock at the end of that path is found from. */
export function folderOfLock(path: string): string {
  const isBelow = TABLES.some(({ locks }) => locks.some((lock) => lock.below !== undefined && isNamed(lock, path)));
  return isBelow ? dirname(dirname(path)) : dirname(path);
}

function isNamed({ name, below }: LockName, path: string): boolean {
  const [last = "", folder] = path.split(/[\\/]/).toReversed();
  return name.test(last) && (below === undefined || below === folder);
}

/** Makes a package that carries a bundle beside another, for the one ecosystem that has such. */
export function companionMaker(): Promise<MakeCompanion> {
  const entries: readonly Entry[] = Object.values(PLUGINS);
  const [make] = entries.flatMap(({ companion }) => (companion === undefined ? [] : [companion]));
  if (make === undefined) throw new TypeError("there is no installer with companion packages");
  return make();
}

/** Reads the signatures that a package carries itself, for the one ecosystem that has such. */
export function signatureReader(): Promise<ReadSignatures> {
  const entries: readonly Entry[] = Object.values(PLUGINS);
  const [read] = entries.flatMap(({ signatures }) => (signatures === undefined ? [] : [signatures]));
  if (read === undefined) throw new TypeError("there is no installer whose packages carry signatures");
  return read();
}
