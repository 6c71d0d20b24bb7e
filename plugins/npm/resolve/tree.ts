import { SafeInstallError } from "../../../src/plugin.ts";
import type { FlatOptions, NpmConfig } from "../config.ts";
import type { Installer } from "../installer.ts";
import type { NpmLock } from "./lock.ts";
import type Arborist from "@npmcli/arborist";
import { depSetGatherer, lockReader, treeFlags } from "../private.ts";
import { access } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { type Conflict, isInNodeModules, type TreeEdge, type TreeNode } from "./node.ts";
import { isLacking, isUnmet, markWalked } from "./reach.ts";
import { checkEngine, checkPlatform } from "npm-install-checks";

export interface LockTree {
  /** Dependencies that the lock does not satisfy, and that npm leaves alone. */
  readonly unmet: readonly TreeEdge[];
  /** Peers and optional packages that the lock lacks, and that npm looks for. */
  readonly lacking: readonly TreeEdge[];
  /** Dependencies that lead to nothing that the lock names. */
  readonly loose: readonly TreeEdge[];
  /** Everything that the lock names, but the root. */
  readonly nodes: readonly TreeNode[];
  /** npm's `replace-registry-host`, with its default filled in. */
  readonly replaceRegistryHost: string;
  readonly conflicts: readonly Conflict[];
}

/**
 * The lock as npm's own library reads it: no network, nothing written, nothing run.
 * @throws SafeInstallError kind "unbound" where arborist cannot make sense of it.
 */
export async function loadTree(project: string, lock: NpmLock, config: NpmConfig, npm: Installer): Promise<LockTree> {
  const arborist = new (readerOf(lock, npm))(optionsOf(project, config.flat));
  try {
    const root = await arborist.loadVirtual();
    const nodes = [...root.inventory.values()] as unknown as readonly TreeNode[];
    sparingBundlers(nodes);
    await markOurs(nodes);
    markWalked(nodes);
    const omit = new Set(config.flat.omit);
    for (const node of nodes) node.claimsOmitted = !node.isProjectRoot && node.shouldOmit(omit);
    // They belong to the arborist that made the tree.
    const { reset, calc } = treeFlags(basename(lock.path) === "npm-shrinkwrap.json" ? npm.entry : null);
    reset(root);
    calc(root);
    markInert(nodes, config.flat, npm);
    return {
      unmet: nodes.flatMap(({ edgesOut }) => [...edgesOut.values()].filter(isUnmet)),
      lacking: nodes.flatMap(({ edgesOut }) => [...edgesOut.values()].filter(isLacking)),
      loose: nodes.flatMap((node) => [...node.edgesOut.values()].filter(({ to }) => !to)),
      nodes: nodes.filter((node) => !node.isProjectRoot),
      replaceRegistryHost: arborist.options.replaceRegistryHost,
      conflicts: nodes.flatMap(({ edgesOut }) => [...edgesOut.values()].flatMap(conflictOf)),
    };
  } catch (error) {
    throw new SafeInstallError(
      "unbound",
      "LOCK_UNSUPPORTED",
      `npm cannot read the lockfile: ${(error as Error).message}`,
      {
        hint: "npm install --package-lock-only --ignore-scripts",
        cause: error,
      },
    );
  }
}

/** arborist reads the package.json of what a link leads to, and takes the lock's word where there is none. */
async function markOurs(nodes: readonly TreeNode[]): Promise<void> {
  for (const node of nodes.filter((one) => !one.isProjectRoot && !one.isLink && !isInNodeModules(one))) {
    const found = access(join(node.realpath, "package.json")).then(
      () => true,
      () => false,
    );
    node.hasManifest = node.linksIn.size > 0 && (await found);
  }
}

function conflictOf({ name, spec, to, invalid }: TreeEdge): readonly Conflict[] {
  return to !== null && invalid ? [{ name, spec, version: to.version }] : [];
}

/** npm-shrinkwrap.json is for npm before 12 only, and our arborist is of npm 12: then npm's own copy reads it. */
function readerOf(lock: NpmLock, npm: Installer): typeof Arborist {
  if (basename(lock.path) !== "npm-shrinkwrap.json") return lockReader();
  return createRequire(npm.entry)("@npmcli/arborist") as typeof Arborist;
}

/** As `npm ci` makes its own: scripts never run here, and what is private stays out. */
function optionsOf(project: string, flat: FlatOptions): Record<string, unknown> {
  return { ...flat, path: project, packageLock: true, save: false, ignoreScripts: true, offline: true };
}

/** As arborist's `buildIdealTree` does: an optional package that cannot run here, with all that only it needs, stays out. */
function markInert(nodes: readonly TreeNode[], flat: FlatOptions, npm: Installer): void {
  const { cpu, os, libc } = flat;
  const unfit = new Set(nodes.filter((one) => one.optional && !one.isProjectRoot && !runsHere(one)));
  // As arborist's optional-set.js, for all of them at once: one by one a chain would cost its square.
  for (const node of unfit) for (const edge of node.edgesIn) if (!edge.optional) unfit.add(edge.from);
  const gatherDepSet = depSetGatherer();
  for (const node of gatherDepSet(unfit, ({ to }) => to !== null && !unfit.has(to))) node.inert = true;

  function runsHere(node: TreeNode): boolean {
    try {
      checkEngine(node.package, npm.version, process.version, false);
      checkPlatform(node.package, false, { cpu, os, libc });
      return true;
    } catch {
      return false;
    }
  }
}

/**
 * Who bundles a node is asked for each edge, so it is settled here once for those that nobody can: only what a bundling
 * package names, what lies below that, and what any of it asks for can have a bundler.
 */
function sparingBundlers(nodes: readonly TreeNode[]): void {
  const found = new Set(nodes.flatMap(bundledBy));
  for (const node of found) {
    for (const one of node.children.values()) found.add(one);
    for (const { to } of node.edgesOut.values()) if (to) found.add(to);
  }
  for (const node of nodes) if (!found.has(node)) node.getBundler = () => null;
}

function bundledBy({ package: { bundleDependencies: names }, children }: TreeNode): readonly TreeNode[] {
  return Array.isArray(names) ? names.flatMap((name: string) => children.get(name) ?? []) : [];
}
