import { SafeInstallError } from "../errors.ts";
import type { Git, TrackedFile, Tree } from "./git.ts";
import { POLICY_FILE } from "./policy-file.ts";
import { isWithin } from "./program.ts";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, posix, relative, resolve } from "node:path";

/** Files of one revision, or of the index, in a private folder that stands for the repository. */
export interface Snapshot {
  /** Absolute, links resolved; holds an empty `.git`, so that it is a repository's root. */
  readonly folder: string;
  /** The repository that it stands for. */
  readonly root: string;
}

/**
 * Writes the manifests, locks and policies of a tree, and every file that a policy names. Links and submodules are left
 * out: a policy that names one names a file that is not there.
 */
export async function takeSnapshot(
  git: Git,
  tree: Tree,
  root: string,
  folder: string,
  policies: readonly string[] = [],
): Promise<Snapshot> {
  const files = (await git.files(tree)).filter(({ mode }) => mode === "100644" || mode === "100755");
  const isPolicy = ({ path }: TrackedFile) => posix.basename(path) === POLICY_FILE || policies.includes(path);
  const first = files.filter((file) => isPolicy(file) || isManifest(file.path));
  const contents = await git.read(first.map(({ id }) => id));
  const named = first.filter(isPolicy).flatMap((file) => namedBy(file.path, contents.get(file.id)));
  const second = files.filter((file) => named.includes(file.path) && !first.includes(file));
  const more = await git.read(second.map(({ id }) => id));
  await mkdir(join(folder, ".git"), { recursive: true });
  for (const { path, id } of [...first, ...second]) await write(folder, path, contents.get(id) ?? more.get(id));
  return { folder, root };
}

/** Where a path of the repository is in the snapshot. */
export function inSnapshot({ folder, root }: Snapshot, path: string): string {
  return join(folder, relative(root, path));
}

/** Where a path of the snapshot is in the repository; other paths stay. */
export function inRepository({ folder, root }: Snapshot, path: string): string {
  return isWithin(path, folder) ? join(root, relative(folder, path)) : path;
}

/** What installers read beside their lock, by name; packages that somebody committed are nobody's manifests. */
function isManifest(path: string): boolean {
  return !path.split("/").includes("node_modules") && MANIFEST.test(posix.basename(path));
}

const MANIFEST = new RegExp(
  [
    /package\.json|package-lock\.json|npm-shrinkwrap\.json|\.npmrc|\.npm-extension\.[cm]?js/,
    /pyproject\.toml|pylock.*\.toml|(?:uv|poetry)\.lock|pip\.(?:conf|ini)|.*(?:requirements|constraints).*\.(?:txt|in)/,
    /packages.*\.lock\.json|nuget\.config|global\.json|.*\.(?:slnx?|slnf|[a-z]+proj|props|targets)/,
  ]
    .map(({ source }) => `^(?:${source})$`)
    .join("|"),
  "i",
);

/** Every text in a policy that could be the path of a file; a superset of what loading will ask for. */
function namedBy(policy: string, content: Buffer | undefined): readonly string[] {
  try {
    const texts = textsIn(JSON.parse((content ?? Buffer.from("null")).toString("utf8")));
    return texts.map((text) => posix.normalize(posix.join(posix.dirname(policy), text)));
  } catch {
    return [];
  }
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

async function write(folder: string, path: string, content: Buffer | undefined): Promise<void> {
  const file = resolve(folder, path);
  if (content === undefined || !isWithin(file, folder) || path.split(/[\\/]/).some(isStrange)) throw strange(path);
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
