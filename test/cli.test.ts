import { run } from "../src/cli.ts";
import { isolated } from "./support/cli.ts";
import { temporaryFolder } from "./support/folder.ts";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

/** `--json` in a CI system, in a folder with these files. */
async function said(files: Readonly<Record<string, object>>, ...argv: readonly string[]) {
  const [cwd, home] = [temporaryFolder(), temporaryFolder()];
  for (const [name, content] of Object.entries(files)) writeFileSync(join(cwd, name), JSON.stringify(content));
  const shown = { stdout: "", stderr: "" };
  const screen = (name: keyof typeof shown) => ({
    write: (text: string) => void (shown[name] += text),
    isTTY: false,
    columns: 80,
  });
  const exit = await run([...argv, "--json"], {
    cwd,
    home,
    env: { ...isolated(home), CI: "true" },
    signal: new AbortController().signal,
    stdout: screen("stdout"),
    stderr: screen("stderr"),
  });
  return { exit, json: JSON.parse(shown.stdout) as unknown, stderr: shown.stderr };
}

it("one object: an error", async () => {
  expect(await said({}, "check")).toMatchObject({ exit: 64, json: { error: { code: "NO_LOCKFILE" } }, stderr: "" });
});

it("one object: an error that comes after the report is told to people", async () => {
  const files = {
    "package.json": {},
    "package-lock.json": { lockfileVersion: 3, packages: {} },
    "yarn.lock": {},
    ".signing-policy.json": { version: 1, rules: [] },
  };
  expect(await said(files, "check")).toMatchObject({
    exit: 64,
    json: { command: "check", exit: 0 },
    stderr: expect.stringContaining("LOCK_NOT_JUDGED"),
  });
});
