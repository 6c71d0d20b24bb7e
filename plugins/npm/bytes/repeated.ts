import { parseTree, type Node } from "jsonc-parser";

/**
 * A member of a published package.json that is there twice, in two versions, and that npm acts on: whoever reads the first
 * one sees another package than npm, for which the last one counts. Null where there is none.
 * @param text JSON
 */
export function ambiguousMember(text: string, binds: ReadonlySet<string> = BINDS): string | null {
  return ambiguousIn(text, binds)?.name ?? null;
}

/** The same of a package.json of our own, in words with its line. */
export function ambiguousOwn(text: string): string | null {
  const found = ambiguousIn(text, OWN);
  if (found === null) return null;
  const line = text.slice(0, found.offset).split("\n").length;
  return `duplicate name "${found.name}" in line ${line}`;
}

function ambiguousIn(text: string, binds: ReadonlySet<string>): { name: string; offset: number } | null {
  const root = parseTree(text);
  if (root?.type !== "object") return null;
  for (const [name, values] of membersOf(root)) {
    if (!binds.has(name)) continue;
    const [first, ...others] = values.map(meaningOf);
    if (first === null || others.some((one) => one !== first)) return { name, offset: values.at(-1)?.offset ?? 0 };
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

/** For a project npm acts on these as well. */
const OWN: ReadonlySet<string> = new Set([
  ...BINDS,
  ..."devDependencies allowScripts packageExtensions patchedDependencies".split(" "),
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
