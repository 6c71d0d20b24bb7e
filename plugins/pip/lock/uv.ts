import { closed, free, readAs, tableOf, text } from "../../../src/plugin.ts";
import { elsewhere, filesOf, join, type PythonLock, nameIn, ownFolder, unusable } from "./locked.ts";
import { count, names, prose, readEach, rows, time } from "./shape.ts";
import * as v from "valibot";

/**
 * uv.lock, version 1 (uv 0.4 to 0.13). uv itself passes over members that it does not know, and reads some under a second
 * name: all that it ever wrote is known here, and everything else is refused.
 */
const LOCK = closed({
  version: v.literal(1),
  revision: v.optional(count),
  "requires-python": v.optional(prose),
  "resolution-markers": v.optional(names),
  "environment-markers": v.optional(names),
  "supported-markers": v.optional(names),
  "required-markers": v.optional(names),
  conflicts: v.optional(v.array(v.array(free))),
  options: v.optional(free),
  manifest: v.optional(free),
  package: v.array(v.unknown()),
});

const FILE = closed({
  url: v.optional(text),
  path: v.optional(text),
  filename: v.optional(text),
  hash: v.optional(text),
  size: v.optional(count),
  "upload-time": v.optional(time),
});

const DEPENDENCIES = v.array(
  closed({
    name: text,
    version: v.optional(text),
    source: v.optional(free),
    extra: v.optional(names),
    marker: v.optional(text),
  }),
);

const PACKAGE = closed({
  name: text,
  version: v.optional(text),
  // One kind of place each: of two, uv takes the one that is not ours.
  source: v.union([
    closed({ registry: text }),
    closed({ git: text }),
    closed({ url: text, subdirectory: v.optional(text) }),
    closed({ path: text }),
    closed({ directory: text }),
    closed({ editable: text }),
    closed({ virtual: text }),
  ]),
  "resolution-markers": v.optional(names),
  "environment-markers": v.optional(names),
  dependencies: v.optional(DEPENDENCIES),
  "optional-dependencies": v.optional(tableOf(DEPENDENCIES)),
  "dev-dependencies": v.optional(tableOf(DEPENDENCIES)),
  metadata: v.optional(
    closed({
      "requires-dist": v.optional(rows),
      "provides-extras": v.optional(names),
      "requires-dev": v.optional(tableOf(rows)),
    }),
  ),
  sdist: v.optional(FILE),
  wheels: v.optional(v.array(FILE)),
});

/** For docs/locks.md. */
export const UV_MEMBERS = { "the file": LOCK, "`[[package]]`": PACKAGE, "`sdist`, `wheels`": FILE };

export function readUv(lock: unknown): PythonLock {
  const found = readAs(LOCK, lock);
  if (!("value" in found)) return unusable("uv.lock", null, found.wrong);
  return join(readEach(PACKAGE, found.value.package, readPackage));
}

function readPackage(entry: v.InferOutput<typeof PACKAGE>): PythonLock {
  const { name, version = null, source, wheels = [], sdist } = entry;
  if ("directory" in source) return ownFolder(name, version, source.directory);
  if ("editable" in source) return ownFolder(name, version, source.editable);
  if ("virtual" in source) return notBuilt(ownFolder(name, version, source.virtual));
  if ("git" in source) return elsewhere(name, version, "vcs", source.git);
  if ("url" in source) return elsewhere(name, version, "url", source.url);
  if ("path" in source) return elsewhere(name, version, "file", source.path);
  if (version === null) return unusable(name, null, "an entry without version");
  const files = [...wheels, ...(sdist === undefined ? [] : [sdist])];
  return filesOf(name, version, source.registry, files.map(fileOf));
}

/** uv installs what it depends on, and nothing of its own. */
function notBuilt(lock: PythonLock): PythonLock {
  return { ...lock, folders: lock.folders.map((one) => ({ ...one, isBuilt: false })) };
}

function fileOf({ url, path, filename, hash }: v.InferOutput<typeof FILE>) {
  return { filename: nameIn(url ?? path ?? filename ?? ""), url: url ?? null, hash };
}
