import type { Guard } from "./guard.ts";
import { execa } from "execa";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../../..");
const COPIED = ["src", "plugins", "types", "test", "fixtures", "package.json", "tsconfig.json", "vitest.config.ts"];

/** A copy of the sources in which guards can be removed and tests run. */
export interface Copy {
  /** @returns what puts the guard back. @throws where its text does not occur exactly once. */
  edit(guard: Guard): () => void;
  /** Runs those tests of the files whose title holds one of the names. */
  run(tests: readonly string[], named: readonly string[]): Promise<Ran>;
  remove(): void;
}

export interface Ran {
  readonly passed: number;
  readonly failed: number;
  /** The full titles of those that failed, with the first line of why. */
  readonly failures: readonly (readonly [title: string, why: string])[];
  readonly output: string;
}

export function makeCopy(): Copy {
  const folder = mkdtempSync(join(tmpdir(), "safe-install-guards-"));
  for (const name of COPIED) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  return {
    edit: (guard) => edit(join(folder, guard.file), guard),
    run: (tests, named) => run(folder, tests, named),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function edit(file: string, { name, remove, put }: Guard): () => void {
  const text = readFileSync(file, "utf8");
  if (text.split(remove).length !== 2) throw new Error(`${name}: ${file} must hold this exactly once:\n${remove}`);
  writeFileSync(
    file,
    text.replace(remove, () => put),
  );
  return () => writeFileSync(file, text);
}

/** What `npm run build` copies beside what it compiles. */
const UNCOMPILED = ["plugins/pip/python", "src/trust/github"];

async function run(folder: string, tests: readonly string[], named: readonly string[]): Promise<Ran> {
  const report = join(folder, "report.json");
  // The program itself has to be built again without the guard; what types say of that does not matter.
  if (tests.some((test) => runsProgram(join(folder, test)))) {
    await execa(join(ROOT, "node_modules", ".bin", "tsc"), ["-p", "."], { cwd: folder, reject: false });
    const filter = (path: string) => !path.endsWith(".ts");
    for (const part of UNCOMPILED) cpSync(join(folder, part), join(folder, "dist", part), { recursive: true, filter });
  }
  rmSync(report, { force: true });
  const titles = named.map((one) => one.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  // In one word: a title may begin with a dash.
  const filter = ["--bail", "1", `--testNamePattern=${titles.join("|")}`];
  const vitest = join(ROOT, "node_modules", ".bin", "vitest");
  const projects = ["unit", "e2e", "long"].flatMap((name) => ["--project", name]);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const { all } = await execa(vitest, ["run", ...projects, ...reporters, ...filter, ...tests], {
    cwd: folder,
    reject: false,
    all: true,
    env: {
      SAFE_INSTALL_CORPUS: process.env["SAFE_INSTALL_CORPUS"] ?? resolve(ROOT, "../shared/corpus"),
      SAFE_INSTALL_WHEELS: process.env["SAFE_INSTALL_WHEELS"] ?? resolve(ROOT, "../shared/wheels"),
      // Without its guard a reader is wrong at once.
      SAFE_INSTALL_TEST_MUTANTS: process.env["SAFE_INSTALL_TEST_MUTANTS"] ?? "25",
    },
  });
  const { numPassedTests, numFailedTests, success, testResults } = JSON.parse(readFileSync(report, "utf8")) as Report;
  const failed = testResults.flatMap(({ assertionResults }) =>
    assertionResults.filter((one) => one.status === "failed"),
  );
  const failures = failed.map((one) => [one.fullName, one.failureMessages[0]?.split("\n")[0] ?? ""] as const);
  // A file that does not load has no failed test, but no success either.
  return { passed: success ? numPassedTests : 0, failed: numFailedTests, failures, output: all };
}

/** Vitest's JSON, as far as it is read. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly success: boolean;
  readonly testResults: readonly { readonly assertionResults: readonly Asserted[] }[];
}

interface Asserted {
  readonly fullName: string;
  readonly status: string;
  readonly failureMessages: readonly string[];
}

/** Whether a file of tests starts the built program, itself or by what it imports. */
export function runsProgram(file: string, seen: Set<string> = new Set()): boolean {
  if (seen.has(file) || !file.includes("/test/")) return false;
  seen.add(file);
  const text = readFileSync(file, "utf8");
  if (/["/]dist["/]/.test(text)) return true;
  const imported = text.matchAll(/(?:from|import) *\(?"(\.[^"]+\.ts)"/g);
  return [...imported].some(([, path]) => runsProgram(resolve(dirname(file), path!), seen));
}
