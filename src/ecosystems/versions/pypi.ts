import type { VersionRange } from "../traits.ts";
import { type PythonVersion, compareVersions, isPrerelease, parseVersion, releaseOf, withoutLocal } from "./pep440.ts";

/**
 * A PEP 440 specifier set: comma-separated `==` `!=` `<=` `>=` `<` `>` `~=`, with `.*` after `==` and `!=`.
 * Pre-releases only where a specifier names one. `===` is refused: it compares spellings, not versions.
 */
export function pypiRange(text: string): VersionRange | string {
  const specifiers = text.split(",").map((part) => parseSpecifier(part.trim()));
  const wrong = specifiers.find((specifier) => typeof specifier === "string");
  if (typeof wrong === "string") return wrong;
  const clauses = specifiers.filter((specifier): specifier is Specifier => typeof specifier !== "string");
  const prereleases = clauses.some(({ operator, version }) => NAMING.has(operator) && isPrerelease(version));
  return {
    includes(candidate: string) {
      const version = parseVersion(candidate);
      if (version === null || (isPrerelease(version) && !prereleases)) return false;
      return clauses.every((clause) => holds(clause, version));
    },
  };
}

/** A pre-release after one of these is meant; after `<`, `>` or `!=` it is only a limit. As pip has it. */
const NAMING: ReadonlySet<string> = new Set(["==", ">=", "<=", "~="]);

interface Specifier {
  readonly operator: string;
  readonly version: PythonVersion;
  readonly prefix: boolean;
}

function parseSpecifier(text: string): Specifier | string {
  const [, operator, written] = /^(==|!=|<=|>=|<|>|~=)\s*([^\s=<>!~]\S*)$/.exec(text) ?? [];
  if (operator === undefined || written === undefined) return `"${text}" is not a PEP 440 specifier such as >=1.0`;
  const prefix = written.endsWith(".*");
  const version = parseVersion(prefix ? written.slice(0, -2) : written);
  if (version === null) return `"${written}" is not a PEP 440 version`;
  if (prefix && operator !== "==" && operator !== "!=") return `".*" goes with == and != only`;
  if (prefix && (isPrerelease(version) || version.post !== null || version.local.length > 0))
    return `".*" goes after a release number only`;
  if (operator === "~=" && version.release.length < 2) return `~= needs at least two numbers`;
  if (version.local.length > 0 && operator !== "==" && operator !== "!=") return `"${operator}" takes no local version`;
  return { operator, version, prefix };
}

function holds({ operator, version, prefix }: Specifier, candidate: PythonVersion): boolean {
  switch (operator) {
    case "==":
      return prefix ? startsWith(candidate, version) : equals(candidate, version);
    case "!=":
      return prefix ? !startsWith(candidate, version) : !equals(candidate, version);
    case "<=":
      return compareVersions(withoutLocal(candidate), version) <= 0;
    case ">=":
      return compareVersions(withoutLocal(candidate), version) >= 0;
    case "<":
      return less(candidate, version);
    case ">":
      return greater(candidate, version);
    case "~=":
      return (
        compareVersions(withoutLocal(candidate), version) >= 0 &&
        startsWith(candidate, releaseOf(version, version.release.length - 1))
      );
    default:
      return false;
  }
}

/** A local version counts only where the specifier has one. */
function equals(candidate: PythonVersion, version: PythonVersion): boolean {
  return compareVersions(version.local.length === 0 ? withoutLocal(candidate) : candidate, version) === 0;
}

function startsWith(candidate: PythonVersion, version: PythonVersion): boolean {
  return (
    compareVersions(releaseOf(candidate, version.release.length), releaseOf(version, version.release.length)) === 0
  );
}

/** `<2` is not met by a pre-release of 2, unless it names a pre-release itself. */
function less(candidate: PythonVersion, version: PythonVersion): boolean {
  if (compareVersions(candidate, version) >= 0) return false;
  return isPrerelease(version) || !isPrerelease(candidate) || !sameRelease(candidate, version);
}

/** `>2` is met neither by a post-release of 2 (unless it names one) nor by a local version of 2. */
function greater(candidate: PythonVersion, version: PythonVersion): boolean {
  if (compareVersions(candidate, version) <= 0) return false;
  if (version.post === null && candidate.post !== null && sameRelease(candidate, version)) return false;
  return candidate.local.length === 0 || !sameRelease(candidate, version);
}

function sameRelease(left: PythonVersion, right: PythonVersion): boolean {
  const length = Math.max(left.release.length, right.release.length);
  return compareVersions(releaseOf(left, length), releaseOf(right, length)) === 0;
}
