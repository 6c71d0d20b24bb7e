import {
  type ArchivePlace,
  type Denial,
  LIMITS,
  type NotGated,
  type PackageRef,
  SafeInstallError,
  type Unbound,
} from "../../../src/plugin.ts";
import { aliasesOf } from "./aliases.ts";
import { mergeStated, parseIntegrity, type Stated } from "../integrity.ts";
import { conventionalUrl, effectiveUrl, type Registries } from "../origin.ts";
import type { Conflict, TreeNode } from "./node.ts";
import npa from "npm-package-arg";

/** One package version with everything that the lock says of it. */
export interface Locked {
  readonly package: PackageRef;
  readonly stated: Stated;
  /** Never empty. */
  readonly places: readonly Placement[];
  /** Absent: it comes from a registry. */
  readonly archive?: Outside;
}

/** An archive that comes from no registry. */
export interface Outside {
  readonly place: ArchivePlace;
  /** Absolute, links resolved; null: it lies at an address. */
  readonly file: string | null;
}

/** One folder that npm would unpack it into. */
export interface Placement {
  readonly location: string;
  readonly resolved: string | null;
  readonly integrity: string | null;
  /** npm may leave it out when its own installation fails. */
  readonly optional: boolean;
  /** Nothing needs it: npm leaves it out. */
  readonly extraneous: boolean;
  readonly hasInstallScript: boolean;
  /** Commands that the lock says it has: name -> path, as npm would link them. */
  readonly bin?: unknown;
  /** What the lock says of its dependencies, platforms and so on; see `fillCache`. */
  readonly manifest?: Readonly<Record<string, unknown>>;
  /** Aliases that the lock says it asks for: name -> real name. */
  readonly aliases?: ReadonlyMap<string, string>;
  readonly askers?: readonly Asker[];
  /** Where what it asks for lies, as npm would find it. */
  readonly needs?: readonly string[];
  /** Folders below it that the lock says its archive brings along, for instance `node_modules/a/node_modules/b`. */
  readonly carries?: readonly string[];
}

/** Under which name code finds what lies there. */
export function folderName(location: string): string {
  return location.slice(location.lastIndexOf("node_modules/") + "node_modules/".length);
}

/** Who asks for what lies in a place. */
export interface Asker {
  /** "" is the root. */
  readonly location: string;
  /** Where the lock has a version further up that they ask for as well. */
  readonly fits: readonly string[];
}

/** What a lock holds, sorted by what can be done with it. */
export interface LockResolution {
  readonly locked: ReadonlyMap<string, Locked>;
  readonly unbound: readonly Unbound[];
  readonly notGated: readonly NotGated[];
  /** Folders of the project that links lead to, relative to it: npm empties their node_modules too. */
  readonly linkedFolders: readonly string[];
  readonly conflicts: readonly Conflict[];
}

/** A registry package by its real name; null where name or version are none. */
export function refOf({ packageName, version }: TreeNode): PackageRef | null {
  return refNamed(packageName, version);
}

/** The same of a name and a version, whoever says them. */
export function refNamed(name: string | null, version: string | null): PackageRef | null {
  // Blanks at an end are npm-package-arg's to pass over, and nobody's to write.
  if (version !== null && /\s/.test(version)) return null;
  try {
    const spec = npa(`${name}@${version}`);
    if (name === null || version === null || spec.type !== "version" || spec.name !== name || spec.rawSpec !== version)
      return null;
    return { ecosystem: "npm", name, version, purl: withPurl.toPurl(`${name}@${version}`) };
  } catch {
    return null;
  }
}

/** The file that `npm pack` makes: what a workflow attests before it publishes (`actions/attest` names files). */
export function packedName({ name, version }: PackageRef): string {
  return `${name.replace(/^@/, "").replace("/", "-")}-${version}.tgz`;
}

export function placeOf(node: TreeNode): Placement {
  const { location, resolved, integrity, optional } = node;
  const extraneous = node.extraneous || (node.claimsOmitted ?? false);
  const hasInstallScript = node.package["hasInstallScript"] === true;
  const manifest = node.package;
  const claims = { hasInstallScript, bin: manifest["bin"], aliases: aliasesOf(node), askers: askersOf(node), manifest };
  const needs = [...node.edgesOut.values()].flatMap(({ to }) => to?.location ?? []);
  return { location, resolved, integrity, optional, extraneous, ...claims, needs };
}

function askersOf(node: TreeNode): readonly Asker[] {
  const above = namesakesAbove(node);
  const asking = [...node.edgesIn].filter(({ type }) => type !== "peerOptional");
  return asking.map((edge) => {
    const fitting = above.filter((one) => edge.satisfiedBy?.(one) === true);
    return { location: edge.from.location, fits: fitting.map(({ location }) => location) };
  });
}

/** What is found under that name where a node is left out. */
function namesakesAbove({ name, resolveParent }: TreeNode): readonly TreeNode[] {
  const found: TreeNode[] = [];
  for (let folder = resolveParent?.resolveParent; folder; folder = folder.resolveParent)
    found.push(...[folder.children.get(name)].filter((one) => one !== undefined));
  return found;
}

/**
 * Several folders with one package version are one artifact, if the lock does not contradict itself, and if no folder gets
 * whatever another address serves: one artifact is fetched and proven once.
 */
export function mergePlaces(
  found: readonly { readonly package: PackageRef; readonly place: Placement; readonly archive?: Outside }[],
  registries: Registries,
): {
  readonly locked: ReadonlyMap<string, Locked>;
  readonly unbound: readonly Unbound[];
} {
  const locked = new Map<string, Locked & { readonly places: Placement[] }>();
  const unbound = new Map<string, Unbound>();
  for (const { package: ref, place, archive } of found) {
    const known = locked.get(ref.purl);
    const one = parseIntegrity(place.integrity);
    const stated = one !== null && known !== undefined ? mergeStated(known.stated, one) : one;
    if (stated === null) unbound.set(ref.purl, unusable(ref, place));
    else {
      const places = known?.places ?? [];
      places.push(place);
      locked.set(ref.purl, { package: ref, stated, places, ...(archive === undefined ? {} : { archive }) });
    }
  }
  for (const { package: ref, places } of locked.values()) {
    const isBound = places.every(({ integrity }) => parseIntegrity(integrity)?.hex["sha512"] !== undefined);
    if (isBound) continue;
    const urls = new Set(places.map(({ resolved }) => addressOf(ref, resolved, registries)));
    if (urls.size > 1) unbound.set(ref.purl, contradictory(ref, [...urls]));
  }
  for (const purl of unbound.keys()) locked.delete(purl);
  if (locked.size > LIMITS.artifacts) throw tooMany(locked.size);
  return { locked, unbound: [...unbound.values()] };
}

function addressOf({ name, version }: PackageRef, resolved: string | null, registries: Registries): string {
  const stated = resolved === null ? conventionalUrl(name, version, registries) : effectiveUrl(resolved, registries);
  return stated ?? resolved ?? "";
}

function unusable(ref: PackageRef, { location, integrity }: Placement): Unbound {
  const denial: Denial = {
    code: "INTEGRITY_UNUSABLE",
    message: "the lock's integrity is malformed, or names several digests of one kind",
    details: [{ name: "integrity", expected: "one digest", found: integrity ?? "" }],
    location,
    hint: "remove this entry's integrity from the lock, then npm install --package-lock-only --ignore-scripts",
  };
  return { package: ref, location, denial };
}

function contradictory(ref: PackageRef, urls: readonly string[]): Unbound {
  const [expected = "", found = ""] = urls;
  const message = "the lock names several addresses for these bytes, and not for each of them a sha512";
  const location = ref.purl;
  const hint = "npm install --package-lock-only --ignore-scripts";
  return {
    package: ref,
    location,
    denial: { code: "INTEGRITY_UNUSABLE", message, details: [{ name: "resolved", expected, found }], hint },
  };
}

function tooMany(count: number): SafeInstallError {
  return new SafeInstallError("unbound", "LOCK_UNSUPPORTED", `${count} packages are more than ${LIMITS.artifacts}`);
}

/** Package URL as npm signs it (npm-package-arg; purl-spec would lower-case names, npm does not). */
const withPurl = npa as unknown as { toPurl(spec: string): string };
