import semver from "semver";
import { npmRange } from "./versions/npm.ts";
import type { EcosystemTraits } from "./traits.ts";

/** Names are compared exactly; ranges are semver's as npm means them. */
export const npm: EcosystemTraits = {
  name: /^(?:@[A-Za-z0-9~_.-][A-Za-z0-9~_.-]*\/)?[A-Za-z0-9~_.!'()-]+$/,
  isScoped: true,
  normalName: (name) => name,
  normalVersion: (version) => semver.valid(version) ?? version,
  parseRange: npmRange,
  exactly: (version) => version,
  ranges: { compare: semver.compare, intersect, isEmpty },
  hasManyArchives: false,
  scriptsRun: "when installed",
};

function intersect(one: string, other: string): boolean {
  return semver.validRange(one) !== null && semver.validRange(other) !== null && semver.intersects(one, other);
}

function isEmpty(range: string): boolean {
  if (semver.validRange(range) === null) return false;
  return new semver.Range(range).set.every((comparators) => {
    const text = comparators.map(({ value }) => value).join(" ");
    const lowest = semver.minVersion(text);
    return lowest === null || !new semver.Range(text, { includePrerelease: true }).test(lowest);
  });
}
