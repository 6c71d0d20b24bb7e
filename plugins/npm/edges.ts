import type { Code } from "../../src/plugin.ts";
import { isInNodeModules, type TreeEdge } from "./tree.ts";
import npa from "npm-package-arg";

/** Why an edge cannot be followed to proven bytes. */
export interface EdgeFault {
  readonly code: Code;
  readonly message: string;
}

/** Where npm would look for what an edge asks for: "registry", or as npm-package-arg calls it; "other" where it is none. */
export function typeOfEdge({ name, spec, from }: TreeEdge): string {
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
  const foreign = FOREIGN[type];
  if (foreign !== undefined && (to !== null || edge.type !== "peerOptional")) {
    const isOwn = type === "directory" && !isInNodeModules(edge.from);
    const asked = `"${edge.from.location || "package.json"}" asks for ${edge.name}`;
    if (!isOwn) return { code: foreign, message: `${asked} ${KINDS[type]}: no registry vouches for it` };
    if (to === null) return { code: "LOCK_UNSUPPORTED", message: `${asked}, and the lock does not have it` };
  }
  if (edge.type === "peer" || edge.type === "peerOptional" || edge.type === "optional") return null;
  if (!edge.missing && !edge.invalid) return null;
  const how = edge.missing ? "does not have it" : `has ${String(to?.version)}`;
  const message = `package.json and the lock do not agree: "${edge.from.location}" asks for ${edge.name}@${edge.spec}, the lock ${how}`;
  return { code: "LOCK_UNSUPPORTED", message };
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
