import { isInNodeModules, isUnfit, type TreeEdge, type TreeNode } from "./node.ts";

/**
 * npm looks for what the root asks for, and for what can be reached from there without a link; of a workspace, for what does
 * not lie below it. For everything else it installs what the lock has. What lies in a bundle is its archive's matter.
 */
export function isLeftAlone({ name, from, to }: TreeEdge): boolean {
  if (isBundledByPackage(from) || bundles(from, name)) return true;
  if (from.walked !== false) return false;
  if (isInNodeModules(from) || from.linksIn.size === 0) return true;
  return to !== null && to.location.startsWith(`${from.location}/`);
}

/** Whether the archive of a package is said to bring that one along; an entry of its own it need not have in the lock. */
function bundles(node: TreeNode, name: string): boolean {
  const { bundleDependencies: names } = node.package;
  return isInNodeModules(node) && Array.isArray(names) && names.includes(name);
}

/** Only what a package that is itself proven carries: a root or a workspace that bundles has its bundle installed from the registry. */
export function isBundledByPackage(node: TreeNode): boolean {
  const bundler = node.getBundler();
  if (bundler !== null) return isInNodeModules(bundler) && !bundler.isLink;
  const isBare = node.resolved === null && node.integrity === null;
  return isBare && node.package["inBundle"] === true && node.location.split("node_modules/").length > 2;
}

/** What somebody might want to know: it is installed all the same. */
export function isUnmet(edge: TreeEdge): boolean {
  const isAsked = edge.type !== "peer" && edge.type !== "peerOptional" && edge.type !== "optional";
  const isOfSomebody = isInNodeModules(edge.from) || edge.from.linksIn.size > 0;
  return (
    isAsked &&
    isOfSomebody &&
    (edge.missing || isUnfit(edge)) &&
    isLeftAlone(edge) &&
    !isBundledByPackage(edge.from) &&
    !bundles(edge.from, edge.name)
  );
}

/** What npm looks for although the lock does not have it: without the network it fails, or goes on without. */
export function isLacking(edge: TreeEdge): boolean {
  const { type, to, from } = edge;
  const isMeant = type === "peer" || type === "optional";
  return isMeant && !to && !from.inert && !isLeftAlone(edge) && !isBundledByPackage(from);
}

/** As arborist's `#initTree`: from the root along the edges; a link's target is not reached by it. */
export function markWalked(nodes: readonly TreeNode[]): void {
  for (const node of nodes) node.walked = false;
  const queue = nodes.filter(({ isProjectRoot }) => isProjectRoot);
  for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
    if (node.walked === true) continue;
    node.walked = true;
    for (const { to } of node.edgesOut.values()) if (to) queue.push(to);
  }
}
