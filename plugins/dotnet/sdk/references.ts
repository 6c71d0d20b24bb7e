import { type Host, LIMITS, parseJson, type Unbound } from "../../../src/plugin.ts";
import { attribute, descendants, localName, parseRoot, type XmlElement, XmlFault } from "../xml.ts";
import { readdir } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";

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
  const { versions, unread } = await readGlobalJson(dirname(target), host);
  const unbound: Unbound[] = [...unread];
  const seen = new Set<string>();
  const found = new Map<string, SdkReference>();
  const waiting = [target, ...(await sharedFiles(dirname(target)))];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    const content = await host.read(file, { maxBytes: LIMITS.manifestBytes });
    if (content === null) continue;
    const text = textOf(content);
    const isXml = !/\.(?:sln|slnf)$/i.test(file);
    const root = isXml ? rootOf(text) : null;
    if (isXml && root === null) unbound.push(unreadable(file, "is no XML that could be read without its DTD"));
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
  return { references: [...found.values()], unbound: [...unbound, ...twice([...found.values()])] };
}

/** What MSBuild may read and we cannot could name project SDKs. */
function unreadable(location: string, why: string): Unbound {
  const message = `${basename(location)} ${why}: the project SDKs that it may name are not known`;
  const hint = "write it as plain XML in UTF-8, without <!DOCTYPE>; global.json without comments";
  return { package: null, location, denial: { code: "LOCK_UNSUPPORTED", message, details: [], location, hint } };
}

/** By its byte order mark (XML 1.0, appendix F); without one it is UTF-8. */
export function textOf(content: Buffer): string {
  const mark = content.subarray(0, 2).toString("hex");
  const label = mark === "fffe" ? "utf-16le" : mark === "feff" ? "utf-16be" : "utf-8";
  return new TextDecoder(label).decode(content);
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

/** In which ASCII is what it is in UTF-8. */
const PLAIN = /^(?:utf-?8|utf-16|us-ascii|iso-8859-\d+|windows-125\d)$/i;

/** null where another reader may see something else: no XML, a DTD (its entities and default attributes), a rare encoding. */
export function rootOf(text: string): XmlElement | null {
  const [, encoding = "utf-8"] = /^<\?xml[^>]*\sencoding\s*=\s*["']([^"']*)/.exec(text) ?? [];
  if (/<!DOCTYPE/i.test(text) || !PLAIN.test(encoding)) return null;
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

interface Versions {
  readonly versions: ReadonlyMap<string, string>;
  readonly unread: readonly Unbound[];
}

async function readGlobalJson(folder: string, host: Host): Promise<Versions> {
  for (let at = folder; ; at = dirname(at)) {
    const file = join(at, "global.json");
    const content = await host.read(file, { maxBytes: LIMITS.manifestBytes });
    if (content !== null) return versionsIn(textOf(content), file);
    if (dirname(at) === at) return { versions: new Map(), unread: [] };
  }
}

/** global.json may hold comments. One that we cannot read counts where it may name versions of SDKs. */
function versionsIn(text: string, file: string): Versions {
  const value = parseLoosely(text);
  const mayName = /msbuild-sdks|\\u|\0/i.test(text);
  if (value === undefined) return { versions: new Map(), unread: mayName ? [unreadable(file, "is no JSON")] : [] };
  const { "msbuild-sdks": sdks = {} } = (value ?? {}) as { "msbuild-sdks"?: Record<string, unknown> | null };
  const entries = Object.entries(sdks ?? {});
  return { versions: new Map(entries.map(([id, version]) => [id.toLowerCase(), String(version)])), unread: [] };
}

function parseLoosely(text: string): unknown {
  try {
    return parseJson(text.replaceAll(/^\s*\/\/.*$/gm, "").replace(/^\uFEFF/, ""));
  } catch {
    return undefined;
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
