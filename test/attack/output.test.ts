/** What a change calls as a report is called: a link out of the repository, where what we write would be run one day. */
import { safeInstall } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { layRepository } from "../support/repository.ts";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

test.each([
  ["--log", "decisions.jsonl"],
  ["--log", "out/.bashrc"],
  ["--report", "json=decisions.jsonl"],
  ["--report", "sarif=out/.bashrc"],
])("%s %s: a link of the change is not followed, also on a denial", async (option, value) => {
  const [home, root] = [temporaryFolder(), temporaryFolder()];
  layRepository(root);
  writeFileSync(join(home, ".bashrc"), "mine\n");
  symlinkSync(join(home, ".bashrc"), join(root, "decisions.jsonl"));
  symlinkSync(home, join(root, "out"));
  mkdirSync(join(root, "app"));
  writeFileSync(join(root, ".signing-policy.json"), '{ "version": 1 }');
  writeFileSync(join(root, "package.json"), '{ "name": "app", "version": "1.0.0" }');
  const entry = { version: "1.0.0", resolved: "git+ssh://git@github.com/a/b.git#`touch ran`", dev: true };
  const lock = { name: "app", lockfileVersion: 3, packages: { "": { name: "app" }, "node_modules/b": entry } };
  writeFileSync(join(root, "package-lock.json"), JSON.stringify(lock));
  expect(await safeInstall(["check", "--quiet", `${option}=${value}`], { cwd: root, home })).toMatchObject({
    exit: 64,
    stderr: expect.stringContaining("OUTPUT_LINK"),
  });
  expect(readFileSync(join(home, ".bashrc"), "utf8")).toBe("mine\n");
});
