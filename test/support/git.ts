import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** git with nothing of this machine's configuration. */
export function git(cwd: string, ...args: readonly string[]): string {
  return execFileSync("git", args, { cwd, env: GIT_ENV, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();
}

/** Everything that lies there, as one commit. @returns its id */
export function commitAll(cwd: string, message = "as it is"): string {
  git(cwd, "init", "--quiet", "--initial-branch=main");
  git(cwd, "add", "--all");
  git(cwd, "commit", "--quiet", "--allow-empty", "--no-verify", "--message", message);
  return git(cwd, "rev-parse", "HEAD");
}

const HOME = mkdtempSync(join(tmpdir(), "safe-install-git-home-"));

export const GIT_ENV = {
  PATH: process.env["PATH"] ?? "",
  HOME,
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_AUTHOR_NAME: "Test",
  GIT_AUTHOR_EMAIL: "test@acme.example",
  GIT_COMMITTER_NAME: "Test",
  GIT_COMMITTER_EMAIL: "test@acme.example",
};
