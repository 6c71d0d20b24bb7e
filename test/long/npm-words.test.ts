/** Lines of npm and npx as npm 10, 11 and 12 read them, against what we make of them: nothing that installs passes by. */
import { classify, passed } from "../../plugins/npm/args.ts";
import { npmWords } from "../../plugins/npm/npx.ts";
import { npmDefinitions } from "../../plugins/npm/private.ts";
import { taskOf } from "../../plugins/npm/task.ts";
import { chanceOf } from "../support/lock-diff/chance.ts";
import { npmLine } from "../support/npm-lines.ts";
import { lineOf, type NpmReader, type NpmReading, readerOf } from "../support/npm-words.ts";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

const LINES = 60_000;
const NPX_LINES = 20_000;
const GATED_LINES = 5_000;
const folder = mkdtempSync(join(tmpdir(), "safe-install-npms-"));
let readers: readonly NpmReader[];

beforeAll(async () => {
  const lines = [];
  for (const line of ["10", "11", "12"]) lines.push(await npmLine(line, mkdtempSync(join(folder, "npm-"))));
  readers = lines.map(readerOf);
  console.log(`npm ${readers.map(({ version }) => version).join(", ")}`);
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test(`${LINES} lines: nothing that installs, fetches or runs a dependency's scripts passes`, () => {
  const counts = { pass: 0, gate: 0, refuse: 0 };
  const faults: string[] = [];
  for (let number = 0; number < LINES; number++) {
    const chance = chanceOf(number);
    const typed = lineOf(chance, readers);
    const program = number % 4 === 0 ? ["npx"] : ["npm"];
    const { kind } = classify(typed, program);
    counts[kind]++;
    if (kind !== "pass") continue;
    const given = passed(npmWords(typed, program));
    for (const { version, read } of readers) {
      const harm = harmOf(read(given));
      if (harm !== null) faults.push(`npm ${version}: ${program.join()} ${JSON.stringify(typed)} ${harm}`);
    }
  }
  console.log(counts);
  expect(faults).toEqual([]);
  expect(Math.min(counts.pass, counts.gate, counts.refuse)).toBeGreaterThan(LINES / 20);
});

test(`${NPX_LINES} lines of npx become the words that each npx makes of them`, () => {
  const faults: string[] = [];
  let compared = 0;
  for (let number = 0; number < NPX_LINES; number++) {
    const typed = lineOf(chanceOf(number), readers);
    if (typed.some(isNew)) continue;
    const own = JSON.stringify(npmWords(typed, ["npx"]));
    compared++;
    for (const { version, npx } of readers) {
      const theirs = JSON.stringify(npx(typed));
      if (own !== theirs) faults.push(`npm ${version}: ${own} ${theirs}`);
    }
  }
  expect(faults).toEqual([]);
  expect(compared).toBeGreaterThan(NPX_LINES / 2);
});

test(`${GATED_LINES} gated lines ask for what each npm takes them to ask for`, () => {
  const faults: string[] = [];
  let compared = 0;
  for (let number = 0; compared < GATED_LINES; number++) {
    const typed = lineOf(chanceOf(LINES + number), readers);
    if (classify(typed).kind !== "gate" || typed.some(isNew)) continue;
    const task = askedFor(typed);
    compared++;
    for (const { version, read } of readers) {
      const { command, rest } = read(typed);
      if (command === undefined) continue; // a name that only other lines know: this one refuses it itself
      const theirs = JSON.stringify([
        command,
        ...(command === "ci" || command === "install-ci-test" ? [] : command === "audit" ? ["fix"] : rest),
      ]);
      if (task !== theirs) faults.push(`npm ${version}: ${JSON.stringify(typed)} ${task} ${theirs}`);
    }
  }
  expect(faults).toEqual([]);
});

/** The command's own name, and what it is about. */
function askedFor(typed: readonly string[]): string {
  const task = taskOf(typed);
  if (task.kind === "clean") return JSON.stringify([task.tests ? "install-ci-test" : "ci"]);
  if (task.kind === "exec") return JSON.stringify([task.creates ? "init" : "exec", ...task.words]);
  if (task.change === "audit fix") return JSON.stringify(["audit", "fix", ...task.specs]);
  const tests = task.kind === "change" && task.tests;
  return JSON.stringify([tests ? "install-test" : task.change, ...task.specs]);
}

/** Only some of these lines of npm, or of what we know, have such an option: what follows may be its value, or not. */
function isNew(word: string): boolean {
  const key = word.replace(/^-+(?:no-)?/, "").split("=")[0] ?? "";
  const known = [...readers.map(({ keys }) => keys), Object.keys(npmDefinitions().definitions)];
  const beginnings = known.map((keys) => keys.filter((one) => one.startsWith(key)).length);
  return word.startsWith("-") && key !== "" && new Set(beginnings).size > 1;
}

test("every command of every line is gated, refused, or known to leave packages alone", () => {
  for (const { version, names, read } of readers) {
    const passing = names.filter((name) => classify([name]).kind === "pass");
    const harmful = passing.filter((name) => harmOf(read(passed([name]))) !== null);
    expect(harmful, version).toEqual([]);
  }
});

/** By npm's own sources (lib/commands of npm 10 to 12). Null: nothing is put on disk, fetched to be run, or run of a dependency. */
function harmOf({ command, rest, options }: NpmReading): string | null {
  if (command === undefined || options["version"] === true || options["versions"] === true) return null;
  if (options["usage"] === true) return null;
  const [first] = rest;
  if (HARMFUL.has(command)) return command;
  if (command === "audit") return first === "fix" ? "audit fix" : null;
  if (command === "cache") return first === "add" ? "cache add" : null;
  if (command === "version") return options["workspaces-update"] === false ? null : "version installs workspaces";
  if (command === "pack" || command === "publish")
    return rest.some((spec) => !isFolder(spec)) ? `${command} of a package` : null;
  if (READS.has(command)) return rest.some(isElsewhere) ? `${command} of what lies elsewhere` : null;
  return HARMLESS.has(command) ? null : `${command} is not known`;
}

const isFolder = (spec: string) =>
  /^(?:\.{0,2}$|\.{1,2}\/|\/|~\/|file:)|\.(?:tgz|tar|tar\.gz)$/i.test(spec) && !/node_modules|^https?:/i.test(spec);
const isElsewhere = (spec: string) => /^(?:git|https?)[+:]/.test(spec);

const words = (text: string): ReadonlySet<string> => new Set(text.split(" "));
const HARMFUL = words(
  "install install-test ci install-ci-test update dedupe find-dupes uninstall prune exec init link rebuild diff edit patch install-scripts approve-scripts deny-scripts",
);
const READS = words("view bugs docs repo fund owner");
const HARMLESS = words(
  "access adduser completion config deprecate dist-tag doctor explain explore get help help-search ll login logout ls org outdated ping pkg prefix profile query restart root run run-script hook sbom search set shrinkwrap stage star stars start stop team test token trust undeprecate unpublish unstar whoami",
);
