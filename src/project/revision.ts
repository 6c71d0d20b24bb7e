import { SafeInstallError } from "../errors.ts";
import type { Host } from "../plugin.ts";
import type { Layer } from "../policy/layer.ts";
import { openGit, type GitTree } from "./git.ts";
import { findRepository } from "./ends.ts";
import { wayTo } from "../io/inside.ts";
import { type Change, leftBehind, passedBy } from "./left-behind.ts";
import { POLICY_FILE, loadLayers, type LoadedPolicy, type LoadOptions, unique } from "./policy-file.ts";
import { type Revision, revisionText } from "./ref.ts";
import { inRepository, inSnapshot, type Snapshot, takeSnapshot } from "./snapshot.ts";
import { posix } from "node:path";
import { mkdir, realpath } from "node:fs/promises";

type GitHost = Pick<Host, "env" | "temporary">;

/** A revision, or the index (`null`), of the repository around a folder. @throws SafeInstallError */
export async function openRevision(
  folder: string,
  revision: string | null,
  host: GitHost,
  policies: readonly string[] = [],
): Promise<Snapshot & { readonly revision: Revision | null }> {
  const root = await findRepository(await realpath(folder));
  if (root === null) throw noRepository(folder);
  const git = await openGit(root, host.env);
  const found = revision === null ? null : await git.resolve(revision);
  const tree: GitTree = found === null ? "index" : { commit: found.commit };
  const private_ = await realpath(await host.temporary("revision"));
  return { ...(await takeSnapshot(git, tree, root, private_, policies)), revision: found };
}

/** How the change has the project; absent: typed in it, and judged as it lies in the working tree. */
type ChangedFrom = Partial<Pick<Change, "cwd" | "index">>;

/**
 * `--policy-from`: every layer and every file that it names (keys, roots, recorded digests) as a revision has them; the
 * layers that the working tree adds speak after them, as inner ones: they can deny more, never less. Folders of bundles
 * are the working tree's: a bundle says nothing that cryptography does not check.
 */
export async function loadLayersFrom(
  revision: string,
  options: LoadOptions,
  host: GitHost,
  from: ChangedFrom = {},
): Promise<LoadedPolicy & { readonly policyFolder: string }> {
  const project = await realpath(options.project);
  const snapshot = await openRevision(project, revision, host);
  const base = await loadAt(snapshot, { ...options, project }).catch((error: unknown) => {
    throw isNoPolicy(error) ? noPolicyAt(revision) : error;
  });
  const names = new Set(base.layers.map(({ name }) => name));
  const change: Change = { project, cwd: project, ...from };
  const left = await leftBehind(snapshot, change, names);
  const others = passedBy(snapshot, change, new Set([...names, ...left.map(({ name }) => name)]));
  const asked: LoadedPolicy[] = [];
  for (const { name, folder } of left) {
    const { layers, ...more } = await loadAt(snapshot, { ...options, project: folder });
    asked.push({ ...more, layers: layers.filter((layer) => layer.name === name) });
  }
  const brought = from.index === undefined ? loadLayers(options) : loadAt(from.index, { ...options, project });
  const here = await brought.catch((error: unknown) => {
    if (isNoPolicy(error)) return null;
    throw error;
  });
  const added = (here?.layers ?? []).filter(({ name }) => !names.has(name));
  return {
    ...base,
    layers: [...base.layers, ...asked.flatMap(({ layers }) => layers), ...added],
    roots: unique([...base.roots, ...asked.flatMap(({ roots }) => roots), ...(here?.roots ?? [])]),
    keys: unique([...base.keys, ...asked.flatMap(({ keys }) => keys), ...(here?.keys ?? [])]),
    notary: unique([...base.notary, ...asked.flatMap(({ notary }) => notary), ...(here?.notary ?? [])]),
    repositoryRoot: snapshot.root,
    // Whoever asks whether another policy is the same one compares all that judges.
    files: new Map([...(here?.files ?? []), ...asked.flatMap(({ files }) => [...files]), ...base.files]),
    notes: [
      ...base.notes,
      fromNote(snapshot.revision, added),
      ...left.map(({ name, why }) => `${name}: ${why}: it is asked as well`),
      ...(others.length === 0
        ? []
        : [`not asked, for the lock here is new and none that was under them is gone: ${others.join(", ")}`]),
    ],
    policyFolder: snapshot.folder,
  };
}

/** The policies of a snapshot, with their folders of evidence in the repository. `project` is the repository's. */
export async function loadAt(snapshot: Snapshot, options: LoadOptions): Promise<LoadedPolicy> {
  for (const path of [options.project, ...(options.policy === undefined ? [] : [options.policy])]) {
    refuseOther(snapshot, path);
  }
  const project = inSnapshot(snapshot, options.project);
  await mkdir(project, { recursive: true });
  const policy = options.policy === undefined ? {} : { policy: inSnapshot(snapshot, options.policy) };
  const loaded = await loadLayers({ ...options, ...policy, project });
  return { ...loaded, layers: loaded.layers.map((layer) => ({ ...layer, sources: inPlace(layer.sources, snapshot) })) };
}

/** A policy that is a link, lies behind one, or is converted would be no policy at all here. @throws SafeInstallError kind "policy" */
function refuseOther({ root, leftOut }: Snapshot, path: string): void {
  const steps = wayTo(root, path).split("/").filter(Boolean);
  const ways = steps.map((_, at) => steps.slice(0, at + 1).join("/"));
  const found = ["", ...ways].flatMap((way) => [way, posix.join(way, POLICY_FILE)]);
  for (const one of found) {
    const what = leftOut.get(one);
    // A submodule has policies of its own, which no tree of ours holds.
    if (what === undefined || what === "a submodule") continue;
    throw new SafeInstallError("policy", "POLICY_LINK", `${one} is ${what} in the revision or the index`, {
      hint: "commit the policy itself: what a link leads to, or a checkout makes of it, is not what was reviewed",
    });
  }
}

function inPlace(sources: Layer["sources"], snapshot: Snapshot): Layer["sources"] {
  const moved = Object.entries(sources).map(([ecosystem, list]) => [
    ecosystem,
    list.map((one) => (one.kind === "directory" ? { ...one, path: inRepository(snapshot, one.path) } : one)),
  ]);
  return Object.fromEntries(moved) as Layer["sources"];
}

function isNoPolicy(error: unknown): boolean {
  return error instanceof SafeInstallError && error.code === "NO_POLICY";
}

function fromNote(revision: Revision | null, added: readonly Layer[]): string {
  const names = added.map(({ name }) => name).join(", ");
  const from = revision === null ? "the index" : revisionText(revision);
  return `the policy is that of ${from}${names === "" ? "" : `; added by this change and asked as well: ${names}`}`;
}

function noPolicyAt(revision: string): SafeInstallError {
  return new SafeInstallError("policy", "NO_POLICY", `${revision} has no policy for this project`, {
    hint: "a change cannot bring the policy that judges it: let the policy be reviewed and merged first",
  });
}

function noRepository(folder: string): SafeInstallError {
  return new SafeInstallError("usage", "NO_REPOSITORY", `${folder} is in no git repository`, {
    hint: "--changed-since, --policy-from and --staged compare with what git knows",
  });
}
