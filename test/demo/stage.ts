import { repositoryRoot } from "../support/root.ts";
import { type Ended, runProgram, surroundings } from "./program.ts";
import { join } from "node:path";
import process from "node:process";
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
  /** @throws NotAsAnnounced */
  expect(what: string, ended: Ended, expected: { readonly exit: number; readonly says: readonly string[] }): void;
  /** Shown where it is so. @throws NotAsAnnounced where not */
  fact(what: string, isSo: boolean): void;
  /** The last line. */
  end(): void;
}

export function openStage(home: string, signal: AbortSignal): Stage {
  const env = surroundings(home, wantsColour());
  const program = join(repositoryRoot(), "dist", "src", "bin.js");
  let scenes = 0;
  const started = Date.now();

  return {
    async title() {
      const { output } = await runProgram("npm", ["--version"], { cwd: repositoryRoot(), env, signal, show: false });
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
    expect(what, ended, expected) {
      const missing = expected.says.filter((words) => !ended.output.includes(words));
      if (ended.exit !== expected.exit)
        throw new NotAsAnnounced(`${what}: exit ${ended.exit} instead of ${expected.exit}`);
      if (missing.length > 0) throw new NotAsAnnounced(`${what}: does not say ${missing.join(", ")}`);
    },
    fact(what, isSo) {
      if (!isSo) throw new NotAsAnnounced(`not so: ${what}`);
      print(paint("green", `→ ${what}`));
    },
    end() {
      const seconds = ((Date.now() - started) / 1000).toFixed(0);
      const shown = `${scenes} scenes in ${seconds} s, all as announced: what was refused changed nothing`;
      print(`\n${paint("green", `✓ ${shown}`)}`);
    },
  };
}

/** A scene did not come out as it was announced. */
export class NotAsAnnounced extends Error {}

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
