/** Nothing that a change can bring ends the repository: the policies above are always asked. */
import { loadLayers } from "../../src/project/policy-file.ts";
import { loadLayersFrom } from "../../src/project/revision.ts";
import { temporaryFolder } from "../support/folder.ts";
import { commitAll, GIT_ENV, git } from "../support/git.ts";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, it } from "vitest";

const NAME = ".signing-policy.json";
const BOTH = [NAME, `inner/${NAME}`];

let root: string;
let inner: string;

beforeEach(() => {
  root = temporaryFolder();
  inner = join(root, "inner");
  write(root);
  commitAll(root);
});

function write(folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, NAME), '{ "version": 1, "mode": "audit" }');
}

function noRoot(): never {
  throw new Error("no policy here names a root");
}

const asked = async (project = inner) => {
  const { layers, notes } = await loadLayers({ project, loadTrustRoot: noRoot });
  return { names: layers.map(({ name }) => name), notes };
};

const DOUBT = ["inner/.git: no repository that git would accept; it ends nothing"];

it("a submodule that is named as if it were a linked worktree", async () => {
  const other = temporaryFolder();
  write(other);
  commitAll(other);
  const words = ["submodule", "--quiet", "add", "--name", "worktrees/x", other, "inner"];
  git(root, "-c", "protocol.file.allow=always", ...words);
  expect(await asked()).toEqual({ names: BOTH, notes: [] });
});

/** What `--policy-from main` asks in the inner folder: the repository, and each policy with its mode. */
async function askedFromMain() {
  const options = { project: inner, loadTrustRoot: noRoot };
  const loaded = await loadLayersFrom("main", options, { env: GIT_ENV, temporary: async () => temporaryFolder() });
  return { root: loaded.repositoryRoot, modes: loaded.layers.map(({ name, policy }) => [name, policy.mode]) };
}

it("a submodule that is named as if it were a linked worktree, with --policy-from its own branch", async () => {
  const other = temporaryFolder();
  write(other);
  commitAll(other);
  writeFileSync(join(root, NAME), '{ "version": 1, "mode": "enforce" }');
  commitAll(root);
  const words = ["submodule", "--quiet", "add", "--name", "worktrees/x", other, "inner"];
  git(root, "-c", "protocol.file.allow=always", ...words);
  // As the change has it: the outer policy softened, the submodule's own branch called like the reviewed one.
  write(root);
  expect(await askedFromMain()).toEqual({
    root: realpathSync(root),
    modes: [
      [NAME, "enforce"],
      [`inner/${NAME}`, "audit"],
    ],
  });
});

it("a folder called .git that git would not accept, with --policy-from", async () => {
  writeFileSync(join(root, NAME), '{ "version": 1, "mode": "enforce" }');
  commitAll(root);
  write(root);
  write(inner);
  mkdirSync(join(inner, ".git"));
  expect((await askedFromMain()).modes[0]).toEqual([NAME, "enforce"]);
});

it("a worktree's file, copied to another folder", async () => {
  git(root, "worktree", "add", "--quiet", "-b", "other", join(root, "real"));
  write(inner);
  cpSync(join(root, "real", ".git"), join(inner, ".git"));
  expect(await asked()).toEqual({ names: BOTH, notes: DOUBT });
});

const PLACES: Record<string, (place: string) => void> = {
  "an empty folder": (place) => mkdirSync(place),
  "a folder with a HEAD alone": (place) => {
    mkdirSync(place);
    writeFileSync(join(place, "HEAD"), "ref: refs/heads/main\n");
  },
  "a folder whose HEAD is nothing": (place) => {
    for (const name of ["objects", "refs"]) mkdirSync(join(place, name), { recursive: true });
    writeFileSync(join(place, "HEAD"), "main\n");
  },
  "a link that leads nowhere": (place) => symlinkSync("nowhere", place),
  "a link to itself": (place) => symlinkSync(".git", place),
  "a named pipe": (place) => execFileSync("mkfifo", [place]),
  "a file that leads nowhere": (place) => writeFileSync(place, "gitdir: ../.git/worktrees/none\n"),
  "a file that says nothing": (place) => writeFileSync(place, "x"),
  "a folder whose HEAD is a named pipe": (place) => {
    for (const name of ["objects", "refs"]) mkdirSync(join(place, name), { recursive: true });
    execFileSync("mkfifo", [join(place, "HEAD")]);
  },
};

it.each(Object.keys(PLACES))("%s called .git", async (kind) => {
  write(inner);
  PLACES[kind]?.(join(inner, ".git"));
  expect(await asked()).toEqual({ names: BOTH, notes: DOUBT });
});

it("a link to the repository around it", async () => {
  write(inner);
  symlinkSync("../.git", join(inner, ".git"));
  expect(await asked()).toEqual({ names: BOTH, notes: [] });
});

it("without a repository around it, the widest of them counts", async () => {
  const folder = temporaryFolder();
  write(folder);
  mkdirSync(join(folder, ".git"));
  write(join(folder, "inner"));
  mkdirSync(join(folder, "inner", ".git"));
  expect((await asked(join(folder, "inner"))).names).toEqual(BOTH);
});

it.each(["worktree", "clone"])("but a real %s is its own", async (kind) => {
  if (kind === "worktree") git(root, "worktree", "add", "--quiet", "-b", "other", inner);
  else git(root, "clone", "--quiet", root, inner);
  expect(await asked()).toEqual({ names: [NAME], notes: [] });
});
