/**
 * A public lock as it is kept here: where each package lies, its name and version, npm's flags, and what the registry's manifest
 * does not say. Everything else (edges, commands, platforms, digests) comes from the registry's manifests, whose versions never
 * change; a digest over all of it shows that the same set was rebuilt.
 */
import { createHash } from "node:crypto";

export type Entry = Readonly<Record<string, unknown>>;
export type Manifest = Readonly<Record<string, unknown>>;

export interface KeptLock {
  readonly file: "package-lock.json" | "npm-shrinkwrap.json";
  readonly lockfileVersion: number;
  /** The project's and its workspaces', reduced to what npm reads, by folder. */
  readonly manifests: Readonly<Record<string, Manifest>>;
  /** What of the project's `.npmrc` says how npm installs. */
  readonly npmrc: readonly string[];
  /** Whose place, name and version the registry knows: place, `NAME@VERSION`, differences (null: the lock has no such member). */
  readonly packages: readonly (readonly [string, string, Entry?])[];
  /** Links and folders, and what the registry does not know, whole. */
  readonly others: Readonly<Record<string, Entry>>;
  /** sha256 of what `digestOf` makes of the public lock's entries. */
  readonly digest: string;
}

/** What npm's lock says of a package, as npm takes it from a manifest (arborist's `Shrinkwrap.metaFromNode`). */
const TAKEN = ["engines", "os", "cpu", "libc", "bin", "dependencies", "optionalDependencies", "peerDependencies"];

/** Only for people, or addresses that npm's own configuration gives. */
const UNREAD = new Set(["license", "funding", "deprecated", "resolved"]);

const INSTALL_SCRIPTS = ["preinstall", "install", "postinstall"];

/** The lock's entry for a manifest: what npm writes, but for flags. */
export function entryOf(manifest: Manifest, place: string): Entry {
  const { name, version, dist, scripts, _hasShrinkwrap: shrinkwrap } = manifest;
  const { integrity, shasum } = (dist ?? {}) as { readonly integrity?: string; readonly shasum?: string };
  const optional = (manifest["optionalDependencies"] ?? {}) as Entry;
  const entry: Record<string, unknown> = { version };
  if (!place.endsWith(`node_modules/${String(name)}`)) entry["name"] = name;
  entry["integrity"] = integrity ?? sha1Of(shasum);
  for (const member of [...TAKEN, "peerDependenciesMeta", "bundleDependencies"]) entry[member] = manifest[member];
  entry["dependencies"] = without((manifest["dependencies"] ?? {}) as Entry, optional);
  entry["bundleDependencies"] ??= manifest["bundledDependencies"];
  const hooks = Object.keys(scripts ?? {});
  if (INSTALL_SCRIPTS.some((hook) => hooks.includes(hook))) entry["hasInstallScript"] = true;
  if (shrinkwrap === true) entry["hasShrinkwrap"] = true;
  return tidy(entry);
}

export function sha1Of(shasum: string | undefined): string | undefined {
  return shasum === undefined ? undefined : `sha1-${Buffer.from(shasum, "hex").toString("base64")}`;
}

function without(all: Entry, some: Entry): Entry {
  return Object.fromEntries(Object.entries(all).filter(([name]) => !(name in some)));
}

/** Without what says nothing, so that two readings of one package are one. */
function tidy(entry: Entry): Entry {
  return Object.fromEntries(
    Object.entries(entry).filter(([, value]) => value !== undefined && value !== null && !isEmpty(value)),
  );
}

function isEmpty(value: unknown): boolean {
  return typeof value === "object" && Object.keys(value as object).length === 0;
}

/** What is read of a public lock's entry. `unaddressed`: of an archive without an address. */
export function readOf(place: string, entry: Entry): Entry {
  const { link, resolved, inBundle } = entry;
  const read = Object.fromEntries(Object.entries(entry).filter(([member]) => !UNREAD.has(member)));
  if (link === true) return tidy({ ...read, resolved });
  const unaddressed = isArchive(place, entry) && inBundle !== true && resolved === undefined;
  return tidy({ ...read, ...(unaddressed ? { unaddressed } : {}) });
}

export function isArchive(place: string, { link, version }: Entry): boolean {
  return place.includes("node_modules/") && link !== true && version !== undefined;
}

/** What an entry says otherwise than the registry's manifest; null for what it does not say. */
export function differences(entry: Entry, usual: Entry): Entry {
  const members = new Set([...Object.keys(entry), ...Object.keys(usual)]);
  const other = [...members].filter((member) => canonical(entry[member]) !== canonical(usual[member]));
  return Object.fromEntries(other.map((member) => [member, entry[member] ?? null]));
}

/** The inverse of `differences`. */
export function differing(usual: Entry, differences: Entry = {}): Entry {
  return tidy({ ...usual, ...differences });
}

/** Over the entries as they are read, whatever their order. */
export function digestOf(entries: Readonly<Record<string, Entry>>): string {
  return createHash("sha256").update(canonical(entries)).digest("hex");
}

/** JSON with sorted members. */
function canonical(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "";
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([member, inner]) => `${JSON.stringify(member)}:${canonical(inner)}`).join()}}`;
}
