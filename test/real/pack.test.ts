/** The package as it would be released: the same bytes out of two clones. */
import { execa } from "execa";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";

const ROOT = resolve(import.meta.dirname, "../..");

const clones = mkdtempSync(join(tmpdir(), "safe-install-clones-"));
afterAll(() => rmSync(clones, { recursive: true, force: true }));

let tarball: string;
let again: string;

beforeAll(async () => {
  const { stdout: commit } = await execa("git", ["rev-parse", "HEAD"], { cwd: ROOT });
  tarball = await packClone(commit, "022");
  again = await packClone(commit, "002");
}, 600_000);

/** Packs a commit, in a clone of its own, as somebody with that umask. tar keeps what the owner alone may read (077). */
async function packClone(commit: string, umask: string): Promise<string> {
  const folder = join(clones, umask);
  const clone = join(folder, "clone");
  mkdirSync(folder);
  const commands = `
    umask ${umask}
    git clone --quiet --no-hardlinks "${ROOT}" "${clone}"
    cd "${clone}"
    git checkout --quiet "${commit}"
    npm ci --silent --no-audit --no-fund --prefer-offline
    npm pack --silent --pack-destination "${folder}"`;
  await execa("bash", ["-e", "-c", commands], { env: { GIT_CONFIG_GLOBAL: "/dev/null" } });
  return join(folder, "safe-install-0.1.0.tgz");
}

it("two clones of one commit, packed by people with another umask: the same bytes", () => {
  const [one, other] = [tarball, again].map((file) => createHash("sha256").update(readFileSync(file)).digest("hex"));
  expect(other).toBe(one);
});
