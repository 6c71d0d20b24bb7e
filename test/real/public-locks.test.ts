/**
 * Public locks through `init`, `check` and `npm ci`: what lies on disk afterwards is what plain npm lays there, file by file. A
 * refusal is a failure. One lock: `npm run test:real -- test/real/public-locks -t NAME`. `SAFE_INSTALL_LOCKS_CACHE` names a folder
 * that keeps the registry's answers between runs (some 5 GB for all).
 */
import { type Outcome, plainNpm, safeInstall } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { type RegistryProxy, startProxy } from "../support/public-locks/proxy.ts";
import { readKept, rebuild } from "../support/public-locks/rebuild.ts";
import { LOCKS } from "../support/public-locks/table.ts";
import { type Tree, treeOf } from "../support/public-locks/tree.ts";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

/** Thousands of packages, on a machine that has other things to do. */
const TIMEOUT_MS = 3_600_000;

// Two trees of that size are not deleted in a moment either.
vi.setConfig({ hookTimeout: TIMEOUT_MS });

const KEPT = process.env["SAFE_INSTALL_LOCKS_CACHE"];

let registry: RegistryProxy;
let cache: string;

beforeAll(async () => {
  cache = KEPT ?? mkdtempSync(join(tmpdir(), "safe-install-locks-"));
  registry = await startProxy(cache);
});
afterAll(async () => {
  await registry.close();
  if (KEPT === undefined) rmSync(cache, { recursive: true, force: true });
});

describe("npm ci of public locks", () => {
  it.each(LOCKS.map(({ name, packages }) => [name, packages] as const))(
    "%s",
    async (name, packages) => {
      const [plain, ours] = [join(temporaryFolder(), "project"), join(temporaryFolder(), "project")];
      await rebuild(readKept(name), registry, [plain, ours]);
      const home = temporaryFolder();
      const seconds = [
        await passes(() => plainNpm(["ci", "--ignore-scripts"], { cwd: plain, home: temporaryFolder() })),
        await passes(() => safeInstall(["init"], { cwd: ours, home })),
        await passes(() => safeInstall(["check"], { cwd: ours, home })),
        await passes(() => safeInstall(["npm", "ci", "--ignore-scripts"], { cwd: ours, home })),
      ];
      const [expected, found] = [treeOf(plain), treeOf(ours)];
      console.log(`${name}: ${packages} packages, ${expected.size} files; seconds of each step: ${seconds.join(", ")}`);
      expect(differing(expected, found)).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

/** How long it took, in seconds. */
async function passes(run: () => Promise<Outcome>): Promise<number> {
  const started = Date.now();
  const { exit, stdout, stderr } = await run();
  expect({ exit, said: exit === 0 ? "" : `${stdout}\n${stderr}`.slice(-4_000) }).toEqual({ exit: 0, said: "" });
  return Math.round((Date.now() - started) / 1000);
}

function differing(expected: Tree, found: Tree): readonly string[] {
  const paths = new Set([...expected.keys(), ...found.keys()]);
  return [...paths]
    .filter((path) => expected.get(path) !== found.get(path))
    .map((path) => `${path}: plain ${expected.get(path)}, ours ${found.get(path)}`);
}
