import { normalName } from "../../../src/plugin.ts";

/** The groups that are installed where nobody names any (PEP 751, `default-groups`); no extra is. */
export type Groups = readonly string[];

/**
 * A marker in which what it says of extras and groups (PEP 751, "Marker") is decided: only the installer of a lock knows
 * them. It holds one marker, as `isMarker` reads it. null: it says something of them that the PEP does not know.
 */
export function withGroups(marker: string, groups: Groups): string | null {
  const decided = marker.replaceAll(MEMBERSHIP, (all: string, ...found: readonly (string | undefined)[]) => {
    const [one, other, not, variable] = found;
    if (variable === undefined) return all;
    const isIn = variable === "dependency_groups" && has(groups, one ?? other ?? "");
    return isIn === (not === undefined) ? ALWAYS : NEVER;
  });
  return IS_LEFT.test(decided) ? null : decided;
}

/** `"dev" in dependency_groups`, `'socks' not in extras`; every other string whole, so that none is taken for its neighbours. */
const MEMBERSHIP = /(?:'([^']*)'|"([^"]*)") *(not +)?in +(extras|dependency_groups)\b|'[^']*'|"[^"]*"/g;

/** What every pip reads, of every interpreter. */
const ALWAYS = 'python_version != "0"';
const NEVER = 'python_version == "0"';

/** The variables outside of quotes. */
const IS_LEFT = /^(?:[^'"]|'[^']*'|"[^"]*")*?\b(?:extras|dependency_groups)\b/;

function has(groups: Groups, name: string): boolean {
  return groups.some((one) => normalName("pypi", one) === normalName("pypi", name));
}
