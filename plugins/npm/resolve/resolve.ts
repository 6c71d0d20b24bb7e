import { isInside, type PackageRef, resolveLinks, wayTo } from "../../../src/plugin.ts";
import { bearsForeignName } from "./aliases.ts";
import { effectiveUrl, isAdmitted, registryOf, type Registries } from "../origin.ts";
import { mergePlaces, placeOf, refOf, type LockResolution } from "./places.ts";
import { placeBundled } from "./bundled.ts";
import { deny, denyLoose, faultOf, leave, type Sorted, typeOfEdge } from "./edges.ts";
import { isInNodeModules, isOurs, type LockTree, type TreeNode } from "./tree.ts";
import npa from "npm-package-arg";

interface Scope {
  readonly registries: Registries;
  /** Packages are unpacked only below it. Absolute, links resolved. */
  readonly project: string;
  /** First-party folders must be inside. Absolute, links resolved. */
  readonly repositoryRoot: string;
  readonly omit: readonly string[];
  /** Also what would not be installed on this machine. */
  readonly everything?: boolean;
}

/** Sorts what the lock names: to be proven, outside of the gate on purpose, or not to be bound at all. */
export async function resolveTree(tree: LockTree, scope: Scope): Promise<LockResolution> {
  const omit = new Set(scope.omit);
  const sorted = placeBundled(await Promise.all(tree.nodes.map((node) => sort(node, omit, scope))));
  const gated = sorted.filter((one) => one.kind === "gated");
  const { locked, unbound } = mergePlaces(gated, scope.registries);
  return {
    locked,
    unbound: [
      ...sorted.flatMap((one) => (one.kind === "unbound" ? [one.unbound] : [])),
      ...tree.loose.flatMap(denyLoose),
      ...unbound,
    ],
    notGated: sorted.flatMap((one) => (one.kind === "notGated" ? [one.notGated] : [])),
    conflicts: tree.conflicts,
    linkedFolders: tree.nodes.filter((node) => !node.isLink && !isInNodeModules(node)).map(({ location }) => location),
  };
}

async function sort(node: TreeNode, omit: ReadonlySet<string>, scope: Scope): Promise<Sorted> {
  const isOutside = node.location.startsWith("../");
  if (node.isLink && (isOutside || !isInNodeModules(node)))
    return deny(node, "LOCK_UNSUPPORTED", "a link that is not in a node_modules folder of the project");
  if (node.isLink) return denyEdge(node) ?? denyUnasked(node) ?? sortFolder(node, node.target.realpath, scope);
  if (!isInNodeModules(node)) return sortOwn(node);
  if (isOutside) return deny(node, "LOCK_UNSUPPORTED", "npm would unpack it outside of the project");
  // What an entry claims decides nothing before it is clear that only a registry's archive can come of it.
  const archive = (await denyFolder(node, scope)) ?? denyEdge(node) ?? denyName(node, await sortArchive(node, scope));
  if (archive.kind === "notGated" || isNoRegistryPackage(archive)) return archive;
  if (isBundledByPackage(node)) return { kind: "bundled", node };
  if (scope.everything === true) return archive;
  if (node.inert) return leave(node, "other-platform");
  if (node.shouldOmit(omit) && node.claimsOmitted !== false) return leave(node, "omitted", [...omit].join(", "));
  return archive;
}

function isNoRegistryPackage(sorted: Sorted): boolean {
  return sorted.kind === "unbound" && sorted.unbound.denial.code !== "FOREIGN_REGISTRY";
}

/** Our own folders are read from disk: nothing is fetched for them. */
function sortOwn(node: TreeNode): Sorted {
  if (node.resolved === null && node.integrity === null) return { kind: "linked" };
  return deny(node, "LOCK_UNSUPPORTED", "an archive outside of node_modules");
}

/** A folder that packages are unpacked into may itself be a link that leads elsewhere. */
async function denyFolder(node: TreeNode, { project, repositoryRoot }: Scope): Promise<Sorted | null> {
  if (node.location.startsWith("node_modules/")) return null;
  const below = node.location.length - node.location.indexOf("/node_modules/");
  const written = node.realpath.slice(0, -below);
  const folder = await resolveLinks(written).catch(() => null);
  if (folder !== null && isInside(folder, project)) return null;
  const whose = folder !== null && isInside(folder, repositoryRoot) ? "project" : "repository";
  const hint = "a link to it is fine where its dependencies fit into the project's own node_modules";
  const where = wayTo(project, folder ?? written);
  return deny(node, "LOCK_UNSUPPORTED", `npm would unpack it into ${where}, outside of the ${whose}`, { hint });
}

function denyEdge(node: TreeNode): Sorted | null {
  for (const edge of node.edgesIn) {
    const fault = faultOf(edge);
    if (fault !== null) return deny(node, fault.code, fault.message);
  }
  return null;
}

/** What a lock links takes the place of a package: one of our own package.json must ask for that folder, or name the workspace. */
function denyUnasked(node: TreeNode): Sorted | null {
  const own = [...node.edgesIn].filter(({ from }) => isOurs(from));
  if (own.some((edge) => edge.type === "workspace" || typeOfEdge(edge) === "directory")) return null;
  return deny(node, "FILE_DEPENDENCY", "nothing of our own asks for this folder");
}

function denyName(node: TreeNode, archive: Sorted): Sorted {
  if (archive.kind !== "gated" || !bearsForeignName(node)) return archive;
  const message =
    archive.package.name === node.name
      ? `the lock puts ${node.name} itself where an alias asks for another package`
      : `the lock puts ${archive.package.name} where nothing asks for it: the folder is ${node.name}'s`;
  return deny(node, "LOCK_UNSUPPORTED", message);
}

async function sortFolder(node: TreeNode, place: string, { repositoryRoot }: Scope): Promise<Sorted> {
  // A folder of the repository may itself be a link that leads out of it.
  const folder = await resolveLinks(place).catch(() => null);
  if (folder === null || !isInside(folder, repositoryRoot))
    return deny(node, "FILE_DEPENDENCY", `${folder ?? place} is outside of the repository`);
  return leave(node, node.isWorkspace || node.target.isWorkspace ? "workspace" : "first-party");
}

async function sortArchive(node: TreeNode, scope: Scope): Promise<Sorted> {
  const { resolved } = node;
  const type = resolved === null ? "registry" : typeOf(node.name, resolved);
  if (type === "git") return deny(node, "GIT_DEPENDENCY", "a git dependency has no archive that could be proven");
  if (type === "file")
    return deny(node, "FILE_DEPENDENCY", "an archive in the project has no registry that vouches for it");
  if (type === "directory" && (node.edgesIn.size === 0 || [...node.edgesIn].some(({ from }) => !isOurs(from))))
    return deny(node, "FILE_DEPENDENCY", "nothing of our own asks for this folder");
  if (type === "directory") return sortFolder(node, folderOf(node.name, resolved ?? ""), scope);
  const ref = refOf(node);
  if (ref === null) return deny(node, "LOCK_UNSUPPORTED", "the lock gives no name and exact version");
  if (type === "registry") return { kind: "gated", package: ref, place: placeOf(node) };
  if (type !== "remote") return deny(node, "LOCK_UNSUPPORTED", `"resolved" is not understood: ${resolved}`);
  const unread = [...node.edgesIn].find((edge) => typeOfEdge(edge) === "other");
  if (unread !== undefined) return deny(node, "LOCK_UNSUPPORTED", `"${unread.spec}" is nothing that npm can look for`);
  if (!node.isRegistryDependency && node.edgesIn.size > 0)
    return deny(node, "REMOTE_DEPENDENCY", "a dependency by URL is outside of every registry");
  return sortRemote(node, ref, effectiveUrl(resolved ?? "", scope.registries), scope);
}

function sortRemote(node: TreeNode, ref: PackageRef, url: string | null, { registries }: Scope): Sorted {
  if (url !== null && isAdmitted(url, ref.name, registries))
    return { kind: "gated", package: ref, place: placeOf(node) };
  const expected = [new URL(registryOf(ref.name, registries)).origin, ...registries.admitted].join(", ");
  const found = url === null ? String(node.resolved) : new URL(url).origin;
  return deny(node, "FOREIGN_REGISTRY", "the lock names an origin that is neither configured nor in the policy", {
    details: [{ name: "origin", expected, found }],
    hint: `"registries": { "npm": [${JSON.stringify(found)}] } in the policy, if that origin is meant`,
  });
}

/** Only what a package that is itself proven carries: a root or a workspace that bundles has its bundle installed from the registry. */
function isBundledByPackage(node: TreeNode): boolean {
  const bundler = node.getBundler();
  if (bundler !== null) return isInNodeModules(bundler) && !bundler.isLink;
  const isBare = node.resolved === null && node.integrity === null;
  return isBare && node.package["inBundle"] === true && node.location.split("node_modules/").length > 2;
}

function typeOf(name: string, resolved: string): string {
  try {
    const { type } = npa(`${name}@${resolved}`);
    return type === "version" || type === "range" || type === "tag" || type === "alias" ? "other" : type;
  } catch {
    return "other";
  }
}

function folderOf(name: string, resolved: string): string {
  return npa(`${name}@${resolved}`).fetchSpec ?? resolved;
}
