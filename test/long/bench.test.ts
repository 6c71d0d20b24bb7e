import { repositoryRoot } from "../support/root.ts";
import { temporaryFolder } from "../support/folder.ts";
import { execa } from "execa";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const BENCH = join(repositoryRoot(), ".build", "test", "bench", "index.js");

/** That every row can be measured; how fast anything is belongs to `npm run bench`. */
test("npm run bench -- --quick measures every row and leaves nothing behind", async () => {
  if (!existsSync(BENCH)) throw new Error("the bench is not compiled: run `npm run build && npm run tools` first");
  const temporary = temporaryFolder();
  const { exitCode, stdout, stderr } = await execa(process.execPath, [BENCH, "--quick"], {
    env: { TMPDIR: temporary },
    reject: false,
  });
  expect(stderr).toBe("");
  expect(exitCode).toBe(0);
  const rows = [
    /^\d+ cores? of .*, load \d/m,
    /^Node [\d.]+ .*npm [\d.]+/m,
    /^ {2}sigstore-js, one Verifier for all +[\d.]+ ms +[\d.]+x/m,
    /^ {2}raw crypto.verify, [\d.]+ signatures each +[\d.]+ ms +[\d.]+x/m,
    /^ {2}safe-install --version +[\d.]+ ms +\+-?\d+ ms/m,
    /^ {2}npm ci +[\d.]+ m?s +[\d.]+x/m,
    /^ {2}npm ci, then pacote's own verification +[\d.]+ m?s +[\d.]+x/m,
    /^ {2}npm ci --dry-run +[\d.]+ m?s +[\d.]+x/m,
    /^ {2}check, cold: 0 \+ 1 \+ 0 +\d+ MB/m,
    /^ {2}check, cached: 0 \+ 0 \+ 0 +\d+ MB/m,
    /^ {2}npm ci, cold: 1 \+ 1 \+ 0 +\d+ MB/m,
    /^ {2}safe-install pip install, cold +[\d.]+ m?s +[\d.]+x/m,
    /^ {2}safe-install pip install, again, processor +[\d.]+ m?s +[\d.]+x/m,
    /^ {2}safe-install dotnet restore, cold +[\d.]+ m?s +[\d.]+x/m,
    /^ {2}safe-install dotnet restore, again, processor +[\d.]+ m?s +[\d.]+x/m,
    /^ {2}npm ci, cached: 0 \+ 0 \+ 0 +\d+ MB/m,
  ];
  for (const row of rows) expect(stdout).toMatch(row);
  expect(readdirSync(temporary)).toEqual([]);
});

test("npm run bench -- --against another checkout says what is missing there", async () => {
  const temporary = temporaryFolder();
  const { exitCode, stderr } = await execa(process.execPath, [BENCH, "--quick", "--against", temporary], {
    env: { TMPDIR: temporary },
    reject: false,
  });
  expect(exitCode).not.toBe(0);
  expect(stderr).toContain(`there is no ${join(temporary, "dist/src/bin.js")}: npm ci && npm run build there first`);
  expect(readdirSync(temporary)).toEqual([]);
});
