import { isInNodeModules, isOurs, type TreeEdge, type TreeNode } from "./node.ts";
import { isLeftAlone } from "./reach.ts";
import npa from "npm-package-arg";

/**
 * A folder bears its package's own name, unless an alias asks for another package there: one of our own package.json, or
 * one of a package (its archive has to say so, see `claims.ts`). Without that a lock would put a package that the policy
 * lets in where code asks for one that it does not.
 */
export function bearsForeignName(node: TreeNode): boolean {
  if (node.packageName === null) return false;
  if (node.packageName === node.name) return asksForAnother(node);
  const asking = [...node.edgesIn].filter(({ from }) => isInNodeModules(from) || isOurs(from));
  return !asking.some((edge) => realNameIn(edge.name, edge.spec) === node.packageName);
}

/**
 * The other way round: the package of that name itself, where an alias asks for another one under it. An override that npm does
 * not look at makes none: who asks means the package that lies there.
 */
function asksForAnother(node: TreeNode): boolean {
  const asking = [...node.edgesIn].filter((edge) => !isOverridden(edge) || !isLeftAlone(edge));
  const real = asking.map(({ name, spec }) => realNameIn(name, spec));
  return real.some((name) => name !== null && name !== node.packageName);
}

/** Aliases that the lock says a package has: name -> real name. What the project's overrides make of its edges is ours. */
export function aliasesOf(node: TreeNode): ReadonlyMap<string, string> {
  if (!isInNodeModules(node)) return new Map();
  const edges = [...node.edgesOut.values()].filter((edge) => !isOverridden(edge));
  return aliasesIn(edges.map(({ name, spec }) => [name, spec] as const));
}

function isOverridden({ spec, rawSpec }: TreeEdge): boolean {
  return rawSpec !== undefined && rawSpec !== spec;
}

export function aliasesIn(specs: readonly (readonly [string, string])[]): ReadonlyMap<string, string> {
  return new Map(
    specs.flatMap(([name, spec]) => {
      const real = realNameIn(name, spec);
      return real === null ? [] : [[name, real] as const];
    }),
  );
}

/** `npm:NAME@RANGE`; null for every other spec. */
function realNameIn(name: string, spec: string): string | null {
  if (!/^npm:/i.test(spec)) return null;
  try {
    const { type, subSpec } = npa.resolve(name, spec) as npa.AliasResult;
    return type === "alias" ? subSpec.name : null;
  } catch {
    return null;
  }
}
