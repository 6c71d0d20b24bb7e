import {
  type Change,
  CHANGES,
  CLEAN_INSTALL,
  CLEAN_INSTALL_TEST,
  CREATES,
  EXECUTES,
  type GlobalChange,
  LINKS,
} from "./commands.ts";
import { parseWords, renderOptions, type Words } from "./words.ts";

/** What a gated command line does. */
export type Task = ProjectTask | Executing | GlobalTask;

export type ProjectTask =
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

/** Runs a package without installing it into the project. */
export interface Executing {
  readonly kind: "exec";
  /** `npm init`: its first word names `create-NAME`. */
  readonly creates: boolean;
  /** As npm gets them. */
  readonly args: readonly string[];
  readonly words: readonly string[];
  readonly options: Words["options"];
}

/** Changes the folder of global packages. */
export interface GlobalTask {
  readonly kind: "global";
  readonly change: GlobalChange;
  readonly specs: readonly string[];
  readonly options: Words["options"];
}

export function taskOf(args: readonly string[]): Task {
  const { positional, options } = parseWords(args);
  const [command = "", ...specs] = positional;
  if (CLEAN_INSTALL.has(command)) return { kind: "clean", args, tests: false };
  if (CLEAN_INSTALL_TEST.has(command)) return { kind: "clean", args: ["ci", ...renderOptions(options)], tests: true };
  if (EXECUTES.has(command) || CREATES.has(command))
    return { kind: "exec", creates: CREATES.has(command), args, words: specs, options };
  if (LINKS.has(command)) return { kind: "global", change: "link", specs, options };
  if (command === "audit") return { kind: "change", change: "audit fix", specs: [], options, tests: false };
  const change = CHANGES.get(command);
  if (change === undefined) throw new TypeError(`npm ${command} is not gated`);
  if (isGlobal(options)) return { kind: "global", change: change as GlobalChange, specs, options };
  const tests = change === "install-test";
  return { kind: "change", change: tests ? "install" : change, specs, options, tests };
}

function isGlobal(options: Words["options"]): boolean {
  return options["global"] === true || options["location"] === "global";
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
