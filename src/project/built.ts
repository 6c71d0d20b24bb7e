import { SafeInstallError } from "../errors.ts";
import { EVIDENCE_ENDINGS } from "../evidence/beside.ts";
import { SHARED_EVIDENCE } from "../evidence/shared.ts";
import { wayTo } from "../io/inside.ts";
import { builderOf } from "../plugins.ts";
import { lstat, readdir, realpath } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";

/** What was built, as it lies there. */
export interface BuiltSet {
  readonly files: readonly BuiltPlace[];
  /** The folders that are judged, links resolved: nothing in them says by which policy. */
  readonly folders: readonly string[];
  /** Those of packages that were named one by one, links resolved: a policy there counts where somebody names it. */
  readonly around: readonly string[];
  /** For the report. */
  readonly notes: readonly string[];
}

export interface BuiltPlace {
  /** Absolute. */
  readonly path: string;
  /** Relative to where the command was typed. */
  readonly location: string;
  /** Absolute: files beside it that may be its evidence. */
  readonly evidence: readonly string[];
  /** Absolute: one beside it that may be evidence of several; null: none. */
  readonly shared: string | null;
}

/**
 * What the words name where they name what was built: folders, or packages. null: they name something else.
 * @throws SafeInstallError NOTHING_BUILT, UNKNOWN_FILE, NO_SUCH_FILE; USAGE where they name both
 */
export async function findBuilt(named: readonly string[], cwd: string): Promise<BuiltSet | null> {
  const kinds = await Promise.all(named.map((one) => kindOf(resolve(cwd, one))));
  if (kinds.every((kind) => kind === "other")) return null;
  const other = named[kinds.indexOf("other")];
  if (other !== undefined)
    throw new SafeInstallError("usage", "USAGE", `${other} is no package: locks and packages are not judged together`, {
      hint: "check them one after the other",
    });
  const found = await Promise.all(
    named.map((one, at) => (kinds[at] === "folder" ? inFolder(one, cwd) : alone(one, cwd))),
  );
  const files = found.flatMap((one) => one.files);
  return {
    files: [...new Map(files.map((one) => [one.path, one])).values()],
    folders: found.flatMap(({ folders }) => folders),
    around: [...new Set(found.flatMap(({ around }) => around))],
    notes: found.flatMap(({ notes }) => notes),
  };
}

async function kindOf(path: string): Promise<"folder" | "package" | "other"> {
  const entry = await lstat(path).catch(() => null);
  // A link to a folder is asked for with what it leads to.
  const isFolder = entry?.isDirectory() === true || (entry?.isSymbolicLink() === true && (await leadsToFolder(path)));
  if (isFolder) return "folder";
  return builderOf(basename(path)) === null ? "other" : "package";
}

async function leadsToFolder(path: string): Promise<boolean> {
  return (await lstat(await realpath(path).catch(() => path))).isDirectory();
}

async function alone(named: string, cwd: string): Promise<BuiltSet> {
  const path = resolve(cwd, named);
  if ((await lstat(path).catch(() => null)) === null)
    throw new SafeInstallError("usage", "NO_SUCH_FILE", `${named} does not exist`);
  const names = (await readdir(dirname(path), { withFileTypes: true })).filter((one) => one.isFile());
  const files = [placeOf(path, cwd, new Set(names.map(({ name }) => name)))];
  return { files, folders: [], around: [await realpath(dirname(path))], notes: [] };
}

/** Everything in it is a package, or the evidence of one that is there: what nobody judged is not promoted with the rest. */
async function inFolder(named: string, cwd: string): Promise<BuiltSet> {
  const folder = resolve(cwd, named);
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.map(({ name }) => name).toSorted();
  const plain = new Set(entries.filter((one) => one.isFile()).map(({ name }) => name));
  const packages = names.filter((name) => plain.has(name) && builderOf(name) !== null);
  const known = new Set([
    ...packages,
    ...packages.flatMap((name) => EVIDENCE_ENDINGS.map((one) => name + one)),
    SHARED_EVIDENCE,
  ]);
  const other = names.find((name) => !(plain.has(name) && (known.has(name) || PASSED_OVER.has(name))));
  if (other !== undefined) throw unknown(join(named, other));
  if (packages.length === 0)
    throw new SafeInstallError("usage", "NOTHING_BUILT", `${named} holds no package`, {
      hint: "a folder is judged as what was built; for the locks of one: go there, and safe-install check",
    });
  return {
    files: packages.map((name) => placeOf(join(folder, name), cwd, plain)),
    folders: [await realpath(folder)],
    around: [],
    notes: names.filter((name) => PASSED_OVER.has(name)).map((name) => `${join(named, name)} was not judged`),
  };
}

/** Build tools put it there, and nothing takes it along. */
const PASSED_OVER: ReadonlySet<string> = new Set([".gitignore"]);

function placeOf(path: string, cwd: string, beside: ReadonlySet<string>): BuiltPlace {
  const names = EVIDENCE_ENDINGS.map((ending) => basename(path) + ending).filter((name) => beside.has(name));
  return {
    path,
    location: wayTo(cwd, path),
    evidence: names.map((name) => join(dirname(path), name)),
    shared: beside.has(SHARED_EVIDENCE) ? join(dirname(path), SHARED_EVIDENCE) : null,
  };
}

function unknown(path: string): SafeInstallError {
  return new SafeInstallError("usage", "UNKNOWN_FILE", `${path} is no package, and not the evidence of one beside it`, {
    hint: "what nobody judged must not be promoted with the rest: take it out, or name the packages one by one",
  });
}
