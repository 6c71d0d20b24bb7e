import type { Code, Denial, NotGated, PackageRef, Unbound } from "../../src/plugin.ts";
import { faultOf } from "./edges.ts";
import { type Place, refOf } from "./places.ts";
import type { TreeEdge, TreeNode } from "./tree.ts";

/** What becomes of one node. */
export type Sorted =
  /** The lock says that the archive of a package around it brings it along. */
  | { readonly kind: "bundled"; readonly node: TreeNode }
  | { readonly kind: "gated"; readonly package: PackageRef; readonly place: Place }
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
