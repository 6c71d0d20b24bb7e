import { isInside, wayTo } from "../io/inside.ts";
import { SafeInstallError } from "../errors.ts";
import type { Git, TrackedFile, GitTree } from "./git.ts";
import { readsLock, TABLES } from "../plugins.ts";
import type { Table } from "../plugin.ts";
import { isUnread } from "./detect.ts";
import { POLICY_FILE } from "./policy-file.ts";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, posix, resolve } from "node:path";

/** Files of one revision, or of the index, in a private folder that stands for the repository. */
export interface Snapshot {
  /** Absolute, links resolved; holds an empty repository, so that it is a repository's root. */
  readonly folder: string;
  /** The repository that it stands for. */
  readonly root: string;
  /** Paths of the tree, relative to its root, and why they are not in the folder. */
  readonly leftOut: ReadonlyMap<string, LeftOut>;
  /**
   * The locks and manifests of the tree, links and submodules of such a name too: path -> what git has there. Of what
   * somebody committed of installed packages the locks alone, which are not in the folder.
   */
  readonly known: ReadonlyMap<string, string>;
  /** The policies that are found by their name, relative to the root. */
  readonly policies: readonly string[];
}

/** For people, after "is". */
type LeftOut = "a symbolic link" | "a submodule" | "converted by a git attribute";

/**
 * Writes the manifests, locks and policies of a tree, and every file that a policy or a requirements file names. Links,
 * submodules and what a checkout converts are left out: whoever looks at the working tree sees something else there.
 */
export async function takeSnapshot(
  git: Git,
  tree: GitTree,
  root: string,
  folder: string,
  policies: readonly string[] = [],
): Promise<Snapshot> {
  const all = await git.files(tree);
  const files = all.filter(({ mode }) => mode === "100644" || mode === "100755");
  const isPolicy = ({ path }: TrackedFile) => posix.basename(path) === POLICY_FILE || policies.includes(path);
  await layRepository(join(folder, ".git"));
  const taken = new Set<TrackedFile>();
  const leftOut = new Map<string, LeftOut>(
    all.flatMap(({ path, mode }) => (isNoFile(mode) ? [[path, NO_FILES[mode]] as const] : [])),
  );
  let wanted = files.filter((file) => isPolicy(file) || isManifest(file.path));
  while (wanted.length > 0) {
    const scratch = join(folder, ".git", `attributes-${taken.size}`);
    const converted = await git.converted(
      tree,
      wanted.map(({ path }) => path),
      scratch,
    );
    for (const path of converted) leftOut.set(path, "converted by a git attribute");
    const contents = await git.read(wanted.map(({ id }) => id));
    const named = new Set(wanted.flatMap((file) => namedBy(file.path, contents.get(file.id), isPolicy(file))));
    for (const file of wanted) {
      taken.add(file);
      if (!converted.has(file.path)) await write(folder, file.path, contents.get(file.id));
    }
    wanted = files.filter((file) => named.has(file.path) && !taken.has(file));
  }
  const counts = (path: string) => isManifest(path) || TABLES.some((table) => readsLock(table, path));
  const known = all.flatMap(({ path, mode, id }) => (counts(path) ? [[path, `${mode} ${id}`] as const] : []));
  const own = files.map(({ path }) => path).filter((path) => posix.basename(path) === POLICY_FILE);
  return { folder, root, leftOut, known: new Map(known), policies: own };
}

/** Modes of git's trees that are no regular file's. */
const NO_FILES = { "120000": "a symbolic link", "160000": "a submodule" } as const satisfies Record<string, LeftOut>;

function isNoFile(mode: string): mode is keyof typeof NO_FILES {
  return Object.hasOwn(NO_FILES, mode);
}

/**
 * A lock, manifest or setting of an installer that the snapshot lacks because it is no plain file there: in the folder
 * itself any of them, above it what is read beside a lock. @throws SafeInstallError NOT_PLAIN
 * @param folder absolute, in the snapshot
 */
export function refuseLeftOut({ folder: top, leftOut }: Snapshot, folder: string, { locks, manifests }: Table): void {
  const here = wayTo(top, folder);
  const above = here.split("/").filter(Boolean);
  const ways = above.map((_, at) => above.slice(0, at + 1).join("/"));
  for (const [path, what] of leftOut) {
    const parent = posix.dirname(path);
    const own = locks.filter(({ below }) => below === undefined || below === posix.basename(here));
    const names = [...manifests, ...(parent === (here || ".") ? own.map(({ name }) => name) : [])];
    const counts = names.some(({ source }) => new RegExp(source, "i").test(posix.basename(path)));
    if (ways.includes(path) || (counts && (parent === "." || ways.includes(parent)))) throw notPlain(path, what);
  }
}

function notPlain(path: string, what: LeftOut): SafeInstallError {
  return new SafeInstallError("unbound", "NOT_PLAIN", `${path} is ${what}: what a checkout has there was not judged`, {
    hint: "commit the file itself, and no attribute that converts it (filter, ident, working-tree-encoding)",
  });
}

/** As little as git takes for one. */
async function layRepository(folder: string): Promise<void> {
  for (const name of ["objects", "refs"]) await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, "HEAD"), "ref: refs/heads/snapshot\n");
}

/** Where a path of the repository is in the snapshot. */
export function inSnapshot({ folder, root }: Snapshot, path: string): string {
  return join(folder, wayTo(root, path));
}

/** Where a path of the snapshot is in the repository; other paths stay. */
export function inRepository({ folder, root }: Snapshot, path: string): string {
  return isInside(path, folder) ? join(root, wayTo(folder, path)) : path;
}

/** Locks and what installers read beside them, by name; packages that somebody committed are nobody's manifests. */
export function isManifest(path: string): boolean {
  const name = posix.basename(path);
  return !isVendored(path) && (MANIFEST.test(name) || isUnread(name) || TABLES.some((table) => readsLock(table, path)));
}

/** Below a folder that npm fills. */
export function isVendored(path: string): boolean {
  return path.split("/").includes("node_modules");
}

const MANIFEST = new RegExp(
  TABLES.flatMap(({ locks, manifests }) => [
    ...locks.filter(({ below }) => below === undefined).map(({ name }) => name),
    ...manifests,
  ])
    .map(({ source }) => source)
    .join("|"),
  "i",
);

/** Every text in a file that could be the path of another; a superset of what loading will ask for. */
function namedBy(path: string, content: Buffer | undefined, isPolicy: boolean): readonly string[] {
  const text = content?.toString("utf8") ?? "";
  const names = isPolicy ? namesIn(text) : /\.(?:txt|in)$/i.test(path) ? includedIn(text) : [];
  return names.map((name) => posix.normalize(posix.join(posix.dirname(path), name)));
}

function namesIn(policy: string): readonly string[] {
  try {
    return textsIn(JSON.parse(policy));
  } catch {
    return [];
  }
}

/** `-r base.txt`, `--constraint=c.txt` of pip's requirements files. */
function includedIn(requirements: string): readonly string[] {
  const lines = requirements.matchAll(/^[ \t]*(?:-[rc][ \t]*|--(?:requirement|constraint)[ \t=]+)["']?([^\s"'#]+)/gm);
  return [...lines].map(([, name = ""]) => name);
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

async function write(folder: string, path: string, content: Buffer | undefined): Promise<void> {
  const file = resolve(folder, path);
  if (content === undefined || !isInside(file, folder) || path.split(/[\\/]/).some(isStrange)) throw strange(path);
  try {
    await mkdir(dirname(file), { recursive: true });
    // "wx": two names that a file system takes for one are no answer.
    await writeFile(file, content, { flag: "wx" });
  } catch {
    throw strange(path);
  }
}

/** Names that no honest git writes into a tree. */
function isStrange(name: string): boolean {
  return name === "" || name === "." || name === ".." || /^\.git[. ]*$/i.test(name);
}

function strange(path: string): SafeInstallError {
  return new SafeInstallError("unbound", "TREE_STRANGE", `the repository holds a file that cannot be written: ${path}`);
}
