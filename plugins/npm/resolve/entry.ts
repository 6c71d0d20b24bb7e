import { free as table, tableOf } from "../../../src/plugin.ts";
import * as v from "valibot";

const names = v.array(v.string());
const specs = tableOf(v.string());
const platforms = v.union([v.string(), names]);

/**
 * Members of a lock's entry that npm 10 to 12 write (arborist `lib/shrinkwrap.js`: pkgMetaKeys, nodeMetaKeys and
 * metaFromNode; older lines of 7 to 9 wrote no others). npm takes an entry for the package's manifest: anything else in
 * it (scripts, overrides, gypfile) would take effect without being in the archive. What only describes a package may have
 * any shape that its author gave it.
 */
const MEMBERS = {
  name: v.optional(v.string()),
  version: v.optional(v.string()),
  resolved: v.optional(v.union([v.string(), v.literal(false)])),
  integrity: v.optional(v.pipe(v.string(), v.regex(/\S/))),
  link: v.optional(v.boolean()),
  dev: v.optional(v.boolean()),
  optional: v.optional(v.boolean()),
  devOptional: v.optional(v.boolean()),
  peer: v.optional(v.boolean()),
  inBundle: v.optional(v.boolean()),
  extraneous: v.optional(v.boolean()),
  hasInstallScript: v.optional(v.boolean()),
  hasShrinkwrap: v.optional(v.literal(false)),
  ideallyInert: v.optional(v.boolean()),
  dependencies: v.optional(specs),
  devDependencies: v.optional(specs),
  optionalDependencies: v.optional(specs),
  peerDependencies: v.optional(specs),
  acceptDependencies: v.optional(specs),
  peerDependenciesMeta: v.optional(tableOf(table)),
  bundleDependencies: v.optional(v.union([v.boolean(), names])),
  bundledDependencies: v.optional(v.union([v.boolean(), names])),
  workspaces: v.optional(v.union([names, table])),
  bin: v.optional(v.union([v.string(), names, specs])),
  os: v.optional(platforms),
  cpu: v.optional(platforms),
  libc: v.optional(platforms),
  engines: v.optional(v.unknown()),
  license: v.optional(v.unknown()),
  licenses: v.optional(v.unknown()),
  funding: v.optional(v.unknown()),
  deprecated: v.optional(v.unknown()),
};

const ENTRY = v.pipe(table, v.strictObject(MEMBERS));
/** The root's own entry counts as package.json does. */
const ROOT = v.pipe(table, v.looseObject({ ...MEMBERS, hasShrinkwrap: v.optional(v.unknown()) }));

const LOCK = v.pipe(
  table,
  v.strictObject({
    name: v.optional(v.string()),
    version: v.optional(v.string()),
    lockfileVersion: v.number(),
    requires: v.optional(v.boolean()),
    packages: table,
    // Of version 2, for npm 6.
    dependencies: v.optional(table),
    preserveSymlinks: v.optional(v.unknown()),
    packageIntegrity: v.optional(v.unknown()),
  }),
);

/** For docs/locks.md. */
export const NPM_MEMBERS = { "the file": LOCK, "an entry of `packages`": ENTRY };

/** The first member of the lock's own that npm never wrote, or not so; null where there is none. */
export function oddInLock(lock: unknown): string | null {
  return oddIn(LOCK, lock);
}

/** The same for the entry of a place; "" is the root's. */
export function oddInEntry(location: string, entry: unknown): string | null {
  return oddIn(location === "" ? ROOT : ENTRY, entry);
}

function oddIn(schema: v.GenericSchema, value: unknown): string | null {
  const { issues } = v.safeParse(schema, value, { abortEarly: true });
  if (issues === undefined) return null;
  return (issues[0].path ?? []).map(({ key }) => String(key)).join(".");
}
