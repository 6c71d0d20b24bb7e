import { closed, free, readAs, tableOf, text } from "../../../src/plugin.ts";
import { elsewhere, filesOf, join, type PythonLock, nameIn, ownFolder, unusable } from "./locked.ts";
import { flag, names, prose, readEach } from "./shape.ts";
import * as v from "valibot";

const FILES = v.array(closed({ file: text, hash: text }));

/** poetry.lock: versions 1.0 and 1.1 (files under `metadata`) to 2.1 (files in the package). */
const LOCK = closed({
  package: v.array(v.unknown()),
  extras: v.optional(tableOf(v.array(prose))),
  metadata: closed({
    "lock-version": v.pipe(text, v.regex(/^[12]\.\d+$/)),
    "python-versions": v.optional(prose),
    "content-hash": v.optional(prose),
    files: v.optional(tableOf(FILES)),
  }),
});

const PACKAGE = closed({
  name: text,
  version: text,
  description: v.optional(prose),
  category: v.optional(prose),
  optional: v.optional(flag),
  "python-versions": v.optional(prose),
  groups: v.optional(names),
  marker: v.optional(prose),
  markers: v.optional(v.union([v.string(), tableOf(prose)])),
  "root-dir": v.optional(prose),
  files: v.optional(FILES),
  develop: v.optional(flag),
  dependencies: v.optional(free),
  extras: v.optional(tableOf(v.array(prose))),
  source: v.optional(
    closed({
      type: v.optional(v.picklist(["legacy", "git", "url", "file", "directory"])),
      url: text,
      reference: v.optional(prose),
      resolved_reference: v.optional(prose),
      subdirectory: v.optional(text),
    }),
  ),
});

/** For docs/locks.md. */
export const POETRY_MEMBERS = { "the file": LOCK, "`[[package]]`": PACKAGE };

type Files = v.InferOutput<typeof FILES>;

export function readPoetry(lock: unknown): PythonLock {
  const found = readAs(LOCK, lock);
  if (!("value" in found)) return unusable("poetry.lock", null, found.wrong);
  const older = new Map(Object.entries(found.value.metadata.files ?? {}));
  return join(readEach(PACKAGE, found.value.package, (entry) => readPackage(entry, older)));
}

const KINDS = { git: "vcs", url: "url", file: "file" } as const;

function readPackage(
  { name, version, source, files }: v.InferOutput<typeof PACKAGE>,
  older: ReadonlyMap<string, Files>,
): PythonLock {
  const { type = "legacy", url, subdirectory } = source ?? {};
  if (type === "directory") return ownFolder(name, version, url ?? "", subdirectory);
  if (type !== "legacy") return elsewhere(name, version, KINDS[type], url ?? type);
  // A list of the package's own counts for Poetry also where it is empty, and then no hash does.
  const listed = (files ?? older.get(name) ?? []).map(({ file, hash }) => ({
    filename: nameIn(file),
    url: null,
    hash,
  }));
  return filesOf(name, version, url ?? null, listed);
}
