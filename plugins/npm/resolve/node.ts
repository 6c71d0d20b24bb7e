/** The members of arborist's nodes that we read; "Node facts" are arborist's own terms. */
export interface TreeNode {
  readonly name: string;
  /** The real name, also where the folder bears an alias. */
  readonly packageName: string | null;
  readonly version: string | null;
  readonly location: string;
  readonly realpath: string;
  readonly resolved: string | null;
  readonly integrity: string | null;
  readonly isLink: boolean;
  readonly isProjectRoot: boolean;
  readonly isWorkspace: boolean;
  readonly isRegistryDependency: boolean;
  readonly optional: boolean;
  readonly extraneous: boolean;
  inert: boolean;
  readonly target: TreeNode;
  readonly linksIn: ReadonlySet<TreeNode>;
  readonly package: Readonly<Record<string, unknown>>;
  readonly edgesIn: ReadonlySet<TreeEdge>;
  readonly edgesOut: ReadonlyMap<string, TreeEdge>;
  /** Whether npm would leave it out by what the lock claims; the other members are computed from the edges. */
  claimsOmitted?: boolean;
  /** Of a folder of ours: its package.json is on disk; otherwise the lock alone speaks for it. */
  hasManifest?: boolean;
  /** Whether npm comes by when it looks for what is missing; see `isLeftAlone`. */
  walked?: boolean;
  readonly children: ReadonlyMap<string, TreeNode>;
  /** In whose node_modules a name is looked for next; none: the project's. */
  readonly resolveParent?: TreeNode | null;
  getBundler: () => TreeNode | null;
  shouldOmit(omit: ReadonlySet<string>): boolean;
}

/** A dependency that the lock satisfies with another version than it asks for: an overridden peer conflict. */
export interface Conflict {
  readonly name: string;
  readonly spec: string;
  /** The lock's. */
  readonly version: string | null;
}

/** One dependency, as arborist reads it; overrides of the root are in `spec`. */
export interface TreeEdge {
  readonly name: string;
  readonly spec: string;
  /** As the package itself has it, before overrides. */
  readonly rawSpec?: string;
  /** "prod", "dev", "optional", "peer", "peerOptional" or "workspace". */
  readonly type: string;
  readonly optional: boolean;
  readonly missing: boolean;
  readonly invalid: boolean;
  /** Whether a node has the name and a version that are asked for. */
  satisfiedBy?(node: TreeNode): boolean;
  readonly from: TreeNode;
  readonly to: TreeNode | null;
  /** Where npm would look for it, once that has been asked; see `typeOfEdge`. */
  lookup?: string;
}

export function isInNodeModules(node: TreeNode): boolean {
  return node.location.startsWith("node_modules/") || node.location.includes("/node_modules/");
}

/**
 * Whether the lock has another version there than is asked for. Arborist calls an edge invalid, too, where those who ask for one
 * version stand under overrides that contradict each other: npm looks once more, and takes the version that is there.
 */
export function isUnfit(edge: TreeEdge): boolean {
  const { to, missing, invalid } = edge;
  return !missing && invalid && (to === null || edge.satisfiedBy?.(to) !== true);
}

/** Code of ours: what its package.json asks for is our own wish. A folder that only the lock knows is none. */
export function isOurs(node: TreeNode): boolean {
  return !isInNodeModules(node) && node.hasManifest !== false;
}
