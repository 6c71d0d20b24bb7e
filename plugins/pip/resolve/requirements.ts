import { normalName, type Unbound, wayTo } from "../../../src/plugin.ts";
import { dependenciesOf, type FirstParty, ofExtras } from "./first-party.ts";
import { refusalOf, strayFolder, unreadable } from "./refused.ts";
import { withoutSecrets } from "../report.ts";
import { type Sibling, siblingFor, siblingsOf, unfitSibling } from "./siblings.ts";
import type { RequirementLine, StaticProject, PipWords } from "../words.ts";

/** What the user asks for, sorted by what can be done with it. */
export interface SortedRequirements {
  /** For pip's resolver: requirements from an index only. */
  readonly lines: readonly string[];
  readonly constraints: readonly string[];
  /** What the user asks for by name, in normal form: judged, installed or not. */
  readonly named: readonly string[];
  /** For what builds need. */
  readonly buildConstraints: readonly string[];
  readonly firstParty: readonly FirstParty[];
  readonly siblings: readonly Sibling[];
  readonly unbound: readonly Unbound[];
  /** Hashes that the user's files state, by normal name: `sha256:HEX`. */
  readonly hashes: ReadonlyMap<string, readonly string[]>;
  /** A file asks for a hash of everything. */
  readonly requireHashes: boolean;
}

/** Sorts every requirement of every file. What changes where packages come from, and what no index serves, is refused. */
export async function sortRequirements(
  words: PipWords,
  repositoryRoot: string,
  project: string,
): Promise<SortedRequirements> {
  const { options, projects } = words;
  const entries = words.entries.filter(({ applies }) => applies);
  const unbound: Unbound[] = [];
  const firstParty: FirstParty[] = [];
  const lines: string[] = [];
  const constraints: string[] = [];
  const siblings = siblingsOf(words);
  const known = new Set<string>();
  const open = [...entries];
  for (let entry = open.shift(); entry !== undefined; entry = open.shift()) {
    const sibling = siblingFor(entry, siblings);
    const denial =
      refusalOf(entry) ??
      (await strayFolder(entry, repositoryRoot)) ??
      unreadable(entry, projects, words) ??
      (sibling === null ? null : unfitSibling(entry, sibling));
    if (denial !== null) {
      unbound.push({ package: null, location: placeOf(entry, project), denial });
    } else if (sibling !== null) {
      const key = `${sibling.name}[${entry.extras.join()}]`;
      if (!known.has(key)) open.push(...ofExtras(sibling.project, entry.extras));
      known.add(key);
    } else if (entry.text !== null && entry.kind === null) {
      (entry.constraint ? constraints : lines).push(lineOf(entry));
    } else if (entry.path !== null) {
      const found = projects[entry.path];
      if (found === null || found === undefined) continue;
      firstParty.push(firstPartyOf(entry, entry.path, found));
      const needed = options.ignore_dependencies ? [] : dependenciesOf(found, entry.extras);
      open.push(...needed.filter(({ applies }) => applies));
      for (const one of found.buildRequires.filter(({ applies }) => applies)) {
        const refused = refusalOf(one);
        if (refused !== null) unbound.push({ package: null, location: placeOf(one, project), denial: refused });
      }
    }
  }
  const bounds = words.buildConstraints.filter(({ applies }) => applies);
  for (const entry of bounds) {
    const denial = refusalOf(entry) ?? unreadable(entry, projects, words);
    if (denial !== null) unbound.push({ package: null, location: placeOf(entry, project), denial });
  }
  const requireHashes = entries.some((entry) => entry.options.includes("require_hashes"));
  return {
    lines,
    constraints,
    buildConstraints: bounds.map(lineOf),
    named: namesIn(entries),
    siblings: [...siblings.values()],
    firstParty,
    unbound,
    hashes: hashesOf(entries),
    requireHashes,
  };
}

/** pip would read variables again; a name, a version and a marker need none. */
function lineOf({ text, hashes }: RequirementLine): string {
  const line = (text ?? "").replaceAll(/\s+/g, " ").replaceAll("${", "$ {");
  return [line, ...hashes.map((hash) => `--hash=${hash}`)].join(" ");
}

function firstPartyOf(
  entry: RequirementLine,
  folder: string,
  { name, version, buildRequires, mayAsk }: StaticProject,
): FirstParty {
  const { editable, extras } = entry;
  const lines = buildRequires.filter(({ applies }) => applies).map(lineOf);
  return {
    folder,
    name: name ?? folder,
    editable,
    extras,
    buildRequires: lines,
    mayAsk,
    isVersioned: version !== null,
  };
}

function namesIn(entries: readonly RequirementLine[]): readonly string[] {
  return entries.flatMap(({ name, constraint }) => (name === null || constraint ? [] : [normalName("pypi", name)]));
}

function hashesOf(entries: readonly RequirementLine[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const { name, hashes } of entries) {
    if (name === null || hashes.length === 0) continue;
    const key = normalName("pypi", name);
    found.set(key, [...(found.get(key) ?? []), ...hashes]);
  }
  return found;
}

function placeOf({ file, line, text, options }: RequirementLine, project: string): string {
  if (file !== null) return `${wayTo(project, file) || file}${line > 0 ? `:${line}` : ""}`;
  return withoutSecrets(text ?? "") || options.join(" ");
}
