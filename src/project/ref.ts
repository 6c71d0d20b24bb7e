import { SafeInstallError } from "../errors.ts";

/** One commit, and the ref that led to it. */
export interface Revision {
  /** Its full id. */
  readonly commit: string;
  /** `refs/remotes/origin/main`, `HEAD`; null where the id itself was typed. */
  readonly ref: string | null;
  /** `~2`, `^1`: the way from there. */
  readonly way: string;
}

/** What a git that is asked must answer. */
export interface GitQueries {
  /** Those of these full names that are refs here. */
  refs(names: readonly string[]): Promise<ReadonlySet<string>>;
  /** Every object whose id begins so. */
  objects(prefix: string): Promise<readonly string[]>;
  /** The commit of an expression; null where there is none. */
  commit(expression: string): Promise<string | null>;
}

/**
 * The one commit that a revision names. Git takes the first of six places that has the name, a tag before a branch
 * (gitrevisions(7)), so whoever may push a tag would choose what another name means: here all six are asked, and two
 * answers are none.
 * @returns null where there is no such commit
 * @throws SafeInstallError REVISION_AMBIGUOUS
 */
export async function resolveRevision(typed: string, git: GitQueries): Promise<Revision | null> {
  const [, name = "", way = ""] = /^([^~^:?*[\\\s]+)((?:[~^]\d*)*)$/.exec(typed) ?? [];
  if (name === "" || name.includes("..") || name.includes("@{")) return null;
  const isId = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(name);
  const found = [...(await git.refs(isId ? [] : placesOf(name)))];
  const own = await ownMeanings(name, git);
  // Spelled in full, a ref is itself: no other place counts.
  if (name.startsWith("refs/") && !found.includes(name)) return null;
  const meant = name.startsWith("refs/") ? [name] : [...found, ...own];
  if (meant.length > 1) throw ambiguous(typed, meant);
  const [one] = meant;
  const commit = one === undefined ? null : await git.commit(`${one}${way}^{commit}`);
  return commit === null
    ? null
    : { commit, ref: one === undefined || (own.includes(one) && !isSpecial(name)) ? null : one, way };
}

/** In words: the full ref with the way from there, and the commit. */
export function revisionText({ commit, ref, way }: Revision): string {
  return ref === null ? commit : `${ref}${way} (${commit})`;
}

/** gitrevisions(7), `<refname>`: 1 to 6. */
function placesOf(name: string): readonly string[] {
  if (name.startsWith("refs/")) return [name];
  return [
    `refs/${name}`,
    `refs/tags/${name}`,
    `refs/heads/${name}`,
    `refs/remotes/${name}`,
    `refs/remotes/${name}/HEAD`,
  ];
}

/** What a name means without being below `refs/`: an id, whole or its beginning; HEAD and its like. */
async function ownMeanings(name: string, git: GitQueries): Promise<readonly string[]> {
  if (isSpecial(name)) return [name];
  if (!/^[0-9a-f]{4,64}$/.test(name)) return [];
  const ids = name.length >= 40 ? [name] : await git.objects(name);
  const commits = await Promise.all(ids.map((id) => git.commit(`${id}^{commit}`)));
  return ids.filter((id, at) => commits[at] === id);
}

/** Files beside `refs/` (gitglossary(7), pseudoref). */
function isSpecial(name: string): boolean {
  return name === "@" || /^(?:[A-Z]+_)?HEAD$/.test(name);
}

function ambiguous(typed: string, meant: readonly string[]): SafeInstallError {
  return new SafeInstallError("usage", "REVISION_AMBIGUOUS", `${typed} means more than one: ${meant.join(", ")}`, {
    hint: "write the one that is meant in full, or the id of the commit; and ask who made the other",
  });
}
