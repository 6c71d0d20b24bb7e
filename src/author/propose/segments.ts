import { TRAITS } from "../../ecosystems/index.ts";
import type { EcosystemTraits } from "../../ecosystems/traits.ts";
import type { Ecosystem } from "../../model/package.ts";

/** What one version of a package rests on: a signer, or (null) its recorded digests. */
export interface VersionStanding {
  readonly version: string;
  readonly signer: string | null;
}

/** The versions that rest on the same, and what the rule's `versions` says of them; null: all there are. */
export interface Segment {
  readonly versions: string | null;
  readonly signer: string | null;
}

/**
 * Splits a package's versions where their grounds differ. Where ranges can be asked they meet, and the newest one is
 * open to what comes next; elsewhere each version has a rule of its own.
 */
export function segmentsOf(ecosystem: Ecosystem, standings: readonly VersionStanding[]): readonly Segment[] {
  const signers = new Set(standings.map(({ signer }) => signer));
  const [only] = signers;
  if (only === undefined) return [];
  if (signers.size === 1) return [{ versions: null, signer: only }];
  const traits = TRAITS[ecosystem];
  if (traits.ranges === undefined)
    return standings.map((one) => ({ versions: traits.exactly(one.version), signer: one.signer }));
  const ranges = rangesOf(standings, traits.ranges.compare);
  return isExact(ranges, standings, traits) ? ranges : listsOf(standings);
}

/** `<7.6.0`, `>=7.6.0 <8.0.0`, `>=8.0.0`. */
function rangesOf(
  standings: readonly VersionStanding[],
  compare: (left: string, right: string) => number,
): readonly Segment[] {
  const sorted = standings.toSorted((left, right) => compare(left.version, right.version));
  const starts = sorted.filter(({ signer }, at) => at === 0 || sorted[at - 1]?.signer !== signer);
  return starts.map(({ version, signer }, at) => {
    const next = starts[at + 1]?.version;
    const bounds = [...(at === 0 ? [] : [`>=${version}`]), ...(next === undefined ? [] : [`<${next}`])];
    return { versions: bounds.join(" "), signer };
  });
}

/** Whether each version is in one range, and in the right one: prereleases may be in none. */
function isExact(
  segments: readonly Segment[],
  standings: readonly VersionStanding[],
  traits: EcosystemTraits,
): boolean {
  return standings.every(({ version, signer }) => {
    const found = segments.filter(({ versions }) => includes(versions ?? "", version, traits));
    return found.length === 1 && found[0]?.signer === signer;
  });
}

function includes(versions: string, version: string, { parseRange }: EcosystemTraits): boolean {
  const range = parseRange(versions);
  return typeof range !== "string" && range.includes(version);
}

function listsOf(standings: readonly VersionStanding[]): readonly Segment[] {
  const signers = [...new Set(standings.map(({ signer }) => signer))];
  return signers.map((signer) => ({
    versions: standings
      .filter((one) => one.signer === signer)
      .map(({ version }) => version)
      .join(" || "),
    signer,
  }));
}

const TAGS = "refs/tags/";

/**
 * A ref as a signer pins it: in a tag that spells the package's version (once, and as a whole), the version becomes `{version}`.
 * Everything else stays literal: one observed branch says nothing about others.
 */
export function generaliseRef(ref: string, version: string): string {
  if (!ref.startsWith(TAGS)) return ref;
  const tag = ref.slice(TAGS.length);
  const at = tag.indexOf(version);
  if (at < 0 || tag.indexOf(version, at + 1) >= 0) return ref;
  const before = tag.slice(0, at);
  const after = tag.slice(at + version.length);
  if (/[0-9]\.?$/.test(before) || /^[0-9A-Za-z.+-]/.test(after)) return ref;
  return `${TAGS}${before}{version}${after}`;
}

/** A form of tags in which zeros lead a release's numbers (`v2024.10.03` for 2024.10.3); null: this tag has none such. */
export function paddedForm(ref: string, version: string): string | null {
  if (ref.includes("{version}")) return ref.replace("{version}", PADDED);
  const [, release = "", rest = ""] = /^(\d+(?:\.\d+)*)(?![\d!])([^]*)$/.exec(version) ?? [];
  if (!ref.startsWith(TAGS) || release === "") return null;
  const spelled = release.split(".").join("\\.0*");
  const found = new RegExp(`^(?<before>(?:[^]*[^0-9.])?)0*${spelled}(?![0-9])`).exec(ref.slice(TAGS.length));
  const before = found?.groups?.["before"];
  if (found === null || before === undefined) return null;
  const after = ref.slice(TAGS.length + found[0].length);
  if (!after.startsWith(rest) || /^[0-9A-Za-z.+-]/.test(after.slice(rest.length))) return null;
  return `${TAGS}${before}${PADDED}${after.slice(rest.length)}`;
}

const PADDED = "{version:padded}";

/** Whether a literal tag is of such a form, and shows a leading zero. */
export function showsPadding(ref: string, form: string): boolean {
  const [before = "", after = ""] = form.split(PADDED);
  if (!ref.startsWith(before) || !ref.endsWith(after) || ref.length <= before.length + after.length) return false;
  return /^(?=.*(?:^|\.)0\d)\d+(?:\.\d+)*/.test(ref.slice(before.length, ref.length - after.length));
}

/** The same where tags also name the package, as monorepos do: its name becomes `*`, which never goes past a `/`. */
export function generaliseName(ref: string, name: string): string {
  if (!ref.startsWith(TAGS) || !ref.includes("{version")) return ref;
  const own = name.split("/").at(-1) ?? name;
  const tag = ref.slice(TAGS.length);
  const at = tag.indexOf(own);
  if (at < 0 || tag.indexOf(own, at + 1) >= 0) return ref;
  const before = tag.slice(0, at);
  const after = tag.slice(at + own.length);
  if (/[A-Za-z0-9]$/.test(before) || /^[A-Za-z0-9]/.test(after)) return ref;
  return `${TAGS}${before}*${after}`;
}
