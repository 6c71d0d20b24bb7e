import type { VersionRange } from "../traits.ts";

interface Version {
  readonly numbers: readonly number[];
  readonly labels: readonly string[];
}

interface Bound {
  readonly version: Version;
  readonly inclusive: boolean;
}

/**
 * An interval in brackets: `[1.0,2.0)`, `(,2.0]`, `[1.0]`.
 * Bare `1.0` (which NuGet reads as "1.0 or newer") and floating versions are refused.
 * Source: learn.microsoft.com, NuGet "Package versioning".
 */
export function nugetRange(text: string): VersionRange | string {
  const [, open, inside, close] = /^([[(])([^[\]()]*)([\])])$/.exec(text.trim()) ?? [];
  if (open === undefined || inside === undefined) return `"${text}" is not a NuGet interval such as [1.0,2.0)`;
  const bounds = inside.split(",").map((part) => part.trim());
  if (bounds.length === 1) return exactly(text, bounds[0] ?? "", open === "[" && close === "]");
  const [low = "", high = ""] = bounds;
  if (bounds.length > 2 || (low === "" && high === "")) return `"${text}" is not an interval with one or two ends`;
  const lower = bound(low, open === "[");
  const upper = bound(high, close === "]");
  if (typeof lower === "string") return lower;
  if (typeof upper === "string") return upper;
  return { includes: (version: string) => within(parse(version), lower, upper) };
}

function exactly(text: string, inside: string, closed: boolean): VersionRange | string {
  const version = parse(inside);
  if (version === null || !closed) return `"${text}" is not a NuGet interval such as [1.0,2.0)`;
  return {
    includes: (other: string) => within(parse(other), { version, inclusive: true }, { version, inclusive: true }),
  };
}

function bound(text: string, inclusive: boolean): Bound | null | string {
  if (text === "") return null;
  const version = parse(text);
  return version === null ? `"${text}" is not a NuGet version` : { version, inclusive };
}

function within(version: Version | null, lower: Bound | null, upper: Bound | null): boolean {
  if (version === null) return false;
  const above = lower === null ? 1 : compare(version, lower.version);
  const below = upper === null ? -1 : compare(version, upper.version);
  return (
    (above > 0 || (above === 0 && lower?.inclusive === true)) &&
    (below < 0 || (below === 0 && upper?.inclusive === true))
  );
}

/** As NuGet compares them: three or four numbers, labels without case, no build metadata. */
export function normalNugetVersion(text: string): string {
  const version = parse(text);
  if (version === null) return text;
  const [revision, ...numbers] = version.numbers.toReversed();
  const release = [...numbers.toReversed(), ...(revision === 0 ? [] : [revision])].join(".");
  const labels = version.labels.map((label) => (/^\d+$/.test(label) ? String(BigInt(label)) : label));
  return labels.length === 0 ? release : `${release}-${labels.join(".")}`;
}

/** One to four numbers, release labels, build metadata (which does not count). */
function parse(text: string): Version | null {
  const [, numbers, labels] =
    /^(\d{1,10}(?:\.\d{1,10}){0,3})(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?$/.exec(text) ?? [];
  if (numbers === undefined) return null;
  const parts = numbers.split(".").map(Number);
  return { numbers: [...parts, 0, 0, 0].slice(0, 4), labels: labels?.toLowerCase().split(".") ?? [] };
}

function compare(left: Version, right: Version): number {
  for (let at = 0; at < 4; at++) {
    const difference = (left.numbers[at] ?? 0) - (right.numbers[at] ?? 0);
    if (difference !== 0) return difference;
  }
  if (left.labels.length === 0 || right.labels.length === 0) return right.labels.length - left.labels.length;
  for (let at = 0; at < Math.min(left.labels.length, right.labels.length); at++) {
    const difference = compareLabel(left.labels[at] ?? "", right.labels[at] ?? "");
    if (difference !== 0) return difference;
  }
  return left.labels.length - right.labels.length;
}

/** Numbers before words, numbers as numbers (SemVer 2, 11.4). */
function compareLabel(left: string, right: string): number {
  const numeric = [left, right].map((label) => /^\d+$/.test(label));
  if (numeric[0] && numeric[1]) return compareNumbers(left, right);
  if (numeric[0] !== numeric[1]) return numeric[0] ? -1 : 1;
  return left < right ? -1 : left > right ? 1 : 0;
}

function compareNumbers(left: string, right: string): number {
  const difference = BigInt(left) - BigInt(right);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}
