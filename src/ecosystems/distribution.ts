import { normalName } from "./names.ts";
import { compareVersions, parseVersion } from "./versions/pep440.ts";

/** What a distribution's file name says (PyPA "Binary distribution format" and "Source distribution format"). */
interface Distribution {
  readonly kind: "wheel" | "sdist";
  /** In normal form (PEP 503). */
  readonly name: string;
  readonly version: string;
  /** Build tag, null without one. */
  readonly build: string | null;
  /** Every combination of the compressed tags, sorted. Empty for a source distribution. */
  readonly tags: readonly string[];
}

/** null where it is neither a wheel nor a source distribution of the formats that indexes accept. */
export function parseDistribution(file: string): Distribution | null {
  if (file.length > 1000 || /[^\x21-\x7e]|[/\\]/.test(file)) return null;
  return file.endsWith(".whl") ? parseWheel(file.slice(0, -4)) : parseSource(file);
}

function parseWheel(stem: string): Distribution | null {
  const parts = stem.split("-");
  const [name = "", version = ""] = parts;
  const build = parts.length === 6 ? (parts[2] ?? "") : null;
  if ((parts.length !== 5 && parts.length !== 6) || !isName(name) || parseVersion(version) === null) return null;
  if (build !== null && !/^\d/.test(build)) return null;
  const [python = "", abi = "", platform = ""] = parts.slice(-3);
  const tags = expand(python, abi, platform);
  return tags === null ? null : { kind: "wheel", name: normalName("pypi", name), version, build, tags };
}

/** The name has no dash of its own where the file was made after PEP 625; older ones are split before the version. */
function parseSource(file: string): Distribution | null {
  const [, stem = ""] = /^(.+)(?:\.tar\.gz|\.zip)$/.exec(file) ?? [];
  const cut = stem.lastIndexOf("-");
  const [name, version] = [stem.slice(0, cut), stem.slice(cut + 1)];
  if (cut < 1 || !isName(name) || parseVersion(version) === null) return null;
  return { kind: "sdist", name: normalName("pypi", name), version, build: null, tags: [] };
}

function isName(name: string): boolean {
  return /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(name);
}

/** Compressed tag sets (PEP 425). Real wheels have a dozen combinations. */
function expand(python: string, abi: string, platform: string): readonly string[] | null {
  const sets = [python, abi, platform].map((part) => part.toLowerCase().split("."));
  if (sets.some((set) => set.includes(""))) return null;
  const [pythons = [], abis = [], platforms = []] = sets;
  if (pythons.length * abis.length * platforms.length > 1000) return null;
  const all = pythons.flatMap((one) => abis.flatMap((two) => platforms.map((three) => `${one}-${two}-${three}`)));
  return [...new Set(all)].sort();
}

/** Whether two file names are the same distribution: compared by their parts, as the specification of PEP 740's subjects says. */
export function isSameDistribution(left: string, right: string): boolean {
  const [one, other] = [parseDistribution(left), parseDistribution(right)];
  if (one === null || other === null) return false;
  return (
    one.kind === other.kind &&
    one.name === other.name &&
    isSameVersion(one.version, other.version) &&
    isSameBuild(one.build, other.build) &&
    one.tags.join() === other.tags.join()
  );
}

/** Whether a file's name says that it is of this release. */
export function isFileOf(file: string, name: string, version: string): boolean {
  const parsed = parseDistribution(file);
  return parsed !== null && parsed.name === normalName("pypi", name) && isSameVersion(parsed.version, version);
}

/** A build tag is a number with a rest (PyPA wheel specification): `1` and `01` are one. */
function isSameBuild(left: string | null, right: string | null): boolean {
  if (left === null || right === null) return left === right;
  const split = (text: string) => /^0*(\d*)(.*)$/.exec(text)?.slice(1).join(" ");
  return split(left) === split(right);
}

/** PEP 440: `1.0` and `1.0.0` are one version; texts that are none are equal to nothing. */
export function isSameVersion(left: string, right: string): boolean {
  const [one, other] = [parseVersion(left), parseVersion(right)];
  return one !== null && other !== null && compareVersions(one, other) === 0;
}
