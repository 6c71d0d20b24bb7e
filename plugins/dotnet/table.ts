import type { Table } from "../../src/plugin.ts";

export const LOCKFILES: readonly string[] = ["packages.lock.json"];

/** `packages.lock.json`, `packages.NAME.lock.json` (NuGet.ProjectModel, PackagesLockFileUtilities). */
export const LOCK = /^packages\.(?:(.+)\.)?lock\.json$/i;

/** The manifest of local tools. */
export const TOOLS = "dotnet-tools.json";

const ALONE = "lies beside no project that dotnet could restore: safe-install check judges it";

export const table: Table = {
  ecosystem: "nuget",
  typed: ([first]) => Number(first === "dotnet"),
  verbs: ["restore", "build", "publish", "pack", "add"],
  adds: "dotnet add package NAME",
  lockfiles: LOCKFILES,
  reads: "all",
  // A project's lock may carry its name; the project says which it is.
  locks: [
    { name: LOCK, found: true, otherwise: ALONE },
    { name: /^dotnet-tools\.json$/, found: false },
    { name: /^dotnet-tools\.json$/, below: ".config", found: false },
  ],
  manifests: [/^nuget\.config$/i, /^global\.json$/i, /^.*\.(?:slnx?|slnf|[a-z]+proj|props|targets)$/i],
  builds: /\.s?nupkg$/i,
  // Where every project has a lock, the plugin restores in locked mode by itself.
  lockedInstall: (names) => (names.some((name) => RESTORABLE.test(name)) ? ["restore"] : null),
  sources: ["own", "registrySignature", "url", "directory", "companion", "github", "beside"],
  // Files, since a project's properties may give its lock and its outputs any name; no folders but our own packages.
  replaces: [/^(?:.+\/)?[^/]+$/, /^(?:.+\/)?obj\/\.safe-install(?:-tools)?\/[0-9a-f]{16}\/$/],
  changesInPlace: false,
  registrySigns: "inside",
};

const RESTORABLE = /\.(?:slnx?|slnf|(?:cs|fs|vb)proj)$/i;
