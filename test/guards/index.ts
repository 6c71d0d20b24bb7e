/**
 * Removes guards one at a time, in a copy of the sources, and shows that a test goes red for each.
 * `npm run test:guards [-- NAME...]`. A guard whose removal nobody notices fails the run.
 */
import { type Guard, GUARDS } from "./guards.ts";
import { execa } from "execa";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../../..");
const COPIED = ["src", "plugins", "types", "test", "fixtures", "package.json", "tsconfig.json", "vitest.config.ts"];

const chosen = process.argv.slice(2);
const guards = chosen.length === 0 ? GUARDS : GUARDS.filter(({ name }) => chosen.some((part) => name.includes(part)));
const copy = makeCopy();
process.once("exit", () => rmSync(copy, { recursive: true, force: true }));

await mustBeGreen(guards);
let unnoticed = 0;
for (const guard of guards) {
  const noticed = await isNoticed(guard);
  if (!noticed) unnoticed++;
  console.log(`${noticed ? "red  " : "GREEN"}  ${guard.name}`);
}
console.log(`${guards.length - unnoticed} passed, ${unnoticed} failed`);
process.exitCode = unnoticed === 0 ? 0 : 1;

function makeCopy(): string {
  const folder = mkdtempSync(join(tmpdir(), "safe-install-guards-"));
  for (const name of COPIED) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  return folder;
}

/** The tests must pass before anything is removed: red would prove nothing otherwise. */
async function mustBeGreen(all: readonly Guard[]): Promise<void> {
  const tests = [...new Set(all.flatMap(({ tests }) => tests))];
  await build(all);
  const result = await runTests(tests);
  if (result.exitCode === 0) return;
  console.log(result.stdout);
  throw new Error("the tests fail before any guard is removed");
}

async function isNoticed(guard: Guard): Promise<boolean> {
  const file = join(copy, guard.file);
  const text = readFileSync(file, "utf8");
  if (text.split(guard.remove).length !== 2) {
    throw new Error(`${guard.name}: ${guard.file} must hold this text exactly once:\n${guard.remove}`);
  }
  writeFileSync(
    file,
    text.replace(guard.remove, () => guard.put),
  );
  try {
    await build([guard]);
    return (await runTests(guard.tests)).exitCode !== 0;
  } finally {
    writeFileSync(file, text);
  }
}

/** End-to-end tests run the built program. Types may be broken by a removed guard; the program is emitted all the same. */
async function build(of: readonly Guard[]): Promise<void> {
  if (!of.some(({ tests }) => tests.some((path) => path.includes("e2e") || path.includes("attack")))) return;
  await execa(join(ROOT, "node_modules", ".bin", "tsc"), ["-p", ".", "--noEmitOnError", "false"], {
    cwd: copy,
    reject: false,
  });
}

function runTests(tests: readonly string[]) {
  return execa(join(ROOT, "node_modules", ".bin", "vitest"), ["run", "--bail", "1", ...tests], {
    cwd: copy,
    reject: false,
    env: { SAFE_INSTALL_CORPUS: process.env["SAFE_INSTALL_CORPUS"] ?? resolve(ROOT, "../shared/corpus") },
  });
}
