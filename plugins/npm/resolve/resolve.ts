import { isInside, resolveLinks, type Unbound, wayTo } from "../../../src/plugin.ts";
import { bearsForeignName } from "./aliases.ts";
import { type Scope, sortArchive, sortFolder } from "./archive.ts";
import { mergePlaces, type LockResolution } from "./places.ts";
import { placeBundled } from "./bundled.ts";
import { deny, denyLoose, faultOf, leave, type Sorted, typeOfEdge } from "./edges.ts";
import { isInNodeModules, isOurs, type TreeNode } from "./node.ts";
import { isBundledByPackage } from "./reach.ts";
import { type LockTree } from "./tree.ts";

/** Sorts what the lock names: to be proven, outside of the gate on purpose, or not to be bound at all. */
export async function resolveTree(tree: LockTree, scope: Scope): Promise<LockResolution> {
  const omit = new Set(scope.omit);
  const sorted = placeBundled(await Promise.all(tree.nodes.map((node) => sort(node, omit, scope))));
  const gated = sorted.filter((one) => one.kind === "gated");
  const { locked, unbound } = mergePlaces(gated, scope.registries);
  return {
    locked,
    unbound: [
      ...summed(sorted.flatMap((one) => (one.kind === "unbound" ? [one.unbound] : []))),
      ...tree.loose.flatMap(denyLoose),
      ...unbound,
    ],
    notGated: sorted.flatMap((one) => (one.kind === "notGated" ? [one.notGated] : [])),
    conflicts: tree.conflicts,
    linkedFolders: tree.nodes.filter((node) => !node.isLink && !isInNodeModules(node)).map(({ location }) => location),
  };
}

/** A lock that was made over another registry is one thing to settle, however many packages it names. */
function summed(all: readonly Unbound[]): readonly Unbound[] {
  const byOrigin = new Map<string, Unbound[]>();
  for (const one of all) {
    const { code, message, details } = one.denial;
    if (code !== "FOREIGN_REGISTRY") continue;
    const key = JSON.stringify([message, details]);
    byOrigin.set(key, [...(byOrigin.get(key) ?? []), one]);
  }
  const many = [...byOrigin.values()].filter(({ length }) => length > APART);
  const gone = new Set(many.flat());
  return [...many.flatMap(sumOf), ...all.filter((one) => !gone.has(one))];
}

const APART = 5;

function sumOf(all: readonly Unbound[]): readonly Unbound[] {
  const [first] = all;
  if (first === undefined) return [];
  const { denial } = first;
  const host = hostIn(denial.details[0]?.found ?? "");
  const hint = `${denial.hint}; or, to ask your own registry for the same archives, in your npm configuration: replace-registry-host=${host}`;
  const message = `${all.length} packages, ${first.location} and others: ${denial.message}`;
  return [{ package: null, location: first.location, denial: { ...denial, message, hint } }];
}

function hostIn(origin: string): string {
  return URL.canParse(origin) ? new URL(origin).hostname : origin;
}

async function sort(node: TreeNode, omit: ReadonlySet<string>, scope: Scope): Promise<Sorted> {
  const isOutside = node.location.startsWith("../");
  if (node.isLink && (isOutside || !isInNodeModules(node)))
    return deny(node, "LOCK_UNSUPPORTED", "a link that is not in a node_modules folder of the project");
  if (node.isLink) return denyEdge(node) ?? denyUnasked(node) ?? sortFolder(node, node.target.realpath, scope);
  if (!isInNodeModules(node)) return sortOwn(node);
  if (isOutside) return deny(node, "LOCK_UNSUPPORTED", "npm would unpack it outside of the project");
  if (isPlaceholder(node))
    return (
      denyPlaced(node) ?? leave(node, "other-platform", "without a version in the lock: npm unpacks nothing there")
    );
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

/** Our own folders are read from disk: nothing is fetched for them. What is left over of a folder npm passes by. */
function sortOwn(node: TreeNode): Sorted {
  if (node.resolved === null && node.integrity === null) return { kind: "linked" };
  if (node.package["extraneous"] === true && node.linksIn.size === 0 && node.edgesIn.size === 0)
    return leave(node, "omitted", "left over in the lock: npm unpacks nothing there");
  return deny(node, "LOCK_UNSUPPORTED", "an archive outside of node_modules");
}

/** For another platform some npm has written no more than that there is something (arborist: "no idea what this thing is"). */
function isPlaceholder({ version, resolved, integrity, package: { optional } }: TreeNode): boolean {
  return optional === true && !version && resolved === null && integrity === null;
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

/** npm fills even an empty place with what our own code cannot do without, or what is asked for from outside of every registry. */
function denyPlaced(node: TreeNode): Sorted | null {
  const faults = [...node.edgesIn].flatMap((edge) =>
    typeOfEdge(edge) === "registry" && !isOurs(edge.from) ? [] : (faultOf(edge) ?? []),
  );
  const [fault] = faults;
  return fault === undefined ? null : deny(node, fault.code, fault.message);
}

/** What a lock links takes the place of a package: one of our own package.json must ask for that folder, or name the workspace. */
function denyUnasked(node: TreeNode): Sorted | null {
  const own = [...node.edgesIn].filter(({ from }) => isOurs(from));
  if (own.some((edge) => edge.type === "workspace" || typeOfEdge(edge) === "directory")) return null;
  return deny(node, "FILE_DEPENDENCY", "nothing of our own asks for this folder");
}

function denyName(node: TreeNode, archive: Sorted): Sorted {
  if (archive.kind !== "gated" || archive.archive !== undefined || !bearsForeignName(node)) return archive;
  const message =
    archive.package.name === node.name
      ? `the lock puts ${node.name} itself where an alias asks for another package`
      : `the lock puts ${archive.package.name} where nothing asks for it: the folder is ${node.name}'s`;
  return deny(node, "LOCK_UNSUPPORTED", message);
}
