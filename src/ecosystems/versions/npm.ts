import semver from "semver";
import type { VersionRange } from "../traits.ts";

/** A semver range as npm means it: prereleases only where the range names one of the same version. */
export function npmRange(text: string): VersionRange | string {
  const range = parse(text);
  if (range === null) return `"${text}" is not a semver range`;
  if (range.set.some((alternative) => alternative.some(({ value }) => value === ""))) {
    return `"${text}" names every version: leave versions out`;
  }
  return { includes: (version: string) => semver.valid(version) !== null && range.test(version) };
}

function parse(text: string): semver.Range | null {
  try {
    return new semver.Range(text);
  } catch {
    return null;
  }
}
