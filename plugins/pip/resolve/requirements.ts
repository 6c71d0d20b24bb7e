import { type Denial, normalName, type Unbound, isInside, resolveLinks, wayTo } from "../../../src/plugin.ts";
import { dependenciesOf, type FirstParty, ofExtras } from "./first-party.ts";
import { withoutSecrets } from "../report.ts";
import { type Sibling, siblingFor, siblingsOf, unfitSibling } from "./siblings.ts";
import { type RequirementLine, isSet, type StaticProject, type PipWords } from "../words.ts";

/** What the user asks for, sorted by what can be done with it. */
export interface SortedRequirements {
  /** For pip's resolver: requirements from an index only. */
  readonly lines: readonly string[];
  readonly constraints: readonly string[];
  /** What the user asks for by name, in normal form: judged, installed or not. */
  readonly named: readonly string[];
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
  const requireHashes = entries.some((entry) => entry.options.includes("require_hashes"));
  return {
    lines,
    constraints,
    named: namesIn(entries),
    siblings: [...siblings.values()],
    firstParty,
    unbound,
    hashes: hashesOf(entries),
    requireHashes,
  };
}

/** Options that may stand in a requirements file. */
const HARMLESS: ReadonlySet<string> = new Set(["hashes", "editables", "require_hashes", "prefer_binary"]);

/** How pip spells what its parser calls otherwise. */
const SPELLED: Readonly<Record<string, string>> = {
  extra_index_urls: "--extra-index-url",
  trusted_hosts: "--trusted-host",
  features_enabled: "--use-feature",
  global_options: "--global-option",
};

const BY_KIND = {
  vcs: ["GIT_DEPENDENCY", "a version-control dependency has no archive that could be proven", "publish it to an index"],
  url: ["REMOTE_DEPENDENCY", "a dependency by URL is outside of every index", "name it and its version instead"],
  file: [
    "FILE_DEPENDENCY",
    "an archive in a folder comes from no index",
    "name it and its version, and give the folder with --find-links",
  ],
} as const satisfies Readonly<Record<string, readonly [Denial["code"], string, string]>>;

function refusalOf({ options, kind, url }: RequirementLine): Denial | null {
  const option = options.find((name) => !HARMLESS.has(name));
  if (option !== undefined) {
    const found = SPELLED[option] ?? `--${option.replaceAll("_", "-")}`;
    return {
      code: "OPTION_REFUSED",
      message: `${found} in a requirements file changes where packages come from, or how they are built`,
      details: [{ name: "option", expected: "(none)", found }],
      hint: "say it on the command line or in pip's own configuration, where the file's author has no say",
    };
  }
  if (kind === null || kind === "folder") return null;
  const [code, message, hint] = BY_KIND[kind];
  return { code, message, details: [{ name: "source", expected: "an index", found: withoutSecrets(url ?? "") }], hint };
}

async function strayFolder({ kind, path }: RequirementLine, repositoryRoot: string): Promise<Denial | null> {
  if (kind !== "folder" || path === null) return null;
  const real = await resolveLinks(path).catch(() => null);
  if (real !== null && isInside(real, repositoryRoot)) return null;
  return {
    code: "FILE_DEPENDENCY",
    message: "a folder outside of the repository is not first-party",
    details: [{ name: "folder", expected: `inside ${repositoryRoot}`, found: real ?? path }],
    hint: "publish it to an index, or move it into the repository",
  };
}

/** Nothing of a project runs before the verdict: what only its build code knows is not known. */
function unreadable(
  { kind, path, url, constraint }: RequirementLine,
  projects: PipWords["projects"],
  { options }: PipWords,
): Denial | null {
  if (kind !== "folder" || path === null) return null;
  const found = projects[path] ?? null;
  const because = (message: string, hint: string): Denial => ({ code: "FILE_DEPENDENCY", message, details: [], hint });
  if (/#(?:.*&)?subdirectory=/.test(url ?? ""))
    return because("a part of a folder is not looked at by itself", "name the folder of the project: ./FOLDER/PART");
  if (constraint) return because("a folder cannot be a constraint", "name the package and its version");
  if (found === null)
    return because("it has no pyproject.toml that states its dependencies", "add one, with [project] dependencies");
  if (found.dynamic && !options.ignore_dependencies)
    return because(
      "its dependencies are dynamic: only its own build code could tell them",
      "state [project] name and dependencies in pyproject.toml, or install it with --no-deps beside a requirements file",
    );
  if (!options.build_isolation || isSet(options.config_settings))
    return because(
      "--no-build-isolation and --config-settings cannot be carried through the gate",
      "leave them out for projects that are installed from their folder",
    );
  return null;
}

/** pip would read variables again; a name, a version and a marker need none. */
function lineOf({ text, hashes }: RequirementLine): string {
  const line = (text ?? "").replaceAll(/\s+/g, " ").replaceAll("${", "$ {");
  return [line, ...hashes.map((hash) => `--hash=${hash}`)].join(" ");
}

function firstPartyOf(entry: RequirementLine, folder: string, { name, buildRequires }: StaticProject): FirstParty {
  const { editable, extras } = entry;
  const lines = buildRequires.filter(({ applies }) => applies).map(lineOf);
  return { folder, name: name ?? folder, editable, extras, buildRequires: lines };
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
