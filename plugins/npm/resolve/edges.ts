import type { Code, Denial, NotGated, PackageRef, Unbound } from "../../../src/plugin.ts";
import { isInNodeModules, isUnfit, type TreeEdge, type TreeNode } from "./node.ts";
import { isLeftAlone } from "./reach.ts";
import npa from "npm-package-arg";
import { type Outside, type Placement, refOf } from "./places.ts";

/** Why an edge cannot be followed to proven bytes. */
interface EdgeFault {
  readonly code: Code;
  readonly message: string;
}

/** Where npm would look for what an edge asks for: "registry", or as npm-package-arg calls it; "other" where it is none. */
export function typeOfEdge(edge: TreeEdge): string {
  return (edge.lookup ??= lookupOf(edge));
}

function lookupOf({ name, spec, from }: TreeEdge): string {
  try {
    const { type } = npa.resolve(name, spec, from.realpath);
    return type === "version" || type === "range" || type === "tag" || type === "alias" ? "registry" : type;
  } catch {
    return "other";
  }
}

/**
 * npm replaces a node that an edge does not fit by what the edge asks for: each edge must be a registry's, or lead from
 * our own code to a folder of ours.
 */
export function faultOf(edge: TreeEdge): EdgeFault | null {
  const to = edge.to ?? null;
  if (to === null && isBeside(edge.from)) return null;
  const type = typeOfEdge(edge);
  if (isAskedThere(edge)) return null;
  const foreign = FOREIGN[type];
  if (foreign !== undefined && (to !== null || edge.type !== "peerOptional")) {
    const isOwn = type === "directory" && !isInNodeModules(edge.from);
    const asked = `"${edge.from.location || "package.json"}" asks for ${edge.name}`;
    if (!isOwn) return { code: foreign, message: `${asked} ${KINDS[type]}: no registry vouches for it` };
    if (to === null) return { code: "LOCK_UNSUPPORTED", message: `${asked}, and the lock does not have it` };
  }
  if (edge.type === "peer" || edge.type === "peerOptional" || edge.type === "optional") return null;
  if (!edge.missing && !isUnfit(edge)) return null;
  if (isLeftAlone(edge) || isUntold(edge)) return null;
  const how = edge.missing ? "does not have it" : `has ${String(to?.version)}`;
  const message = `package.json and the lock do not agree: "${edge.from.location}" asks for ${edge.name}@${edge.spec}, the lock ${how}`;
  return { code: "LOCK_UNSUPPORTED", message };
}

/** The archive at that very address or path is what npm would install: whether it may be is the policy's to say. */
export function isAskedThere(edge: TreeEdge): boolean {
  const { name, spec, from, to, missing, invalid } = edge;
  if (to === null || to.resolved === null || missing || invalid) return false;
  const type = typeOfEdge(edge);
  if (type !== "remote" && type !== "file") return false;
  const { fetchSpec } = npa.resolve(name, spec, from.realpath);
  return to.resolved === (type === "file" ? `file:${fetchSpec}` : fetchSpec);
}

/** Which version a tag means only a registry could say; the lock says which one is installed. */
function isUntold({ name, spec, to, from }: TreeEdge): boolean {
  if (to === null || to.resolved !== null) return false;
  try {
    return npa.resolve(name, spec, from.realpath).type === "tag";
  } catch {
    return false;
  }
}

/** A folder beside the project is linked to, and that is all: npm does not walk on to what it depends on. */
function isBeside(node: TreeEdge["from"]): boolean {
  return node.location.startsWith("../") && !isInNodeModules(node);
}

const FOREIGN: Readonly<Record<string, Code>> = {
  git: "GIT_DEPENDENCY",
  remote: "REMOTE_DEPENDENCY",
  file: "FILE_DEPENDENCY",
  directory: "FILE_DEPENDENCY",
};

const KINDS: Readonly<Record<string, string>> = {
  git: "from git",
  remote: "by URL",
  file: "as an archive file",
  directory: "as a folder",
};

/** What becomes of one node. */
export type Sorted =
  /** The lock says that the archive of a package around it brings it along. */
  | { readonly kind: "bundled"; readonly node: TreeNode }
  | { readonly kind: "gated"; readonly package: PackageRef; readonly place: Placement; readonly archive?: Outside }
  | { readonly kind: "unbound"; readonly unbound: Unbound }
  | { readonly kind: "notGated"; readonly notGated: NotGated }
  /** The target of a link: the link speaks for it. */
  | { readonly kind: "linked" };

export function leave(node: TreeNode, kind: NotGated["kind"], detail?: string): Sorted {
  const name = node.location;
  return {
    kind: "notGated",
    notGated: detail === undefined || detail === "" ? { kind, name } : { kind, name, detail },
  };
}

export function deny(node: TreeNode, code: Code, message: string, more: Partial<Denial> = {}): Sorted {
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

/** A dependency that leads to nothing in the lock has no node that could be denied. */
export function denyLoose(edge: TreeEdge): readonly Unbound[] {
  const fault = faultOf(edge);
  if (fault === null) return [];
  const location = edge.from.location || "package.json";
  const { code, message } = fault;
  const hint = HINTS[code];
  const denial: Denial = { code, message, details: [], location, ...(hint === undefined ? {} : { hint }) };
  return [{ package: null, location, denial }];
}
