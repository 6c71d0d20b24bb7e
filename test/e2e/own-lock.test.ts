/** Our own lock under our own policy, as .ci/own-lock judges it, and with one recorded digest edited. */
import { safeInstall } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { layRepository } from "../support/repository.ts";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { beforeEach, expect, it } from "vitest";

const ROOT = resolve(import.meta.dirname, "../..");
const RECORDED = ".signing-recorded.json";

let copy: string;
beforeEach(() => {
  copy = temporaryFolder();
  layRepository(copy);
  for (const file of ["package.json", "package-lock.json", ".npmrc", ".signing-policy.json", RECORDED])
    copyFileSync(join(ROOT, file), join(copy, file));
});

async function check() {
  const { exit, stdout } = await safeInstall(["check", "--report", "json"], { cwd: copy, home: temporaryFolder() });
  const { projects } = JSON.parse(stdout) as {
    projects: { packages: { ground: string; denials: { code: string }[] }[] }[];
  };
  const packages = projects.flatMap((one) => one.packages);
  return { exit, count: packages.length, codes: packages.flatMap(({ denials }) => denials.map(({ code }) => code)) };
}

it("every package of our lock is allowed, and there are some (else: safe-install policy pin --write)", async () => {
  const { exit, count, codes } = await check();
  expect({ exit, codes }).toEqual({ exit: 0, codes: [] });
  expect(count).toBeGreaterThan(100);
});

it("one recorded digest edited: it does not hold", async () => {
  const recorded = readFileSync(join(copy, RECORDED), "utf8");
  const edited = recorded.replace(/"sha512:(.)/, (_, first: string) => `"sha512:${first === "0" ? "1" : "0"}`);
  expect(edited).not.toBe(recorded);
  writeFileSync(join(copy, RECORDED), edited);
  expect(await check()).toMatchObject({ exit: 66, codes: ["RECORDED_MISMATCH"] });
});
