import type { Table } from "../../src/plugin.ts";

/** Locks of Python's tools that `check` finds by itself, the one that it prefers first. */
export const LOCKFILES = ["pylock.toml", "uv.lock", "poetry.lock", "Pipfile.lock", "requirements.txt"] as const;

/** What only pip's own parser reads. */
export function isRequirements(path: string): boolean {
  return /\.(?:txt|in)$/.test(path);
}

const ANOTHER = "is not installed, because another lock is; for this one: safe-install pip install -r {name}";
const NOT_PIPS =
  "is no lock that pip installs from: safe-install check judges it; export it to pylock.toml to install it";

export const table: Table = {
  ecosystem: "pypi",
  typed: ([first = "", second, third]) => {
    const program = first.split(/[\\/]/).at(-1) ?? "";
    if (PIP.test(program)) return 1;
    return PYTHON.test(program) && second === "-m" && third === "pip" ? 3 : 0;
  },
  verbs: ["install"],
  adds: "pip install NAME",
  lockfiles: LOCKFILES,
  locks: [
    { name: /^pylock\.toml$/, found: true, otherwise: ANOTHER },
    { name: /^(?:uv|poetry|Pipfile)\.lock$/, found: true, otherwise: NOT_PIPS },
    { name: /^requirements\.txt$/, found: true, otherwise: ANOTHER },
    { name: /^pylock\.[^.]+\.toml$/, found: false, otherwise: ANOTHER },
    { name: /^[^/]*requirements[^/]*\.txt$/, found: false, otherwise: ANOTHER },
    { name: /^[^/]*\.txt$/, below: "requirements", found: false, otherwise: ANOTHER },
  ],
  named: /^[^/]*\.(?:txt|in)$/,
  manifests: [/^pyproject\.toml$/, /^pip\.(?:conf|ini)$/, /^[^/]*(?:requirements|constraints)[^/]*\.(?:txt|in)$/],
  /** Wheels, and source distributions as data. */
  builds: /\.whl$|^[A-Za-z0-9][A-Za-z0-9._-]*-\d[^-]*\.(?:tar\.gz|zip)$/,
  // As `check` prefers them; every other lock of Python's tools is not pip's.
  lockedInstall: (names) => {
    if (names.includes("pylock.toml")) return ["install", "-r", "pylock.toml"];
    return names.includes("requirements.txt") ? ["install", "--require-hashes", "-r", "requirements.txt"] : null;
  },
  sources: ["own", "integrity", "url", "directory", "github", "beside"],
  // Environments and targets hold what others have put there.
  replaces: [],
  changesInPlace: true,
  registrySigns: null,
};

/** `pip3`, `pip3.12`, `.venv/bin/pip`, `python3 -m pip`, `py -m pip`. */
const PIP = /^pip(?:\d+(?:\.\d+)?)?(?:\.exe)?$/;
const PYTHON = /^(?:python(?:\d+(?:\.\d+)?)?|pypy3?|py)(?:\.exe)?$/;
