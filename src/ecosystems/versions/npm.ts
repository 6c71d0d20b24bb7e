import Range from "semver/classes/range.js";
import valid from "semver/functions/valid.js";
import type { VersionRange } from "../traits.ts";

/** A semver range as npm means it: prereleases only where the range names one of the same version. */
export function npmRange(text: string): VersionRange | string {
  const range = parse(text);
  if (range === null) return `"${text}" is not a semver range`;
  if (range.set.some((alternative) => alternative.some(({ value }) => value === ""))) {
    return `"${text}" names every version: leave versions out`;
  }
  return { includes: (version: string) => valid(version) !== null && range.test(version) };
}

function parse(text: string): Range | null {
  try {
    return new Range(text);
  } catch {
    return null;
  }
}
