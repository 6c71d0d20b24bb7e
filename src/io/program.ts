/** Which program of a name may run. Nothing else takes PATH apart: the linter sees to that. */
import { isInside, mayBeInside, resolveLinks } from "./inside.ts";
import { access, constants, stat } from "node:fs/promises";
import { delimiter, dirname, isAbsolute, join } from "node:path";

type Env = Readonly<Record<string, string | undefined>>;

export interface Search {
  /** Nothing that lies in this folder is ever started (see `groundsOf`). Absolute. */
  readonly outside: string;
  readonly env: Env;
  /** Whether a folder in there may hold programs all the same: the virtual environment that the user has activated. */
  readonly admits?: (folder: string) => Promise<boolean>;
}

export interface Program {
  /** As PATH names it; absolute. */
  readonly path: string;
  /** The file behind every link. */
  readonly file: string;
}

/** The first program on PATH of one of these names (see `programsOnPath`), or null. */
export async function which(names: readonly string[], search: Search): Promise<Program | null> {
  for (const folder of await foldersOnPath(search)) {
    for (const name of names) {
      const found = await programIn(folder, name, search);
      if (found !== null) return found;
    }
  }
  return null;
}

/**
 * Every program of that name on PATH, in its order. None out of `outside`, neither by its name nor by where a link leads,
 * none out of a `node_modules` folder, none by an entry that is relative or empty.
 */
export async function programsOnPath(name: string, search: Search): Promise<readonly Program[]> {
  const folders = await foldersOnPath(search);
  const found = await Promise.all(folders.map((folder) => programIn(folder, name, search)));
  return found.filter((one) => one !== null);
}

/** The folders on PATH that programs may come from. */
export async function foldersOnPath(search: Search): Promise<readonly string[]> {
  const folders = absoluteEntries(search.env["PATH"] ?? search.env["Path"] ?? "");
  const allowed = await Promise.all(folders.map((folder) => isAllowedFolder(folder, search)));
  return folders.filter((_, at) => allowed[at]);
}

/** The environment with those folders for its PATH: what a program starts in turn comes from nowhere else either. */
export async function withPathOutside(outside: string, env: Env): Promise<Env> {
  const { PATH: _, Path: __, ...rest } = env;
  return { ...rest, PATH: pathOf(await foldersOnPath({ outside, env })) };
}

/**
 * The environment in which a program loads no compiled code that another user may have put there: Node's compile cache, which
 * npm turns on, lies under a fixed name in the shared temporary folder, and Node asks nobody whose it is (node:module,
 * `enableCompileCache`). A folder that the user names for it is the user's word.
 */
export function withOwnCode(env: Env): Env {
  return env["NODE_COMPILE_CACHE"] === undefined ? { ...env, NODE_DISABLE_COMPILE_CACHE: "1" } : env;
}

/** The entries of a list like PATH; what is relative or empty counts for nothing. */
export function absoluteEntries(list: string): readonly string[] {
  return list.split(delimiter).filter((entry) => isAbsolute(entry));
}

/** A list like PATH. */
export function pathOf(folders: readonly string[]): string {
  return folders.join(delimiter);
}

/** The file's name of a program that is no script. */
export function executableName(name: string): string {
  return process.platform === "win32" ? `${name}.exe` : name;
}

async function isAllowedFolder(folder: string, search: Search): Promise<boolean> {
  const real = await resolveLinks(folder).catch(() => null);
  if (real === null || [folder, real].some(isOfPackages)) return false;
  return isAllowed(folder, folder, search);
}

function isOfPackages(folder: string): boolean {
  return folder.split(/[\\/]/).includes("node_modules");
}

async function programIn(folder: string, name: string, search: Search): Promise<Program | null> {
  const path = join(folder, name);
  if (!(await isExecutable(path))) return null;
  const file = await resolveLinks(path);
  const allowed = (await isAllowed(path, folder, search)) && (await isAllowed(file, dirname(file), search));
  return allowed ? { path, file } : null;
}

/** `path` is the folder itself, or in it. */
async function isAllowed(path: string, folder: string, { outside, admits }: Search): Promise<boolean> {
  const root = await resolveLinks(outside).catch(() => outside);
  if (!(isInside(path, outside) || (await mayBeInside(path, root)))) return true;
  return (await admits?.(folder)) === true;
}

async function isExecutable(path: string): Promise<boolean> {
  const isFile = (await stat(path).catch(() => null))?.isFile() === true;
  return (
    isFile &&
    (await access(path, constants.X_OK).then(
      () => true,
      () => false,
    ))
  );
}
