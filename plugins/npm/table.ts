import type { Table } from "../../src/plugin.ts";

/** npm's lockfiles, the one that wins first. npm 12 reads the second only. */
export const LOCKFILES = ["npm-shrinkwrap.json", "package-lock.json"] as const;

export const table: Table = {
  ecosystem: "npm",
  typed: ([first]) => Number(first === "npm" || first === "npx"),
  verbs: ["ci", "install", "add", "update", "uninstall", "exec"],
  adds: "npm install NAME",
  lockfiles: LOCKFILES,
  reads: "one",
  locks: [{ name: /^(?:npm-shrinkwrap|package-lock)\.json$/, found: true }],
  manifests: [/^package\.json$/, /^\.npmrc$/, /^\.npm-extension\.[cm]?js$/],
  /** What `npm pack` writes. */
  builds: /\.tgz$/,
  lockedInstall: (names) => (LOCKFILES.some((name) => names.includes(name)) ? ["ci"] : null),
  sources: ["own", "registrySignature", "attestations", "url", "directory", "github", "beside"],
  replaces: [
    /^(?:.+\/)?node_modules\/?$/,
    /^(?:.+\/)?(?:package|package-lock|npm-shrinkwrap)\.json$/,
    // Of npm's global folder: packages, and the commands that lead into them.
    /^(?:lib\/)?node_modules\/(?:@[^/]+\/)?[^/]+\/?$/,
    process.platform === "win32" ? /^[^/]+$/ : /^bin\/[^/]+$/,
  ],
  // What `uninstall --global` takes away.
  changesInPlace: true,
  registrySigns: "apart",
};
