/**
 * Members of a lock's entry that npm 10 to 12 write (arborist `lib/shrinkwrap.js`: pkgMetaKeys, nodeMetaKeys and
 * metaFromNode; older lines of 7 to 9 wrote no others). npm takes an entry for the package's manifest: anything else in
 * it (scripts, overrides, gypfile) would take effect without being in the archive.
 */
const KNOWN: ReadonlySet<string> = new Set(
  [
    "name version resolved integrity link dev optional devOptional peer inBundle extraneous",
    "dependencies devDependencies optionalDependencies peerDependencies peerDependenciesMeta",
    "bundleDependencies bundledDependencies acceptDependencies workspaces",
    "bin engines os cpu libc license licenses funding deprecated hasInstallScript hasShrinkwrap ideallyInert",
  ].flatMap((line) => line.split(" ")),
);

/** What of an entry npm never wrote; null where all of it is known. The root's own entry counts as package.json does. */
export function unknownKey(location: string, entry: object): string | null {
  if (location === "") return null;
  if ((entry as { hasShrinkwrap?: unknown }).hasShrinkwrap === true) return "hasShrinkwrap";
  return Object.keys(entry).find((key) => !KNOWN.has(key)) ?? null;
}
