import {
  type Host,
  type ListedArchive,
  JsonError,
  LIMITS,
  parseJson,
  SafeInstallError,
  isInside,
  resolveLinks,
  wayTo,
} from "../../../../src/plugin.ts";
import { readOwn } from "../../package-json.ts";
import mapWorkspaces from "@npmcli/map-workspaces";
import { readListed } from "./listed.ts";
import { refused, type SpecReader, specReader } from "./specs.ts";
import { lstat } from "node:fs/promises";
import { join, resolve } from "node:path";

/** Where the user's npm would resolve. Absolute, links resolved. */
export interface Origin {
  readonly repositoryRoot: string;
  readonly project: string;
  /** In the project. */
  readonly cwd: string;
}

/** A file of the project that npm reads when it resolves. */
export interface ProjectFile {
  /** Relative to the repository's root. */
  readonly path: string;
  /** null where there is none. */
  readonly content: Buffer | null;
}

/** What npm reads of a project, beside its lock. */
export interface ManifestFiles {
  readonly files: readonly ProjectFile[];
  /** Symbolic links on the way, and where they lead in the end; both relative to the repository's root. */
  readonly links: ReadonlyMap<string, string>;
  /** Archives of the repository that are depended on, and that the policy lists. */
  readonly archives: readonly ProjectFile[];
}

type Reader = Pick<Host, "read">;

/**
 * package.json of the project, its workspaces, and every `file:` folder that one of them or the lock names.
 * Whatever would make npm fetch something other than packages of a registry, or run project code, is refused here:
 * before npm is started at all.
 * @throws SafeInstallError kind "unbound"
 */
export async function readManifests(
  origin: Origin,
  specs: readonly string[],
  lock: Buffer | null,
  host: Reader,
  listed: readonly ListedArchive[] = [],
): Promise<ManifestFiles> {
  const { folderOf, archives } = specReader(origin, listed);
  const found = new Map<string, ProjectFile>();
  const links = new Map<string, string>();
  const named = specs.map((spec) => folderOf(spec, undefined, origin.cwd, "the command line"));
  const queue = [origin.project, ...named, ...linkedFolders(lock, origin.project)].filter((one) => one !== null);
  for (let folder = queue.pop(); folder !== undefined; folder = queue.pop()) {
    const place = await follow(folder, origin, links);
    const path = wayTo(origin.repositoryRoot, join(place, "package.json"));
    // By its real path: a link may lead to a folder around it.
    if (found.has(path)) continue;
    await assertNoLink(join(place, "package.json"));
    const content = await host.read(join(place, "package.json"), { maxBytes: LIMITS.manifestBytes });
    found.set(path, { path, content });
    if (content === null) continue;
    const manifest = parse(content, path);
    for (const from of new Set([folder, place])) queue.push(...foldersIn(manifest, from, path, folderOf));
    if (folder === origin.project) queue.push(...(await workspacesOf(manifest, folder)));
  }
  const contents = [...archives].map(async ([path, sha512]) => {
    await follow(join(origin.repositoryRoot, path), origin, links);
    return readListed(path, sha512, origin.repositoryRoot, host);
  });
  return { files: [...found.values()], links, archives: await Promise.all(contents) };
}

type Manifest = Readonly<Record<string, unknown>>;

function parse(content: Buffer, path: string): Manifest {
  try {
    const { content: manifest, repeated } = readOwn(content.toString("utf8"));
    if (repeated === null) return manifest;
    throw refused("LOCK_UNSUPPORTED", `${path} has a ${repeated}`, "keep one of the two: npm takes the last");
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw refused("LOCK_UNSUPPORTED", `${path} is no JSON: ${error.message}`, "resolve merge conflicts in it");
  }
}

async function workspacesOf(manifest: Manifest, cwd: string): Promise<readonly string[]> {
  if (manifest["workspaces"] === undefined) return [];
  try {
    return [...(await mapWorkspaces({ cwd, pkg: manifest })).values()];
  } catch (error) {
    throw new SafeInstallError(
      "usage",
      "NPM_WORKSPACES",
      `npm cannot tell the workspaces: ${(error as Error).message}`,
    );
  }
}

const KINDS = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"] as const;

function foldersIn(
  manifest: Manifest,
  folder: string,
  path: string,
  folderOf: SpecReader["folderOf"],
): readonly string[] {
  const specs = KINDS.flatMap((kind) => entriesOf(manifest[kind]));
  const folders = specs.map(([name, spec]) => folderOf(spec, name, folder, path));
  for (const [name, spec] of overridesIn(manifest["overrides"])) folderOf(spec, name, folder, path);
  return folders.filter((one) => one !== null);
}

function entriesOf(value: unknown): readonly (readonly [string, string])[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string");
}

/** Overrides nest (npm docs, package.json "overrides"); `$name` refers to a direct dependency, which is read itself. */
function overridesIn(value: unknown): readonly (readonly [string, string])[] {
  if (typeof value !== "object" || value === null) return [];
  const own = entriesOf(value).filter(([, spec]) => !spec.startsWith("$") && spec !== "");
  const named = own.map(([key, spec]) => [key === "." ? "" : key.replace(/(?<=.)@.*$/, ""), spec] as const);
  return [...named, ...Object.values(value).flatMap(overridesIn)];
}

/** Folders that an existing lock links to. A lock that cannot be read is npm's to refuse, or ours when it is judged. */
function linkedFolders(lock: Buffer | null, project: string): readonly string[] {
  try {
    const { packages } = (parseJson(lock?.toString("utf8") ?? "{}") ?? {}) as { packages?: Record<string, unknown> };
    return Object.values(packages ?? {}).flatMap((entry) => {
      const { link, resolved } = (entry ?? {}) as { link?: unknown; resolved?: unknown };
      return link === true && typeof resolved === "string" ? [resolve(project, resolved)] : [];
    });
  } catch (error) {
    if (error instanceof JsonError) return [];
    throw error;
  }
}

/** The folder itself, behind every link on the way to it; each of them, and the folder, is inside the repository. */
async function follow(folder: string, { repositoryRoot }: Origin, links: Map<string, string>): Promise<string> {
  let place = repositoryRoot;
  for (const part of wayTo(repositoryRoot, folder).split("/")) {
    const next = join(place, part);
    const real = await resolveLinks(next).catch(() => null);
    if (real === null || !isInside(real, repositoryRoot))
      throw refused("FILE_DEPENDENCY", `${folder} is outside of the repository`);
    if (real !== next) links.set(wayTo(repositoryRoot, next), wayTo(repositoryRoot, real));
    place = real;
  }
  return place;
}

async function assertNoLink(file: string): Promise<void> {
  const stats = await lstat(file).catch(() => null);
  if (stats?.isSymbolicLink() !== true) return;
  throw refused("FILE_DEPENDENCY", `${file} is a symbolic link`, "put the file itself in its place");
}
