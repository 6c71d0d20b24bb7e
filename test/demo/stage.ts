import { type Ended, isolated, runProgram } from "./program.ts";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { styleText } from "node:util";

/** What the audience sees, and whether it came out as announced. */
export interface Stage {
  title(): Promise<void>;
  scene(title: string, words: readonly string[]): void;
  say(words: readonly string[]): void;
  /** A file of the project, or the part of it that matters. */
  file(name: string, text: string): void;
  /** The real program, from dist/. `quietly`: not shown. */
  safeInstall(cwd: string, words: readonly string[], options?: { readonly quietly: boolean }): Promise<Ended>;
  /** The machine's npm. */
  npm(cwd: string, words: readonly string[]): Promise<Ended>;
  node(cwd: string, file: string): Promise<Ended>;
  expect(what: string, ended: Ended, wish: { readonly exit: number; readonly says: readonly string[] }): void;
  /** Shown when it is so; a failure otherwise. */
  fact(what: string, isSo: boolean): void;
  /** The last line. @returns the exit code */
  end(scenes: number): number;
}

export function openStage(home: string, signal: AbortSignal): Stage {
  const env = isolated(home, wantsColour());
  const program = join(packageRoot(), "dist", "src", "bin.js");
  const failures: string[] = [];
  let scenes = 0;
  const started = Date.now();

  return {
    async title() {
      const { output } = await runProgram("npm", ["--version"], { cwd: packageRoot(), env, signal, show: false });
      print(paint("bold", "safe-install, the demo"));
      print(`Node ${process.versions.node} and your own npm ${output.trim()}; a registry and a Sigstore instance`);
      print("made for this run on loopback; everything else below is the real thing.");
    },
    scene(title, words) {
      scenes++;
      print(`\n${paint("bold", `── ${scenes}. ${title} ${"─".repeat(Math.max(0, 73 - title.length))}`)}`);
      for (const line of words) print(line);
    },
    say: (words) => words.forEach(print),
    file(name, text) {
      print(paint("dim", `  ${name}`));
      for (const line of text.trimEnd().split("\n")) print(paint("dim", `  | ${line}`));
    },
    async safeInstall(cwd, words, { quietly } = { quietly: false }) {
      if (!quietly) prompt(["safe-install", ...words]);
      return runProgram(process.execPath, [program, ...words], { cwd, env, signal, show: !quietly });
    },
    async npm(cwd, words) {
      prompt(["npm", ...words]);
      return runProgram("npm", words, { cwd, env, signal, show: true });
    },
    async node(cwd, file) {
      prompt(["node", file]);
      return runProgram(process.execPath, [file], { cwd, env, signal, show: true });
    },
    expect(what, ended, wish) {
      const missing = wish.says.filter((words) => !ended.output.includes(words));
      if (ended.exit !== wish.exit) fail(`${what}: exit ${ended.exit} instead of ${wish.exit}`);
      if (missing.length > 0) fail(`${what}: does not say ${missing.join(", ")}`);
    },
    fact(what, isSo) {
      if (isSo) print(paint("green", `→ ${what}`));
      else fail(`not so: ${what}`);
    },
    end(expected) {
      if (scenes !== expected) fail(`${scenes} scenes instead of ${expected}`);
      const seconds = ((Date.now() - started) / 1000).toFixed(0);
      const shown = `${scenes} scenes in ${seconds} s: 1 installed, 2 refused with nothing changed, 1 audited`;
      print(`\n${failures.length === 0 ? paint("green", `✓ ${shown}`) : paint("red", "✗ not as announced")}`);
      return failures.length === 0 ? 0 : 1;
    },
  };

  function fail(what: string): void {
    failures.push(what);
    print(paint("red", `✗ scene ${scenes} is not as announced: ${what}`));
  }
}

/** Colours only on a terminal (no-color.org). */
function wantsColour(): boolean {
  return process.stdout.isTTY && !process.env["NO_COLOR"] && process.env["TERM"] !== "dumb";
}

function paint(style: "bold" | "dim" | "green" | "red", text: string): string {
  return wantsColour() ? styleText(style, text) : text;
}

function prompt(words: readonly string[]): void {
  print(paint("bold", `$ ${words.join(" ")}`));
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** The nearest folder upwards with a package.json: where dist/ is. */
function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  return folder;
}
