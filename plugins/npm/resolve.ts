import type { Code, Denial, NotGated, PackageRef, Unbound } from "../../src/plugin.ts";
import { effectiveUrl, isAdmitted, registryOf, type Registries } from "./origin.ts";
import { mergePlaces, type Place, placeOf, refOf, type Resolution } from "./places.ts";
import type { Tree, TreeNode } from "./tree.ts";
import npa from "npm-package-arg";
import { realpath } from "node:fs/promises";
import { isAbsolute, relative, sep } from "node:path";

export interface Scope {
  readonly registries: Registries;
  /** First-party folders must be inside. Absolute, links resolved. */
  readonly repositoryRoot: string;
  readonly omit: readonly string[];
  /** Also what would not be installed on this machine. */
  readonly everything?: boolean;
}

type Sorted =
  | { readonly kind: "gated"; readonly package: PackageRef; readonly place: Place }
  | { readonly kind: "unbound"; readonly unbound: Unbound }
  | { readonly kind: "notGated"; readonly notGated: NotGated }
  /** The target of a link: the link speaks for it. */
  | { readonly kind: "linked" };

/** Sorts what the lock names: to be proven, outside of the gate on purpose, or not to be bound at all. */
export async function resolveTree(tree: Tree, scope: Scope): Promise<Resolution> {
  const omit = new Set(scope.omit);
  const sorted = await Promise.all(tree.nodes.map((node) => sort(node, omit, scope)));
  const gated = sorted.filter((one) => one.kind === "gated");
  const { locked, unbound } = mergePlaces(gated);
  return {
    locked,
    unbound: [...sorted.flatMap((one) => (one.kind === "unbound" ? [one.unbound] : [])), ...unbound],
    notGated: sorted.flatMap((one) => (one.kind === "notGated" ? [one.notGated] : [])),
    linkedFolders: tree.nodes.filter((node) => !node.isLink && !isInNodeModules(node)).map(({ location }) => location),
  };
}

async function sort(node: TreeNode, omit: ReadonlySet<string>, scope: Scope): Promise<Sorted> {
  if (node.isLink) return sortFolder(node, node.target.realpath, scope);
  if (!isInNodeModules(node)) return { kind: "linked" };
  if (node.location.startsWith("../"))
    return deny(node, "LOCK_UNSUPPORTED", "npm would unpack it outside of the project");
  if (isBundledByPackage(node)) return leave(node, "bundled", "covered by the archive that it travels in");
  if (scope.everything === true) return sortArchive(node, scope);
  if (node.inert) return leave(node, "other-platform");
  if (node.shouldOmit(omit)) return leave(node, "omitted", [...omit].join(", "));
  return sortArchive(node, scope);
}

async function sortFolder(node: TreeNode, place: string, { repositoryRoot }: Scope): Promise<Sorted> {
  // A folder of the repository may itself be a link that leads out of it.
  const folder = await realpath(place).catch(() => place);
  if (!isInside(folder, repositoryRoot)) return deny(node, "FILE_DEPENDENCY", `${folder} is outside of the repository`);
  return leave(node, node.isWorkspace || node.target.isWorkspace ? "workspace" : "first-party");
}

async function sortArchive(node: TreeNode, scope: Scope): Promise<Sorted> {
  const { resolved } = node;
  const type = resolved === null ? "registry" : typeOf(node.name, resolved);
  if (type === "git") return deny(node, "GIT_DEPENDENCY", "a git dependency has no archive that could be proven");
  if (type === "file")
    return deny(node, "FILE_DEPENDENCY", "an archive in the project has no registry that vouches for it");
  if (type === "directory") return sortFolder(node, folderOf(resolved ?? ""), scope);
  const ref = refOf(node);
  if (ref === null) return deny(node, "LOCK_UNSUPPORTED", "the lock gives no name and exact version");
  if (type === "registry") return { kind: "gated", package: ref, place: placeOf(node) };
  if (type !== "remote") return deny(node, "LOCK_UNSUPPORTED", `"resolved" is not understood: ${resolved}`);
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
  return node.extraneous && node.package["inBundle"] === true && node.location.split("node_modules/").length > 2;
}

function isInNodeModules(node: TreeNode): boolean {
  return node.location.startsWith("node_modules/") || node.location.includes("/node_modules/");
}

function typeOf(name: string, resolved: string): string {
  try {
    const { type } = npa(`${name}@${resolved}`);
    return type === "version" || type === "range" || type === "tag" || type === "alias" ? "other" : type;
  } catch {
    return "other";
  }
}

function folderOf(resolved: string): string {
  return npa(resolved).fetchSpec ?? resolved;
}

function isInside(path: string, root: string): boolean {
  const way = relative(root, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function leave(node: TreeNode, kind: NotGated["kind"], detail?: string): Sorted {
  const name = node.location;
  return {
    kind: "notGated",
    notGated: detail === undefined || detail === "" ? { kind, name } : { kind, name, detail },
  };
}

function deny(node: TreeNode, code: Code, message: string, more: Partial<Denial> = {}): Sorted {
  const hint = HINTS[code];
  const denial: Denial = {
    code,
    message,
    details: [],
    location: node.location,
    ...(hint === undefined ? {} : { hint }),
    ...more,
  };
  return { kind: "unbound", unbound: { package: refOf(node), location: node.location, denial } };
}

const HINTS: Readonly<Partial<Record<Code, string>>> = {
  GIT_DEPENDENCY: "depend on a published version, or keep the code as a folder of the repository",
  REMOTE_DEPENDENCY: "depend on a published version",
  FILE_DEPENDENCY: "keep the code as a folder of the repository, or publish it",
  LOCK_UNSUPPORTED: "npm install --package-lock-only --ignore-scripts",
};
