import { parseTree, type Node } from "jsonc-parser";

/**
 * A member of a published package.json that is there twice, in two versions, and that npm acts on: whoever reads the first
 * one sees another package than npm, for which the last one counts. Null where there is none.
 * @param text JSON
 */
export function ambiguousMember(text: string): string | null {
  const root = parseTree(text);
  if (root?.type !== "object") return null;
  for (const [name, values] of membersOf(root)) {
    if (!BINDS.has(name)) continue;
    const [first, ...others] = values.map(meaningOf);
    if (first === null || others.some((one) => one !== first)) return name;
  }
  return null;
}

/** What decides about names, bytes, commands, and code that runs. */
const BINDS: ReadonlySet<string> = new Set([
  "name",
  "version",
  "bin",
  "scripts",
  "directories",
  "gypfile",
  "os",
  "cpu",
  "libc",
  "engines",
  "dependencies",
  "optionalDependencies",
  "peerDependencies",
  "peerDependenciesMeta",
  "overrides",
  "bundleDependencies",
  "bundledDependencies",
  "acceptDependencies",
  "workspaces",
]);

function membersOf(node: Node): ReadonlyMap<string, readonly Node[]> {
  const found = new Map<string, Node[]>();
  for (const { children: [key, value] = [] } of node.children ?? []) {
    if (key === undefined || value === undefined) continue;
    const name = String(key.value);
    const values = found.get(name);
    if (values === undefined) found.set(name, [value]);
    else values.push(value);
  }
  return found;
}

/** The same text for what means the same; null where one of its own members is ambiguous. */
function meaningOf(node: Node): string | null {
  if (node.type === "array") return joined((node.children ?? []).map(meaningOf), "[]");
  if (node.type !== "object") return JSON.stringify(node.value);
  const members = [...membersOf(node)].map(([name, values]) => {
    const [first = null, ...others] = values.map(meaningOf);
    return first === null || others.some((one) => one !== first) ? null : `${JSON.stringify(name)}:${first}`;
  });
  return joined(members, "{}");
}

function joined(parts: readonly (string | null)[], around: "[]" | "{}"): string | null {
  if (parts.includes(null)) return null;
  const known = parts.map(String);
  return `${around[0]}${(around === "{}" ? known.toSorted() : known).join(",")}${around[1]}`;
}
