import type { ExpectedFile } from "./plan.ts";
import { readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/**
 * What Python would take in a proven module's place, and no proven wheel brings: beside `six.py` a folder `six` with an
 * `__init__`, or `six.cpython-311-x86_64-linux-gnu.so`; in a package an `__init__` of that kind; beside the folder of a
 * namespace package any module of its name. Source: CPython's importlib (`FileFinder.find_spec`: a package, then an extension
 * module, then a source, then bytecode alone; a folder without `__init__` last of all).
 * @param shared several interpreters may use it (a target): of extension modules each takes its own
 * @returns absolute paths
 */
export async function rivalsOf(expected: readonly ExpectedFile[], shared = false): Promise<readonly string[]> {
  const proven = new Set(expected.map(({ path }) => path));
  const modules = expected.filter(({ path }) => MODULE.test(path));
  const packages = new Set(modules.filter(({ path }) => stemOf(path) === "__init__").map(({ path }) => dirname(path)));
  const namespaces = new Set(modules.flatMap(foldersOf).filter((folder) => !packages.has(folder)));
  const places = new Map<string, Sought>();
  const placeOf = (path: string) => {
    const place = places.get(dirname(path)) ?? { modules: new Map(), namespaces: new Set() };
    places.set(dirname(path), place);
    return place;
  };
  for (const { path } of modules) {
    const known = placeOf(path).modules;
    known.set(stemOf(path), [...(known.get(stemOf(path)) ?? []), basename(path)]);
  }
  for (const folder of namespaces) placeOf(folder).namespaces.add(basename(folder));
  const found = await Promise.all([...places].map(([folder, sought]) => rivalsIn(folder, sought, shared)));
  return found
    .flat()
    .filter((path) => !proven.has(path))
    .toSorted();
}

/** Names of one folder. */
interface Sought {
  /** By what is imported: the proven files of that name. */
  readonly modules: Map<string, readonly string[]>;
  readonly namespaces: Set<string>;
}

/** The folders below the library's that a module of a wheel lies in. */
function foldersOf({ path, file }: ExpectedFile): readonly string[] {
  const depth = file.replace(/^[^/]+\.data\/[^/]+\//, "").split("/").length - 1;
  return Array.from({ length: depth }).reduce<string[]>((all) => [...all, dirname(all.at(-1) ?? path)], []);
}

async function rivalsIn(folder: string, { modules, namespaces }: Sought, shared: boolean): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const beside = entries.filter(({ name }) => {
    const stem = stemOf(name);
    const isOf = EXTENSION.test(name) && !(shared && isOfAnother(name, modules.get(stem) ?? []));
    return (isOf && modules.has(stem)) || (MODULE.test(name) && namespaces.has(stem));
  });
  const inside = entries.filter((one) => !one.isFile() && modules.has(one.name));
  const inits = await Promise.all(inside.map(({ name }) => initsIn(join(folder, name))));
  return [...beside.map(({ name }) => join(folder, name)), ...inits.flat()];
}

/** Neither takes the other's place: no interpreter would load both. */
function isOfAnother(name: string, proven: readonly string[]): boolean {
  const all = [name, ...proven];
  return all.every((one) => OF_ONE.test(one)) && !proven.some((one) => withoutDebug(one) === withoutDebug(name));
}

/** An interpreter with its own checks takes the modules of both (PEP 3149; since 3.8 the two have one ABI), its own first. */
function withoutDebug(name: string): string {
  return name.replace(/^([^.]+\.cpython-\d+t?)d-/, "$1-");
}

async function initsIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => stemOf(name) === "__init__" && MODULE.test(name)).map((name) => join(folder, name));
}

function stemOf(path: string): string {
  return basename(path).split(".", 1)[0] ?? "";
}

/** Of any interpreter and any platform. */
const EXTENSION = /^[^.]+(?:\.[^.]+)?\.(?:so|pyd)$/;
/** Of one interpreter on one platform: it loads no other spelling but those without a tag, and of the stable ABI. */
const OF_ONE = /^[^.]+\.(?:cpython-\d+\w*|pypy\d+-\w+|graalpy\d+-\w+|cp\d+)-[\w-]+\.(?:so|pyd)$/;
const MODULE = /\.(?:py|pyc|so|pyd)$/;
