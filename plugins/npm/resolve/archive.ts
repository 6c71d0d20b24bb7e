import { isInside, type PackageRef, resolveLinks } from "../../../src/plugin.ts";
import { effectiveUrl, isAdmitted, registryOf, type Registries } from "../origin.ts";
import { deny, isAskedThere, leave, type Sorted, typeOfEdge } from "./edges.ts";
import { sortOutside } from "./outside.ts";
import { placeOf, refOf } from "./places.ts";
import { isOurs, type TreeNode } from "./node.ts";
import npa from "npm-package-arg";

export interface Scope {
  readonly registries: Registries;
  /** Packages are unpacked only below it. Absolute, links resolved. */
  readonly project: string;
  /** First-party folders must be inside. Absolute, links resolved. */
  readonly repositoryRoot: string;
  readonly omit: readonly string[];
  /** Also what would not be installed on this machine. */
  readonly everything?: boolean;
  /** Archives that come from no registry are put before the gate; otherwise they cannot be bound. */
  readonly archives?: boolean;
}

/** What npm would unpack there: a registry's archive, or a folder of ours. */
export async function sortArchive(node: TreeNode, scope: Scope): Promise<Sorted> {
  const { resolved } = node;
  const type = resolved === null ? "registry" : typeOf(node.name, resolved);
  if (type === "git") return deny(node, "GIT_DEPENDENCY", "a git dependency has no archive that could be proven");
  if (type === "file") return sortOutside(node, "FILE_DEPENDENCY", scope);
  if (type === "directory" && (node.edgesIn.size === 0 || [...node.edgesIn].some(({ from }) => !isOurs(from))))
    return deny(node, "FILE_DEPENDENCY", "nothing of our own asks for this folder");
  if (type === "directory") return sortFolder(node, folderOf(node.name, resolved ?? ""), scope);
  if (type === "remote" && [...node.edgesIn].some(isAskedThere)) return sortOutside(node, "REMOTE_DEPENDENCY", scope);
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
  const own = new URL(registryOf(ref.name, registries)).origin;
  const found = url === null ? String(node.resolved) : new URL(url).origin;
  const isConfigured = registries.origins.has(found);
  const message = isConfigured
    ? `npm is configured to take ${scopeOf(ref.name)} from elsewhere: another registry may have another package of that name`
    : "the lock names an origin that is neither configured nor in the policy";
  return deny(node, "FOREIGN_REGISTRY", message, {
    details: [{ name: "origin", expected: [own, ...registries.admitted].join(", "), found }],
    hint: `"registries": { "npm": [${JSON.stringify(found)}] } in the policy, if that origin is meant${isConfigured ? " for it" : ""}`,
  });
}

function scopeOf(name: string): string {
  return name.startsWith("@") ? name.slice(0, name.indexOf("/")) : "what has no scope";
}

/** A folder of ours that stands in a package's place. */
export async function sortFolder(node: TreeNode, place: string, { repositoryRoot }: Scope): Promise<Sorted> {
  // A folder of the repository may itself be a link that leads out of it.
  const folder = await resolveLinks(place).catch(() => null);
  if (folder === null || !isInside(folder, repositoryRoot))
    return deny(node, "FILE_DEPENDENCY", `${folder ?? place} is outside of the repository`);
  return leave(node, node.isWorkspace || node.target.isWorkspace ? "workspace" : "first-party");
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
