/** The shared temporary folder: whatever lies there under a name that is known beforehand may be somebody else's. */
import { safeInstall } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { provenProject } from "../support/proven-project.ts";
import { readdirSync, watch } from "node:fs";
import { expect, onTestFinished, test } from "vitest";

// Node keeps compiled code there, and asks nobody whose it is, as soon as a program says so (22.1 and later).
test.each(["--version", "check", "npm ci", "npm config list"])("%s loads no code from there", async (words) => {
  const [home, shared] = [temporaryFolder(), temporaryFolder()];
  const project = await provenProject();
  const seen = new Set<string>();
  const watcher = watch(shared, (_, name) => void seen.add(name ?? ""));
  onTestFinished(() => watcher.close());
  expect(await safeInstall(words.split(" "), { cwd: project, home, env: { TMPDIR: shared } })).toMatchObject({
    exit: 0,
  });
  expect(readdirSync(shared)).toEqual([]);
  // What is there while we run has a name that nobody could know.
  expect([...seen].filter((name) => !/^safe-install-[0-9a-f]{24}$/.test(name))).toEqual([]);
});
