import { execa } from "execa";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

/** The same hand-off tests under other lines of npm, taken from the registry. */
describe.each(["10", "12"])("npm %s", (line) => {
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), `safe-install-npm${line}-`));
    writeFileSync(join(folder, "package.json"), "{}");
    await execa("npm", ["install", `npm@${line}`, "--no-audit", "--no-fund"], { cwd: folder });
    mkdirSync(join(folder, "bin"));
    symlinkSync("../node_modules/npm/bin/npm-cli.js", join(folder, "bin", "npm"));
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("takes the hand-off", async () => {
    const vitest = join(ROOT, "node_modules", "vitest", "vitest.mjs");
    const PATH = `${join(folder, "bin")}${delimiter}${process.env["PATH"] ?? ""}`;
    const version = await execa("npm", ["--version"], { cwd: folder, env: { PATH } });
    expect(version.stdout.split(".")[0]).toBe(line);
    const args = [
      vitest,
      "run",
      "--project",
      "e2e",
      "test/e2e/npm-handoff.test.ts",
      "test/e2e/scripts.test.ts",
      "test/attack/npm.test.ts",
    ];
    const { exitCode, all } = await execa(process.execPath, args, {
      cwd: ROOT,
      env: { PATH },
      all: true,
      reject: false,
    });
    expect(exitCode, all).toBe(0);
  });
});
