import type { Plugin } from "./plugin.ts";

interface Entry {
  readonly load: () => Promise<Plugin>;
  /** The words of the locked install of what lies in a folder with these names; null: nothing of this installer's. */
  readonly locked: (names: readonly string[]) => readonly string[] | null;
}

/** The commands that can be typed. A closed table: nothing that a project contains can add to it. */
const PLUGINS = {
  npm: {
    load: async () => (await import("../plugins/npm/index.ts")).npm,
    locked: (names) => (names.some((name) => /^(?:package-lock|npm-shrinkwrap)\.json$/.test(name)) ? ["ci"] : null),
  },
  dotnet: {
    load: async () => (await import("../plugins/dotnet/index.ts")).dotnet,
    locked: (names) => (names.includes("packages.lock.json") ? ["restore", "--locked-mode"] : null),
  },
} as const satisfies Readonly<Record<string, Entry>>;

export type InstallerName = keyof typeof PLUGINS;

export const INSTALLERS = Object.keys(PLUGINS) as readonly InstallerName[];

export function isInstaller(name: string): name is InstallerName {
  return Object.hasOwn(PLUGINS, name);
}

export function loadPlugin(name: InstallerName): Promise<Plugin> {
  return PLUGINS[name].load();
}

/** What `safe-install` alone runs in a folder with these names. */
export function lockedInstall(name: InstallerName, names: readonly string[]): readonly string[] | null {
  return PLUGINS[name].locked(names);
}
