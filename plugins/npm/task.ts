import { type Change, CHANGES, CLEAN_INSTALL, CLEAN_INSTALL_TEST } from "./commands.ts";
import { parseWords, renderOptions, type Words } from "./words.ts";

/** What a gated command line does. */
export type Task =
  /** Installs what the lockfile holds. `args` as typed. */
  | { readonly kind: "clean"; readonly args: readonly string[]; readonly tests: boolean }
  /** Lets npm change package.json and the lockfile first. */
  | (Changing & { readonly kind: "change" });

export interface Changing {
  readonly change: Change;
  /** What was typed after the subcommand, without options. */
  readonly specs: readonly string[];
  readonly options: Words["options"];
  /** npm's own tests of the project run after it. */
  readonly tests: boolean;
}

export function taskOf(args: readonly string[]): Task {
  const { positional, options } = parseWords(args);
  const [command = "", ...specs] = positional;
  if (CLEAN_INSTALL.has(command)) return { kind: "clean", args, tests: false };
  if (CLEAN_INSTALL_TEST.has(command)) return { kind: "clean", args: ["ci", ...renderOptions(options)], tests: true };
  const change = CHANGES.get(command);
  if (change === undefined) throw new TypeError(`npm ${command} is not gated`);
  const tests = change === "install-test";
  return { kind: "change", change: tests ? "install" : change, specs, options, tests };
}

/**
 * The command that installs what the changed lockfile holds. Only `npm install` without specs, and `npm ci`, run the
 * project's own scripts: after any other change `prune` reifies the same tree without them.
 */
export function landingArgs({ change, specs, options }: Changing): readonly string[] {
  const command = change === "install" && specs.length === 0 ? "install" : "prune";
  return [command, ...renderOptions(options, (key) => !STAGED_ONLY.test(key))];
}

/** The whole project is installed: part of it beside what was there before would be beside what is not proven. */
const STAGED_ONLY = /^(?:save|save-.*|workspaces?|include-workspace-root|prefer-dedupe|before|tag|min-release-age.*)$/;
