import { type Host, LIMITS, parseJson, type Unbound } from "../../../src/plugin.ts";
import { attribute, descendants, localName, parseRoot, type XmlElement, XmlFault } from "../xml.ts";
import { readdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

/** A package that MSBuild would load as a project SDK while it evaluates a project. */
interface SdkReference {
  readonly id: string;
  readonly version: string;
  readonly location: string;
}

interface SdkReferences {
  readonly references: readonly SdkReference[];
  readonly unbound: readonly Unbound[];
}

/**
 * Finds project SDKs with versions in the text of the projects, without evaluating them: `Sdk=`, `<Sdk>`, `<Import Sdk>`
 * and `msbuild-sdks` of global.json (learn.microsoft.com, "Use MSBuild project SDKs"). What this misses is not loaded:
 * MSBuild's resolver for packages is off.
 */
export async function findSdkReferences(target: string, host: Host): Promise<SdkReferences> {
  const versions = await readGlobalJson(dirname(target), host);
  const seen = new Set<string>();
  const found = new Map<string, SdkReference>();
  const waiting = [target, ...(await sharedFiles(dirname(target)))];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    const content = await host.read(file, { maxBytes: LIMITS.manifestBytes });
    if (content === null) continue;
    const text = content.toString("utf8").replace(/^\uFEFF/, "");
    const root = /\.(?:sln|slnf)$/i.test(file) ? null : rootOf(text);
    const named = root === null ? projectsIn(text) : elementsOf(root).flatMap(namedFiles);
    for (const one of named) {
      const path = resolve(dirname(file), one.replaceAll("\\", "/"));
      waiting.push(path, ...(await sharedFiles(dirname(path))));
    }
    for (const [id, version] of root === null ? [] : elementsOf(root).flatMap(sdksOf)) {
      const exact = version ?? versions.get(id.toLowerCase());
      if (exact !== undefined) found.set(`${id.toLowerCase()}/${exact}`, { id, version: exact, location: file });
    }
  }
  return { references: [...found.values()], unbound: twice([...found.values()]) };
}

/** The overlay that MSBuild is shown has one place for each name. */
function twice(references: readonly SdkReference[]): readonly Unbound[] {
  return references.flatMap(({ id, version, location }) => {
    const other = references.find((one) => one.id.toLowerCase() === id.toLowerCase() && one.version !== version);
    if (other === undefined) return [];
    const message = `the project SDK ${id} is named with two versions, ${version} and ${other.version}`;
    const hint = 'name one version, in "msbuild-sdks" of global.json';
    return [
      { package: null, location, denial: { code: "LOCK_UNSUPPORTED", message, details: [], location, hint } } as const,
    ];
  });
}

function elementsOf(root: XmlElement): readonly XmlElement[] {
  return [root, ...descendants(root)];
}

/** A file that is no XML is MSBuild's to complain about. */
function rootOf(text: string): XmlElement | null {
  try {
    return parseRoot(text);
  } catch (error) {
    if (error instanceof XmlFault) return null;
    throw error;
  }
}

/** Projects in a .sln or .slnf. */
function projectsIn(text: string): readonly string[] {
  return [...text.matchAll(/"([^"\r\n]+\.[a-z]*proj)"/gi)].map(([, path = ""]) => path.replaceAll("\\\\", "\\"));
}

/** Files that an element names literally: project references, imports, the projects of a .slnx. */
function namedFiles(element: XmlElement): readonly string[] {
  const name = localName(element);
  const value =
    name === "ProjectReference"
      ? attribute(element, "Include")
      : name === "Import"
        ? attribute(element, "Project")
        : name === "Project"
          ? attribute(element, "Path")
          : null;
  return (value ?? "").split(";").filter((one) => one !== "" && !/[$*%]/.test(one));
}

/** `Sdk="A/1.0;B"`, `<Sdk Name="A" Version="1.0" />`, `<Import Sdk="A" Version="1.0" />`. */
function sdksOf(element: XmlElement): readonly (readonly [id: string, version: string | undefined])[] {
  if (localName(element) === "Sdk") return one(attribute(element, "Name"), attribute(element, "Version"));
  const named = (attribute(element, "Sdk") ?? "").split(";").map((part) => part.trim());
  return named.flatMap((part) => {
    const [id, version] = part.split("/");
    return one(id ?? null, version ?? attribute(element, "Version"));
  });
}

function one(id: string | null, version: string | null) {
  return id === null || id === "" ? [] : ([[id, version ?? undefined]] as const);
}

async function readGlobalJson(folder: string, host: Host): Promise<ReadonlyMap<string, string>> {
  for (let at = folder; ; at = dirname(at)) {
    const content = await host.read(join(at, "global.json"), { maxBytes: LIMITS.manifestBytes });
    if (content !== null) {
      const { "msbuild-sdks": sdks = {} } = (parseLoosely(content.toString("utf8")) ?? {}) as {
        "msbuild-sdks"?: Record<string, unknown>;
      };
      return new Map(Object.entries(sdks).map(([id, version]) => [id.toLowerCase(), String(version)]));
    }
    if (dirname(at) === at) return new Map();
  }
}

/** global.json may hold comments; one that we cannot read names no SDKs, and then none is loaded. */
function parseLoosely(text: string): unknown {
  try {
    return parseJson(text.replaceAll(/^\s*\/\/.*$/gm, "").replace(/^\uFEFF/, ""));
  } catch {
    return null;
  }
}

/** What MSBuild imports from the folders above by name. */
export const SHARED = /^directory\.(?:build\.(?:props|targets)|packages\.props|solution\.(?:props|targets))$/i;

/** Those of a folder and of all above it. */
export async function sharedFiles(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (let at = folder; ; at = dirname(at)) {
    const names: readonly string[] = await readdir(at).catch(() => []);
    found.push(...names.filter((name) => SHARED.test(name)).map((name) => join(at, name)));
    if (dirname(at) === at) return found;
  }
}
