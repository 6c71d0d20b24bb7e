import { parseJsonLastWins } from "../../src/plugin.ts";
import { ambiguousOwn } from "./bytes/repeated.ts";
import { aliasesIn } from "./resolve/aliases.ts";
import { posix } from "node:path";

/** What we read of a package's own package.json; of any type, as its author wrote it. */
export interface Manifest {
  readonly name: unknown;
  readonly version: unknown;
  readonly scripts: unknown;
  readonly bin?: unknown;
  readonly directories?: unknown;
  readonly dependencies?: unknown;
  readonly optionalDependencies?: unknown;
  readonly peerDependencies?: unknown;
  readonly bundleDependencies?: unknown;
  readonly bundledDependencies?: unknown;
  readonly license?: unknown;
  readonly licenses?: unknown;
}

/** Dependencies under another name: name -> real name. */
export function aliasesOf({
  dependencies,
  optionalDependencies,
  peerDependencies,
}: Partial<Manifest>): ReadonlyMap<string, string> {
  return aliasesIn([dependencies, optionalDependencies, peerDependencies].flatMap(specsIn));
}

function specsIn(dependencies: unknown): readonly (readonly [string, string])[] {
  return Object.entries(dependencies ?? {}).map(([name, spec]) => [name, String(spec)] as const);
}

export function runsAtInstall(scripts: unknown): boolean {
  if (typeof scripts !== "object" || scripts === null) return false;
  return ["preinstall", "install", "postinstall"].some((event) => event in scripts);
}

/** As npm-normalize-package-bin: names and paths cannot leave the package. */
export function binsOf(bin: unknown, name: string): ReadonlyMap<string, string> {
  const bins = Array.isArray(bin)
    ? bin.map((path: unknown): [string, unknown] => [String(path), path])
    : Object.entries(typeof bin === "string" ? { [name]: bin } : ((bin ?? {}) as Record<string, unknown>));
  return new Map(
    bins.flatMap(([key, path]) =>
      typeof path === "string" ? [[posix.basename(rooted(key)), rooted(path).slice(1)] as const] : [],
    ),
  );
}

/** `directories.bin` where it counts (`@npmcli/package-json`, "binDir"): only beside no `bin`. Null where it does not. */
export function binFolderOf({ bin, directories }: Manifest): string | null {
  const { bin: folder } = (directories ?? {}) as { readonly bin?: unknown };
  if (bin || typeof folder !== "string" || folder === "") return null;
  return rooted(folder).slice(1).replace(/\/$/, "") || null;
}

function rooted(path: string): string {
  return posix.join("/", path.replaceAll(/\\|:/g, "/"));
}

/** Names of `bundleDependencies`. */
export function bundlesOf({ bundleDependencies, bundledDependencies, dependencies }: Manifest): ReadonlySet<string> {
  const bundle = bundleDependencies ?? bundledDependencies;
  if (bundle === true) return new Set(Object.keys(dependencies ?? {}));
  return new Set(Array.isArray(bundle) ? bundle.map(String) : Object.keys(bundle ?? {}));
}

/**
 * A package.json of our own, as npm reads it: the last of two members counts.
 * @returns `repeated`: of a member that npm acts on there are two that differ, in words; whoever reads the first one sees
 *   another project
 * @throws JsonError
 */
export function readOwn(text: string): {
  readonly content: Readonly<Record<string, unknown>>;
  readonly repeated: string | null;
} {
  const { value, repeats } = parseJsonLastWins(text.replace(/^\uFEFF/, ""));
  const content = typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  return { content, repeated: repeats ? ambiguousOwn(text) : null };
}
