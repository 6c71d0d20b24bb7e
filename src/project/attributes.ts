/** Attributes under which git's checkout is another text than the blob (gitattributes(5)). */

type RunGit = (args: readonly string[], input?: string, index?: string) => Promise<Buffer>;

/** `text`, `eol` and `crlf` change the ends of lines alone: no lock says anything else by them. */
const CONVERTING = ["working-tree-encoding", "filter", "ident"] as const;

/**
 * Those of the paths that a checkout of the tree would convert, by the attributes of that very tree. A commit is read
 * into an index of our own first: git 2.39 asks attributes of an index alone.
 * @param scratch absolute: a file that is not there yet
 */
export async function convertedIn(
  commit: string | null,
  paths: readonly string[],
  scratch: string,
  run: RunGit,
): Promise<ReadonlySet<string>> {
  if (paths.length === 0) return new Set();
  const index = commit === null ? undefined : scratch;
  if (commit !== null) await run(["read-tree", commit], "", index);
  const asked = ["check-attr", "--cached", "-z", "--stdin", ...CONVERTING];
  const fields = (await run(asked, `${paths.join("\0")}\0`, index)).toString("utf8").split("\0");
  const found = new Set<string>();
  // `PATH NUL ATTRIBUTE NUL VALUE NUL` (git-check-attr(1), OUTPUT).
  for (let at = 0; at + 2 < fields.length; at += 3) {
    const [path = "", , value = ""] = fields.slice(at, at + 3);
    if (value !== "unspecified" && value !== "unset") found.add(path);
  }
  return found;
}
