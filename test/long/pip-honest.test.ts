/** Wheels of each odd shape, minted and real: plain pip's files to the byte, with every pip at hand (`SAFE_INSTALL_TEST_PIPS=all`). */
import { isolated, safeInstall } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { layRepository } from "../support/repository.ts";
import { type Index, startIndex } from "../support/pypi.ts";
import { differing, plainPip } from "../support/pypi/tree.ts";
import { hasPip, makeEnvironment, PIPS, PYTHON, WHEELS } from "../support/pypi/pythons.ts";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

let index: Index;
let minted: readonly string[];

/** With what they depend on, as far as the folder of wheels has it. */
const REAL = ["numpy==1.26.4", "httpie", "zope.interface", "flask", "PyYAML", "ruamel.yaml", "dulwich", "meson"];
const BACKENDS = ["hatchling", "editables", "flit-core", "pdm-backend", "poetry-core", "scikit-build-core", "wheel"];

const nameOf = (wheel: string) => (wheel.split("-")[0] ?? "").replaceAll("_", "-");
const projectOf = (wheel: string) =>
  nameOf(wheel)
    .replaceAll(/[-_.]+/g, "-")
    .toLowerCase();

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), "safe-install-test-"));
  execFileSync(PYTHON!, [join(import.meta.dirname, "../support/pypi/shapes.py"), folder]);
  index = await startIndex();
  minted = readdirSync(folder);
  const real = existsSync(WHEELS) ? readdirSync(WHEELS).filter((name) => name.endsWith(".whl")) : [];
  if (real.length === 0) console.warn("no folder of real wheels: SAFE_INSTALL_WHEELS");
  const files = [
    ...minted.map((one) => ({ from: folder, filename: one })),
    ...real.map((one) => ({ from: WHEELS, filename: one })),
  ];
  for (const { from, filename } of files) {
    const bytes = readFileSync(join(from, filename));
    index.publish({ filename, project: projectOf(filename), bytes, metadata: "", statedMetadata: false });
  }
  rmSync(folder, { recursive: true });
});
afterAll(() => index.close());

describe.skipIf(!hasPip).each(PIPS)("pip $version", (pip) => {
  it.each([
    ["minted shapes", () => minted.map(nameOf).filter((name) => name !== "asked-deep"), []],
    ["the same, without bytecode", () => minted.map(nameOf), ["--no-compile"]],
    ["the same, in a target", () => minted.map(nameOf), ["--target=vendor"]],
    ["real packages", () => (existsSync(WHEELS) ? REAL : []), []],
    ["real build backends", () => (existsSync(WHEELS) ? BACKENDS : []), []],
  ])("%s: the same tree", async (_, names, more) => {
    if (names().length === 0) return;
    const home = temporaryFolder();
    const project = join(temporaryFolder(), "project");
    layRepository(project);
    const rules = [{ packages: ["pypi:*"], unsigned: "allow", reason: "t", expires: "2099-01-01" }];
    writeFileSync(join(project, ".signing-policy.json"), JSON.stringify({ version: 1, rules }));
    const env = { PIP_INDEX_URL: index.url, PIP_DISABLE_PIP_VERSION_CHECK: "1" };
    const top = realpathSync(temporaryFolder());
    const [plain, gated] = [join(top, "plain"), join(top, "gated")];
    for (const folder of [plain, gated]) makeEnvironment(folder, pip);
    const words = ["install", "-q", ...names()];
    const at = (folder: string) => more.map((word) => word.replace("vendor", join(folder, "vendor")));
    await plainPip(plain, [...words, ...at(plain)], { cwd: project, env: { ...isolated(home), ...env } });
    const run = (args: readonly string[]) => safeInstall(args, { cwd: project, home, env });
    const { exit, stderr } = await run([join(gated, "bin/pip"), ...words, ...at(gated)]);
    expect(exit, stderr).toBe(0);
    const { files, other } = differing(plain, gated);
    expect(other).toEqual([]);
    expect(files).toBeGreaterThan(20);
  });
});
