/**
 * Runs tests of the whole program under other lines of Node: what is refused on one of them may work on another.
 * Exit 0 only if nothing fails on any. `npm run test:lines [-- LINE... PATH...]`; without: 22 and 24, and test/attack.
 */
import { nodeOf, versionOf } from "../support/node-line.ts";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";

/** Of vitest's reporter `json`. */
interface Reported {
  readonly testResults: readonly {
    readonly name: string;
    readonly message?: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

const words = process.argv.slice(2);
const isLine = (word: string) => /^\d+(?:\.\d+)*$/.test(word);
const lines = words.some(isLine) ? words.filter(isLine) : ["22", "24"];
const paths = words.some((word) => !isLine(word)) ? words.filter((word) => !isLine(word)) : ["test/attack"];
const folder = mkdtempSync(join(tmpdir(), "safe-install-lines-"));
try {
  const clean = lines.map(runOn);
  process.exitCode = clean.every(Boolean) ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function runOn(line: string): boolean {
  const node = nodeOf(line, join(folder, line));
  const report = join(folder, `${line}.json`);
  const started = Date.now();
  const vitest = resolve("node_modules/vitest/vitest.mjs");
  const how = ["--project", "e2e", "--reporter", "json", "--outputFile", report];
  // Installers that a test starts by name run on that line, too.
  const PATH = `${dirname(node)}${delimiter}${process.env["PATH"] ?? ""}`;
  spawnSync(node, [vitest, "run", ...how, ...paths], { stdio: "inherit", env: { ...process.env, PATH } });
  const { testResults } = JSON.parse(readFileSync(report, "utf8")) as Reported;
  const all = testResults.flatMap(({ assertionResults }) => assertionResults);
  const count = (wanted: string) => all.filter(({ status }) => status === wanted).length;
  const broken = testResults.filter(
    ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
  );
  for (const { fullName, status } of all) if (status === "failed") console.log(`failed  ${fullName}`);
  for (const { name, message } of broken) console.log(`failed  ${name}: ${message ?? "could not be loaded"}`);
  const figures = `${testResults.length} files, ${count("passed")} passed, ${count("failed")} failed`;
  const skipped = all.length - count("passed") - count("failed");
  const seconds = Math.round((Date.now() - started) / 1000);
  console.log(`Node ${versionOf(node)}: ${figures}, ${skipped} skipped, ${seconds} s`);
  return count("failed") + broken.length === 0 && count("passed") > 0;
}
