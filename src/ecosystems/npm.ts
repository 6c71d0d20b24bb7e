import Range from "semver/classes/range.js";
import compare from "semver/functions/compare.js";
import valid from "semver/functions/valid.js";
import intersects from "semver/ranges/intersects.js";
import minVersion from "semver/ranges/min-version.js";
import validRange from "semver/ranges/valid.js";
import { npmRange } from "./versions/npm.ts";
import type { EcosystemTraits } from "./traits.ts";

/** Names are compared exactly; ranges are semver's as npm means them. */
export const npm: EcosystemTraits = {
  name: /^(?:@[A-Za-z0-9~_.-][A-Za-z0-9~_.-]*\/)?[A-Za-z0-9~_.!'()-]+$/,
  isScoped: true,
  normalName: (name) => name,
  normalVersion: (version) => valid(version) ?? version,
  parseRange: npmRange,
  exactly: (version) => version,
  ranges: { compare, intersect, isEmpty },
  hasManyArchives: false,
  scriptsRun: "when installed",
};

function intersect(one: string, other: string): boolean {
  return validRange(one) !== null && validRange(other) !== null && intersects(one, other);
}

function isEmpty(range: string): boolean {
  if (validRange(range) === null) return false;
  return new Range(range).set.every((comparators) => {
    const text = comparators.map(({ value }) => value).join(" ");
    const lowest = minVersion(text);
    return lowest === null || !new Range(text, { includePrerelease: true }).test(lowest);
  });
}
