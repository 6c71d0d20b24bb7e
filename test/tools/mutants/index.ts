/**
 * Changes one operator after the other and asks the unit tests whether they notice.
 *
 * `npm run test:mutants -- PATH... [--one-in K --seed S] [--near] [--e2e] [--static] [--again] [--concurrency N]`. PATH is a file or
 * a folder under src or plugins. `--one-in K` tries every K-th mutant on the whole: which of them, `--seed` alone decides. `--again` takes over
 * what an earlier run with `--again` found out, as far as neither a mutant nor the tests that reach it have changed.
 *
 * Every unit test that loads the mutant's module is asked. `--near` asks those at the mirrored place alone (and what
 * test/covered.ts and the guards of the file name): far sooner done, and at the most too strict.
 *
 * `--e2e` asks the end-to-end tests that reach the file (`reaching.ts`) about what the unit tests leave, until the goal is met:
 * whatever was not asked by then counts as left. That takes a minute or so for each, and the installers.
 *
 * Texts are not emptied: what a message says is for its reader. What runs only while a module loads (a table, a schema) is
 * tried with `--static` alone, for every test that loads the module is run for it. Exit 0: the goal is met (see `goalOf`); 1: it is not.
 */
import { repositoryRoot } from "../../support/root.ts";
import { EQUIVALENT } from "./equivalent.ts";
import { askEndToEnd } from "./end-to-end.ts";
import { goalOf, isBelow, type MutationReport, printed, type Score, scoreOf, withEndToEnd } from "./score.ts";
import { COVERED } from "../../covered.ts";
import { GUARDS } from "../../guards/guards.ts";
import { execa } from "execa";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    "one-in": { type: "string", default: "1" },
    seed: { type: "string", default: "1" },
    concurrency: { type: "string", default: "1" },
    near: { type: "boolean", default: false },
    e2e: { type: "boolean", default: false },
    static: { type: "boolean", default: false },
    again: { type: "boolean", default: false },
  },
});
const root = repositoryRoot();
const sample = { oneIn: Number(values["one-in"]), seed: values.seed };
const folder = join(root, ".mutants-kept");
const file = join(
  folder,
  `${[...positionals, sample.oneIn, sample.seed, ...(values.near ? ["near"] : [])].join("+").replaceAll("/", "-")}.json`,
);
const metFile = file.replace(/\.json$/, "+met.txt");
if (positionals.length === 0 || !positionals.every((path) => existsSync(join(root, path)))) {
  console.log(
    "usage: npm run test:mutants -- PATH... [--one-in K --seed S] [--near] [--e2e] [--static] [--again] [--concurrency N]",
  );
  process.exitCode = 2;
} else {
  mkdirSync(folder, { recursive: true });
  writeFileSync(metFile, "");
  await tryMutants();
  const report = JSON.parse(readFileSync(file, "utf8")) as MutationReport;
  const byUnit = scoreOf(report, { paths: positionals, sample, equivalent: EQUIVALENT, ...metBefore() });
  const score = values.e2e ? await endToEnd(byUnit) : byUnit;
  for (const line of printed(score)) console.log(line);
  process.exitCode = isMet(score) ? 0 : 1;
}

/** Of a run that takes over what one before this found out, nothing is told: ids may be others. */
function metBefore(): { readonly met?: ReadonlySet<string> } {
  return values.again ? {} : { met: new Set(readFileSync(metFile, "utf8").split("\n")) };
}

function isMet({ percent }: Score): boolean {
  return percent >= Math.max(...positionals.map(goalOf));
}

async function endToEnd(byUnit: Score): Promise<Score> {
  const isNoticed = await askEndToEnd(byUnit.left, {
    kept: file.replace(/\.json$/, "+e2e.json"),
    again: values.again,
    isEnough: (noticed) => isMet(withEndToEnd(byUnit, noticed)),
  });
  return withEndToEnd(byUnit, isNoticed);
}

async function tryMutants(): Promise<void> {
  const mutate = positionals.map((path) => (statSync(join(root, path)).isDirectory() ? `${path}/**/*.ts` : path));
  await execa(
    join(root, "node_modules/.bin/stryker"),
    [
      "run",
      ...(values.near ? [nearConfig(), "--testFiles", testsNear(positionals).join(",")] : []),
      "--mutate",
      mutate.join(","),
      "--concurrency",
      values.concurrency,
      "--incremental",
      "--incrementalFile",
      file,
      ...(values.again ? [] : ["--force"]),
      ...(values.static ? [] : ["--ignoreStatic"]),
      "--reporters",
      `unnoticed,${process.stdout.isTTY ? "progress" : "progress-append-only"}`,
    ],
    {
      cwd: root,
      stdio: "inherit",
      env: { MUTANTS_ONE_IN: String(sample.oneIn), MUTANTS_SEED: sample.seed, MUTANTS_MET: metFile },
    },
  );
}

/** Which tests there are is known: nothing has to be looked for in what they load. */
function nearConfig(): string {
  const config = JSON.parse(readFileSync(join(root, "stryker.config.json"), "utf8")) as { readonly vitest: object };
  const near = join(folder, "near.json");
  writeFileSync(near, JSON.stringify({ ...config, vitest: { ...config.vitest, related: false } }));
  return near;
}

function testsNear(paths: readonly string[]): readonly string[] {
  const isMeant = (file: string) => paths.some((path) => isBelow(file, path));
  const covering = Object.entries(COVERED).filter(([file]) => isMeant(file));
  const guarding = GUARDS.filter(({ file }) => isMeant(file)).map(({ test }) => test);
  const all = [...covering.map(([, test]) => test), ...guarding];
  const named = all.filter((test) => !/^test\/(?:e2e|attack|contract|long)\//.test(test));
  return [...new Set([...paths.flatMap(mirrored), ...named])];
}

function mirrored(path: string): readonly string[] {
  const place = path.startsWith("src/") ? path.replace("src/", "test/") : `test/${path}`;
  return path.endsWith(".ts") ? [place.replace(/\.ts$/, "*.test.ts")] : [`${place}/**/*.test.ts`];
}
