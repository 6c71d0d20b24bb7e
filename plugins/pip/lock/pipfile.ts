import { closed, free, readAs, tableOf, text } from "../../../src/plugin.ts";
import { digestsIn, elsewhere, EMPTY, isRelease, join, type PythonLock, ownFolder, unusable } from "./locked.ts";
import { isMarker, isName } from "./grammar.ts";
import { flag, names, prose } from "./shape.ts";
import { builtFrom } from "./unlocked.ts";
import * as v from "valibot";

/** Pipfile.lock (pipfile-spec 6): every member but `_meta` is a group of packages, whatever its name. */
const GROUPS = v.pipe(
  tableOf(free),
  v.check((groups) => Object.hasOwn(groups, "default")),
);

const META = closed({
  _meta: closed({
    hash: v.optional(free),
    "host-environment-markers": v.optional(free),
    "pipfile-spec": v.literal(6),
    requires: v.optional(free),
    sources: v.optional(v.array(v.pipe(free, v.looseObject({ name: v.optional(text), url: v.optional(text) })))),
  }),
});

/** pipenv writes a marker into a line for pip as it is. */
const MARKER = v.union([v.literal(""), v.pipe(v.string(), v.check(isMarker))]);

/** What pipenv ever wrote, and what it reads (`requirement_from_lockfile`). */
const ENTRY = closed({
  version: v.optional(text),
  hashes: v.optional(names),
  index: v.optional(text),
  extras: v.optional(v.array(v.pipe(v.string(), v.check(isName)))),
  markers: v.optional(MARKER),
  os_markers: v.optional(MARKER),
  editable: v.optional(flag),
  no_binary: v.optional(flag),
  pip_args: v.optional(
    v.pipe(
      names,
      v.check((words) => areForBuilds(words)),
    ),
  ),
  git: v.optional(text),
  hg: v.optional(text),
  svn: v.optional(text),
  bzr: v.optional(text),
  file: v.optional(text),
  uri: v.optional(text),
  url: v.optional(text),
  path: v.optional(text),
  ref: v.optional(prose),
  subdirectory: v.optional(prose),
});

/** pipenv hands these words to pip as they are: only what a build takes, which changes no wheel. */
function areForBuilds(words: readonly string[]): boolean {
  return words.length % 2 === 0 && words.every((word, at) => at % 2 === 1 || word === "--config-settings");
}

/** For docs/locks.md. */
export const PIPFILE_MEMBERS = { "an entry of a group": ENTRY };

const PLACES = [
  ["git", "vcs"],
  ["hg", "vcs"],
  ["svn", "vcs"],
  ["bzr", "vcs"],
  ["file", "url"],
  ["uri", "url"],
  ["url", "url"],
] as const;

/** Hashes without file names: the index has to say which files they are. */
export function readPipfile(lock: unknown): PythonLock {
  const found = readAs(GROUPS, lock);
  if (!("value" in found)) return unusable("Pipfile.lock", null, found.wrong);
  const { _meta, ...groups } = found.value;
  const meta = readAs(META, { _meta });
  if (!("value" in meta)) return unusable("Pipfile.lock", null, meta.wrong);
  const { sources: named = [] } = meta.value["_meta"];
  const sources = new Map(named.map(({ name, url }) => [name ?? "", url ?? null]));
  return join(
    Object.values(groups).flatMap((group) =>
      Object.entries(group).map(([name, entry]) => {
        const one = readAs(ENTRY, entry);
        return "value" in one ? readEntry(name, one.value, sources) : unusable(name, null, one.wrong);
      }),
    ),
  );
}

function readEntry(
  name: string,
  entry: v.InferOutput<typeof ENTRY>,
  sources: ReadonlyMap<string, string | null>,
): PythonLock {
  for (const [key, kind] of PLACES) {
    const found = entry[key];
    if (found !== undefined) return elsewhere(name, null, kind, found);
  }
  if (entry.path !== undefined) return folderOf(name, entry.path);
  const [, version] = /^==([^*\s]+)$/.exec(entry.version ?? "") ?? [];
  if (version === undefined || entry.hashes === undefined || entry.hashes.length === 0)
    return unusable(name, null, "an entry without exact version or hashes");
  if (!isRelease(name, version)) return unusable(name, null, "what it names is not a package and a version");
  const digests = entry.hashes.map(digestsIn);
  if (digests.includes(null)) return unusable(name, version, "a hash that is neither sha256, sha384 nor sha512");
  const index = sources.get(entry.index ?? "") ?? null;
  const files = digests.map((one) => ({ name, version, filename: null, url: null, digests: one ?? [], index }));
  const notGated = entry.no_binary === true ? [builtFrom({ name, version }, "no_binary of Pipfile.lock")] : [];
  return { ...EMPTY, files, notGated };
}

/** pip takes a text without a dot in front for the name of a package of the index. */
function folderOf(name: string, path: string): PythonLock {
  if (!/^\.{1,2}(?:\/|$)/.test(path)) return elsewhere(name, null, "file", path);
  const lock = ownFolder(name, null, path);
  return { ...lock, folders: lock.folders.map((one) => ({ ...one, mustHaveProject: true })) };
}
