import type { Plugin } from "./plugin.ts";

/** The commands that can be typed. A closed table: nothing that a project contains can add to it. */
const PLUGINS = {
  npm: async (): Promise<Plugin> => (await import("../plugins/npm/index.ts")).npm,
  dotnet: async (): Promise<Plugin> => (await import("../plugins/dotnet/index.ts")).dotnet,
} as const;

export type InstallerName = keyof typeof PLUGINS;

export const INSTALLERS = Object.keys(PLUGINS) as readonly InstallerName[];

export function isInstaller(name: string): name is InstallerName {
  return Object.hasOwn(PLUGINS, name);
}

export function loadPlugin(name: InstallerName): Promise<Plugin> {
  return PLUGINS[name]();
}
