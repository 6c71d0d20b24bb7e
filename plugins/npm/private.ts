/**
 * All that we take of private files of npm's own libraries. They may change with any release, so that these libraries are
 * pinned exactly, and nothing else reaches into `lib/`. Each is loaded when it is first asked for: what passes through npm
 * does not wait for its tables.
 */
import type Definitions from "@npmcli/config/lib/definitions/index.js";
import type TypeDefs from "@npmcli/config/lib/type-defs.js";
import type GatherDepSet from "@npmcli/arborist/lib/gather-dep-set.js";
import type Arborist from "@npmcli/arborist";
import type GetAuth from "npm-registry-fetch/lib/auth.js";
import { createRequire, Module } from "node:module";

const load = createRequire(import.meta.url);

/** Every option that npm knows, its short forms, and how they become what npm's libraries take. */
export function npmDefinitions(): typeof Definitions {
  return load("@npmcli/config/lib/definitions/index.js") as typeof Definitions;
}

/** How npm reads the value of an option. */
export function npmTypeDefs(): typeof TypeDefs {
  return load("@npmcli/config/lib/type-defs.js") as typeof TypeDefs;
}

/** The credentials that npm would send to an address. */
export function npmAuth(...asked: Parameters<typeof GetAuth>): ReturnType<typeof GetAuth> {
  return (load("npm-registry-fetch/lib/auth.js") as typeof GetAuth)(...asked);
}

/** Finds what only some nodes of a tree need. */
export function depSetGatherer(): typeof GatherDepSet {
  return load("@npmcli/arborist/lib/gather-dep-set.js") as typeof GatherDepSet;
}

/** What recomputes the flags of a tree. */
export interface TreeFlags {
  readonly reset: (tree: object) => void;
  readonly calc: (tree: object) => void;
}

/** Of our own arborist, or of that npm's whose entry file is named. */
export function treeFlags(entry: string | null): TreeFlags {
  const own = (entry === null ? load : createRequire(entry)) as (file: string) => (tree: object) => void;
  return { reset: own("@npmcli/arborist/lib/reset-dep-flags.js"), calc: own("@npmcli/arborist/lib/calc-dep-flags.js") };
}

/**
 * Arborist to read a lock with. Its parts that resolve, fetch, audit, write and search, three hundred files with all that
 * only they need, are left out: `loadVirtual` calls none of them.
 */
export function lockReader(): typeof Arborist {
  const whole = load.resolve("@npmcli/arborist/lib/arborist/index.js");
  const left = LEFT_OUT.map(([file, instead]) => [load.resolve(`@npmcli/arborist/lib/${file}`), instead] as const);
  const stood = new Map([whole, ...left.map(([path]) => path)].map((path) => [path, load.cache[path]]));
  delete load.cache[whole];
  for (const [path, instead] of left) load.cache[path] = loaded(path, instead);
  try {
    return load(whole) as typeof Arborist;
  } finally {
    // Whoever asks for the whole of it gets the whole.
    for (const [path, before] of stood) {
      if (before === undefined) delete load.cache[path];
      else load.cache[path] = before;
    }
  }
}

/** By its file below `lib/`: a mixin adds methods to the class it is given, and is none here (`lib/arborist/index.js`). */
const LEFT_OUT = [
  ...["build-ideal-tree", "load-actual", "rebuild", "reify", "isolated-reifier"].map(
    (name) => [`arborist/${name}.js`, (whole: unknown) => whole] as const,
  ),
  ["audit-report.js", null],
  // Of `node.querySelectorAll`: pacote, and all that it fetches with.
  ["query-selector-all.js", null],
] as const;

function loaded(path: string, exports: unknown): Module {
  return Object.assign(new Module(path), { exports, filename: path, loaded: true });
}
