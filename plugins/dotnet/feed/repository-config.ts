import { type Bounds, type Host, isInside, SafeInstallError } from "../../../src/plugin.ts";
import { type ConfigFile, decodeName, expand, isExpanded, kindOf } from "./config-files.ts";
import { strangeShape } from "./config-shape.ts";
import { attribute, children, descendants, localName, type XmlElement } from "../xml.ts";
import { realpath } from "node:fs/promises";
import { basename, dirname } from "node:path";

/**
 * A NuGet.config in the repository may come with a stranger's clone: it may name feeds and hold credentials of its own, but
 * not turn the user's connections elsewhere, nor send the user's environment, or what the user stored under the name of a
 * source, to an origin that the user's own files and the policy do not name.
 * @param namesAreBound what the user types (a key) is for the source of that name, also where nothing is stored for it
 * @throws SafeInstallError REPOSITORY_NUGET_CONFIG, before anything is asked of the network.
 */
export async function refuseRepositoryConfig(
  files: readonly ConfigFile[],
  { repositoryRoot, registries }: Bounds,
  env: Host["env"],
  { namesAreBound = false }: { readonly namesAreBound?: boolean } = {},
): Promise<void> {
  const repository = await realOf(repositoryRoot);
  const strange = await Promise.all(files.map(({ file }) => mayBeStrange(file, repository)));
  const own = files.filter((_, at) => strange[at] !== true);
  const ownSources = sourcesIn(own, env);
  const known = new Set([...ownSources.map(({ origin }) => origin), ...registries.map(originOf), null]);
  const sources = sourcesIn(files, env);
  const named = namesAreBound ? ownSources.map(({ name }) => name) : [];
  const stored = new Set([...storedNames(own, env), ...named]);
  for (const { file, root } of files.filter((_, at) => strange[at] === true)) {
    const its = sourcesIn([{ file, root }], env);
    const leak =
      strangeShape(root) ??
      turnedElsewhere(root) ??
      environmentInAddress(its, known) ??
      identityToUnknown(root, { sources, known, env }) ??
      storedToAnother(its, { stored, ownSources, known });
    if (leak !== null) throw refusal(file, leak);
  }
}

/** In the repository; or above it, where a clone inside of a clone would have its own. */
export async function mayBeStrange(file: string, root: string): Promise<boolean> {
  const folder = await realOf(dirname(file));
  return isInside(folder, root) || (isInside(root, folder) && /^nuget\.config$/i.test(basename(file)));
}

const realOf = (path: string) => realpath(path).catch(() => path);

interface Source {
  /** In lower case: NuGet does not tell. */
  readonly name: string;
  /** null: a folder of this machine. */
  readonly origin: string | null;
  readonly hasVariable: boolean;
}

/** Every source that these files name, also one that another file hides or disables. */
function sourcesIn(files: readonly ConfigFile[], env: Host["env"]): readonly Source[] {
  return files
    .flatMap(({ root }) => [...addsIn(root, "packageSources"), ...addsIn(root, "auditSources")])
    .map((item) => {
      const value = attribute(item, "value") ?? "";
      const name = (attribute(item, "key") ?? "").toLowerCase();
      return { name, origin: originOf(expand(value, env)), hasVariable: isExpanded(value, env) };
    });
}

function itemsIn(root: XmlElement, section: string): readonly XmlElement[] {
  return children(root, section).flatMap((one) => children(one));
}

export function addsIn(root: XmlElement, section: string): readonly XmlElement[] {
  return itemsIn(root, section).filter((item) => kindOf(item) === "add");
}

type Origins = ReadonlySet<string | null>;

/** Where a connection goes, and whether it is proven whom it reaches. */
function turnedElsewhere(root: XmlElement): string | null {
  const proxy = addsIn(root, "config")
    .map((item) => attribute(item, "key") ?? "")
    .find((key) => PROXY.test(key));
  if (proxy !== undefined) return `"${proxy}" turns connections elsewhere`;
  const unproven = descendants(root).find((item) => /^true$/i.test(attribute(item, UNPROVEN) ?? ""));
  return unproven === undefined ? null : `"${UNPROVEN}" lets anybody answer`;
}

const PROXY = /^(?:https?_proxy|no_proxy)(?:\.|$)/i;
const UNPROVEN = "disableTLSCertificateValidation";

function environmentInAddress(its: readonly Source[], known: Origins): string | null {
  const found = its.find(({ hasVariable, origin }) => hasVariable && !known.has(origin));
  if (found === undefined) return null;
  return `the address of "${found.name}" would send your environment to an origin that only this file names`;
}

/** Variables in credentials, and certificates of the user, go to the source that they are for. */
function identityToUnknown(
  root: XmlElement,
  { sources, known, env }: { sources: readonly Source[]; known: Origins; env: Host["env"] },
): string | null {
  const withVariables = credentialsIn(root).filter((item) =>
    children(item).some((one) => isExpanded(attribute(one, "value") ?? "", env)),
  );
  for (const name of [...withVariables.map(nameOf), ...certificatesIn(root)]) {
    const named = sources.filter((one) => one.name === name);
    const reached = named.length > 0 ? named : sources;
    if (reached.every(({ origin }) => known.has(origin))) continue;
    return `the credentials of "${name}" would send what is yours to an origin that only this file names`;
  }
  return null;
}

/** NuGet binds credentials to the name of a source, whatever its address is. */
function storedToAnother(
  its: readonly Source[],
  { stored, ownSources, known }: { stored: ReadonlySet<string>; ownSources: readonly Source[]; known: Origins },
): string | null {
  for (const { name, origin } of its.filter((one) => stored.has(one.name))) {
    const before = ownSources.filter((one) => one.name === name).map((one) => one.origin);
    if (origin === null || (before.length > 0 ? before.includes(origin) : known.has(origin))) continue;
    return `"${name}" would send the credentials that you have for this name to another origin`;
  }
  return null;
}

function storedNames(own: readonly ConfigFile[], env: Host["env"]): ReadonlySet<string> {
  const variables = Object.keys(env).flatMap((name) => /^NuGetPackageSourceCredentials_(.+)$/i.exec(name)?.[1] ?? []);
  const inFiles = own.flatMap(({ root }) => [...credentialsIn(root).map(nameOf), ...certificatesIn(root)]);
  return new Set([...inFiles, ...variables.map((name) => decodeName(name).toLowerCase())]);
}

function credentialsIn(root: XmlElement): readonly XmlElement[] {
  return itemsIn(root, "packageSourceCredentials");
}

const nameOf = (item: XmlElement) => decodeName(localName(item)).toLowerCase();

function certificatesIn(root: XmlElement): readonly string[] {
  return itemsIn(root, "clientCertificates").flatMap((item) => attribute(item, "packageSource")?.toLowerCase() ?? []);
}

function refusal(file: string, why: string): SafeInstallError {
  const hint =
    "name the feed in your own NuGet.config, or give credentials by VSS_NUGET_EXTERNAL_FEED_ENDPOINTS or a credential provider; " +
    'or name its origin in the policy: "registries": { "nuget": [...] }';
  return new SafeInstallError("usage", "REPOSITORY_NUGET_CONFIG", `${file}: ${why}`, { hint });
}

/**
 * Where the address of a source is asked: `https://host:port`; null for a folder of this machine. What is neither, or could be
 * read in two ways, stays as it is: nobody else names it so.
 */
export function originOf(address: string): string | null {
  if (/^\s*[\\/]{2}/.test(address)) return address;
  if (!/^\s*[A-Za-z][A-Za-z0-9+.-]+:/.test(address)) return null;
  if (!URL.canParse(address) || /[^\u0021-\u007E]|\\/.test(address)) return address;
  const { protocol, origin, host, username, password } = new URL(address);
  if (protocol === "file:") return host === "" ? null : address;
  return /^https?:$/.test(protocol) && username + password === "" ? origin : address;
}
