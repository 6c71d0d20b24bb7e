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
  pip: {
    load: async () => (await import("../plugins/pip/index.ts")).pip,
    // As `check` prefers them; every other lock of Python's tools is not pip's.
    locked: (names) => {
      if (names.includes("pylock.toml")) return ["install", "-r", "pylock.toml"];
      return names.includes("requirements.txt") ? ["install", "--require-hashes", "-r", "requirements.txt"] : null;
    },
  },
  dotnet: {
    load: async () => (await import("../plugins/dotnet/index.ts")).dotnet,
    // Where every project has a lock, the plugin restores in locked mode by itself.
    locked: (names) => (names.some((name) => /\.(?:slnx?|slnf|(?:cs|fs|vb)proj)$/i.test(name)) ? ["restore"] : null),
  },
} as const satisfies Readonly<Record<string, Entry>>;

export type InstallerName = keyof typeof PLUGINS;

export const INSTALLERS = Object.keys(PLUGINS) as readonly InstallerName[];

/** The installer that the words begin with, and how many of them name it; null where they name none. */
export function installerIn(
  words: readonly string[],
): { readonly name: InstallerName; readonly length: number } | null {
  const [first = ""] = words;
  if (Object.hasOwn(PLUGINS, first)) return { name: first as InstallerName, length: 1 };
  if (first === "npx") return { name: "npm", length: 1 };
  const program = first.split(/[\\/]/).at(-1) ?? "";
  if (PIP.test(program)) return { name: "pip", length: 1 };
  if (PYTHON.test(program) && words[1] === "-m" && words[2] === "pip") return { name: "pip", length: 3 };
  return null;
}

/** `pip3`, `pip3.12`, `.venv/bin/pip`, `python3 -m pip`, `py -m pip`. */
const PIP = /^pip(?:\d+(?:\.\d+)?)?(?:\.exe)?$/;
const PYTHON = /^(?:python(?:\d+(?:\.\d+)?)?|pypy3?|py)(?:\.exe)?$/;

export function loadPlugin(name: InstallerName): Promise<Plugin> {
  return PLUGINS[name].load();
}

/** What `safe-install` alone runs in a folder with these names. */
export function lockedInstall(name: InstallerName, names: readonly string[]): readonly string[] | null {
  return PLUGINS[name].locked(names);
}
