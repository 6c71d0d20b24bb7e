import { SafeInstallError } from "../errors.ts";
import { LIMITS } from "../limits.ts";
import { executableName, which } from "../io/program.ts";
import { convertedIn } from "./attributes.ts";
import { resolveRevision, type Revision } from "./ref.ts";
import { devNull } from "node:os";
import { dirname } from "node:path";

/** What is read of a repository: objects and the index, with git's plumbing alone. */
export interface Git {
  /** The one commit that a revision names. @throws SafeInstallError REVISION_UNKNOWN, REVISION_AMBIGUOUS */
  resolve(revision: string): Promise<Revision>;
  /** Every file of a commit, or of the index. */
  files(tree: GitTree): Promise<readonly TrackedFile[]>;
  /** The content of blobs, by id. @throws SafeInstallError where one is not here, or all together are too large */
  read(ids: readonly string[]): Promise<ReadonlyMap<string, Buffer>>;
  /** Those of the paths whose checkout is another text. `scratch`: absolute, a file of ours that is not there yet. */
  converted(tree: GitTree, paths: readonly string[], scratch: string): Promise<ReadonlySet<string>>;
}

export type GitTree = { readonly commit: string } | "index";

export interface TrackedFile {
  /** Relative to the repository root, with `/`. */
  readonly path: string;
  /** `100644`, `100755`, `120000` (a link), `160000` (a submodule). */
  readonly mode: string;
  readonly id: string;
}

type Env = Readonly<Record<string, string | undefined>>;

/** @throws SafeInstallError kind "installer" where there is no git outside of the repository */
export async function openGit(root: string, env: Env): Promise<Git> {
  const program = await which([executableName("git")], { outside: root, env });
  if (program === null) {
    throw new SafeInstallError("installer", "GIT_NOT_FOUND", "git is not on PATH outside of this repository", {
      hint: "install git; it is needed for --changed-since, --policy-from and --staged",
    });
  }
  const git = (args: readonly string[], input = "") => runGit(program.path, root, env, args, input);
  return {
    async resolve(revision) {
      let said = "";
      const commit = async (expression: string) => {
        const { code, stdout, stderr } = await git(["rev-parse", "--verify", "--end-of-options", expression]);
        const id = stdout.toString("latin1").trim();
        said = stderr;
        return code === 0 && /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(id) ? id : null;
      };
      const found = await resolveRevision(revision, {
        commit,
        refs: (names) => refsOf(git, names),
        objects: async (prefix) =>
          (await git(["rev-parse", `--disambiguate=${prefix}`])).stdout.toString("latin1").split("\n").filter(Boolean),
      });
      if (found === null) throw unknownRevision(revision, said);
      return found;
    },
    async files(tree) {
      const list = tree === "index" ? ["ls-files", "-s", "-z"] : ["ls-tree", "-r", "-z", "--full-tree", tree.commit];
      const { code, stdout, stderr } = await git(list);
      if (code !== 0) throw failed(stderr);
      return stdout
        .toString("utf8")
        .split("\0")
        .filter(Boolean)
        .map(tree === "index" ? fromIndex : fromTree);
    },
    async read(ids) {
      const wanted = [...new Set(ids)];
      if (wanted.length === 0) return new Map();
      const { code, stdout, stderr } = await git(["cat-file", "--batch"], wanted.map((id) => `${id}\n`).join(""));
      if (code !== 0) throw failed(stderr);
      return parseBatch(stdout, wanted);
    },
    converted: (tree, paths, scratch) =>
      convertedIn(tree === "index" ? null : tree.commit, paths, scratch, async (args, input = "", index) => {
        const place = index === undefined ? env : { ...env, GIT_INDEX_FILE: index };
        const { code, stdout, stderr } = await runGit(program.path, root, place, args, input);
        if (code !== 0) throw failed(stderr);
        return stdout;
      }),
  };
}

/** Exact names: for-each-ref takes each for a prefix, too. */
async function refsOf(git: (args: readonly string[]) => ReturnType<typeof runGit>, names: readonly string[]) {
  if (names.length === 0) return new Set<string>();
  const { code, stdout, stderr } = await git(["for-each-ref", "--format=%(refname)", ...names]);
  if (code !== 0) throw failed(stderr);
  return new Set(
    stdout
      .toString("utf8")
      .split("\n")
      .filter((name) => names.includes(name)),
  );
}

/** `MODE ID STAGE\tPATH` (git-ls-files). */
function fromIndex(line: string): TrackedFile {
  const [, mode = "", id = "", stage = "", path = ""] = /^(\d+) ([0-9a-f]+) (\d)\t(.*)$/s.exec(line) ?? [];
  if (stage === "0") return { path, mode, id };
  throw new SafeInstallError("usage", "INDEX_CONFLICT", `${path}: the index holds a merge conflict`, {
    hint: "resolve it and stage the result",
  });
}

/** `MODE TYPE ID\tPATH` (git-ls-tree). */
function fromTree(line: string): TrackedFile {
  const [, mode = "", id = "", path = ""] = /^(\d+) \w+ ([0-9a-f]+)\t(.*)$/s.exec(line) ?? [];
  return { path, mode, id };
}

/** `ID TYPE SIZE\n CONTENT \n` for each, in the order asked (git-cat-file, BATCH OUTPUT). */
function parseBatch(output: Buffer, ids: readonly string[]): ReadonlyMap<string, Buffer> {
  const found = new Map<string, Buffer>();
  let at = 0;
  for (const id of ids) {
    const end = output.indexOf(10, at);
    const [, type, size] = output.subarray(at, end).toString("latin1").split(" ");
    if (end < 0 || type !== "blob" || size === undefined) throw missing(id);
    const start = end + 1;
    found.set(id, Buffer.from(output.subarray(start, start + Number(size))));
    at = start + Number(size) + 1;
  }
  return found;
}

/**
 * Runs git so that nothing of the repository runs: no hooks, no file-system monitor, no pager, no fetching of objects
 * that a partial clone lacks, no replaced objects, no repository further up. Plumbing knows no textconv and no filters.
 */
async function runGit(file: string, root: string, env: Env, args: readonly string[], input: string) {
  const settings = Object.entries(SETTINGS).flatMap(([key, value]) => ["-c", `${key}=${value}`]);
  // A hundred modules, which most runs do without.
  const { execa } = await import("execa");
  const result = await execa(file, ["--no-pager", "-C", root, ...settings, ...args], {
    env: surroundings(root, env),
    extendEnv: false,
    encoding: "buffer",
    stripFinalNewline: false,
    reject: false,
    input,
    maxBuffer: LIMITS.gitBytes,
    timeout: LIMITS.httpTimeoutMs,
  });
  if (result.isMaxBuffer) throw failed(`more than ${LIMITS.gitBytes} bytes`);
  const stderr = Buffer.from(result.stderr).toString("utf8");
  return { code: result.exitCode ?? -1, stdout: Buffer.from(result.stdout), stderr };
}

const SETTINGS = {
  "core.fsmonitor": "false",
  "core.hooksPath": devNull,
  "core.attributesFile": devNull,
  "core.sshCommand": "false",
  "core.splitIndex": "false",
  "protocol.allow": "never",
  "safe.bareRepository": "explicit",
  "gc.auto": "0",
  "maintenance.auto": "false",
} as const;

/** What says who the user is and what they trust stays; all else that steers git (`GIT_DIR`, `GIT_CONFIG_COUNT`...) goes. */
const KEPT = [
  ..."PATH Path HOME USERPROFILE XDG_CONFIG_HOME SystemRoot TMPDIR TEMP TMP".split(" "),
  ..."GIT_CONFIG_GLOBAL GIT_CONFIG_SYSTEM GIT_CONFIG_NOSYSTEM GIT_INDEX_FILE".split(" "),
];

function surroundings(root: string, env: Env): Record<string, string> {
  const kept = KEPT.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const]));
  return {
    ...Object.fromEntries(kept),
    LC_ALL: "C",
    GIT_CEILING_DIRECTORIES: dirname(root),
    GIT_NO_REPLACE_OBJECTS: "1",
    GIT_NO_LAZY_FETCH: "1",
    GIT_ALLOW_PROTOCOL: "none",
    GIT_OPTIONAL_LOCKS: "0",
    GIT_TERMINAL_PROMPT: "0",
    GIT_LITERAL_PATHSPECS: "1",
  };
}

function unknownRevision(revision: string, stderr: string): SafeInstallError {
  if (/dubious ownership|not a git repository/.test(stderr)) return failed(stderr);
  return new SafeInstallError("unavailable", "REVISION_UNKNOWN", `${revision}: there is no such commit here`, {
    hint: "a shallow clone may lack it: fetch-depth: 0 in actions/checkout, fetchDepth: 0 in Azure, GIT_DEPTH: 0 in GitLab",
  });
}

function missing(id: string): SafeInstallError {
  return new SafeInstallError("unavailable", "OBJECT_MISSING", `the clone lacks ${id}; nothing is fetched for it`, {
    hint: "a partial clone (--filter) lacks file contents: clone without it",
  });
}

function failed(stderr: string): SafeInstallError {
  const [line = "failed"] = stderr.trim().split("\n");
  const hint = /dubious ownership/.test(stderr)
    ? { hint: "if you trust the folder: git config --global --add safe.directory ITS-PATH" }
    : {};
  return new SafeInstallError("unavailable", "GIT_FAILED", `git: ${line}`, hint);
}
