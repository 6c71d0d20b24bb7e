import { closed, free, readAs, tableOf, text } from "../../../src/plugin.ts";
import { elsewhere, filesOf, join, type PythonLock, nameIn, ownFolder, unusable } from "./locked.ts";
import { type Groups, withGroups } from "./groups.ts";
import { isMarker } from "./grammar.ts";
import { count, flag, names, prose, readEach, rows, time } from "./shape.ts";
import * as v from "valibot";

/** pylock.toml (PEP 751, version 1). Recorded attestation identities are a recording, not a policy: they decide nothing. */
const LOCK = closed({
  "lock-version": v.pipe(text, v.regex(/^1\.\d+$/)),
  environments: v.optional(names),
  "requires-python": v.optional(prose),
  extras: v.optional(names),
  "dependency-groups": v.optional(names),
  "default-groups": v.optional(names),
  "created-by": v.optional(prose),
  packages: v.array(v.unknown()),
  tool: v.optional(free),
});

/** `{ sha256 = "HEX" }` */
const hashes = tableOf(text);

const FILE = closed({
  name: v.optional(text),
  "upload-time": v.optional(time),
  url: v.optional(text),
  path: v.optional(text),
  size: v.optional(count),
  hashes,
});

const PACKAGE = closed({
  name: text,
  version: v.optional(text),
  marker: v.optional(v.pipe(text, v.check(isMarker))),
  "requires-python": v.optional(prose),
  dependencies: v.optional(rows),
  vcs: v.optional(
    closed({
      type: text,
      url: v.optional(text),
      path: v.optional(text),
      "requested-revision": v.optional(text),
      "commit-id": v.optional(text),
      subdirectory: v.optional(text),
    }),
  ),
  directory: v.optional(closed({ path: text, editable: v.optional(flag), subdirectory: v.optional(text) })),
  archive: v.optional(
    closed({
      url: v.optional(text),
      path: v.optional(text),
      size: v.optional(count),
      "upload-time": v.optional(time),
      hashes: v.optional(hashes),
      subdirectory: v.optional(text),
    }),
  ),
  index: v.optional(text),
  sdist: v.optional(FILE),
  wheels: v.optional(v.array(FILE)),
  "attestation-identities": v.optional(rows),
  tool: v.optional(free),
});

/** For docs/locks.md. */
export const PYLOCK_MEMBERS = { "the file": LOCK, "`[[packages]]`": PACKAGE, "`sdist`, `wheels`": FILE };

export function readPylock(lock: unknown): PythonLock {
  const found = readAs(LOCK, lock);
  if (!("value" in found)) return unusable("pylock.toml", null, found.wrong);
  const groups = found.value["default-groups"] ?? [];
  return join(readEach(PACKAGE, found.value.packages, (entry) => readPackage(entry, groups)));
}

function readPackage(entry: v.InferOutput<typeof PACKAGE>, groups: Groups): PythonLock {
  const { name, version = null, vcs, directory, archive, sdist, wheels } = entry;
  const marker = entry.marker === undefined ? undefined : (withGroups(entry.marker, groups) ?? entry.marker);
  const places = [vcs, directory, archive, sdist ?? wheels].filter((place) => place !== undefined);
  if (places.length > 1) return unusable(name, version, "an entry with two kinds of source");
  if (vcs !== undefined) return elsewhere(name, version, "vcs", vcs.url ?? vcs.path ?? "");
  if (directory !== undefined) return ownFolder(name, version, directory.path, directory.subdirectory);
  if (archive !== undefined)
    return elsewhere(name, version, archive.url === undefined ? "file" : "url", archive.url ?? archive.path ?? "");
  const files = [...(wheels ?? []), ...(sdist === undefined ? [] : [sdist])].map(fileOf);
  const stated = version ?? versionIn(files.map(({ filename }) => filename));
  if (stated === null) return unusable(name, null, "an entry without version");
  const lock = filesOf(name, stated, entry.index ?? null, files);
  return marker === undefined ? lock : { ...lock, files: lock.files.map((one) => ({ ...one, marker })) };
}

function fileOf({ name, url, path, hashes: hash }: v.InferOutput<typeof FILE>) {
  return { filename: nameIn(name ?? url ?? path ?? ""), url: url ?? null, hash };
}

function versionIn([first]: readonly string[]): string | null {
  return first?.endsWith(".whl") === true ? (first.split("-")[1] ?? null) : null;
}
