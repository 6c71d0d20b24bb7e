import type { Invocation } from "../../src/plugin.ts";
import {
  CACHE_PASSED,
  CHANGES,
  CLEAN_INSTALL,
  CLEAN_INSTALL_TEST,
  CREATES,
  EXECUTES,
  GLOBAL,
  INSTALLS,
  LINKS,
  PACKS,
  PASSED,
  READS_SPECS,
  SETTLES,
  VERSIONS,
} from "./task.ts";
import { npmWords } from "./npx.ts";
import { refusedReading } from "./readings.ts";
import { parseWords, type NpmWords } from "./words.ts";
import type Npa from "npm-package-arg";
import { createRequire } from "node:module";

/** What an npm or npx command line asks for. Only what is known not to install passes; what is not known is refused. */
export function classify(typed: readonly string[], program: readonly string[] = ["npm"]): Invocation {
  const args = npmWords(typed, program);
  const read = classifyAs(args);
  return read.kind === "pass" ? (refusedReading(args, (other) => classifyAs(other).kind === "pass") ?? read) : read;
}

function classifyAs(args: readonly string[]): Invocation {
  const words = parseWords(args);
  const [command, ...rest] = words.positional;
  if (asksForHelp(words)) return { kind: "pass" };
  const swallowed = wordThatMayBeTheCommand(args, command, words);
  if (swallowed !== null) return refuseAmbiguous(swallowed);
  if (command === undefined) return { kind: "pass" };
  if (isGated(command, rest)) return refusedOptions(command, words) ?? { kind: "gate" };
  const installs = INSTALLS.get(command) ?? installsAfterAll(command, words);
  if (installs !== null) return refuseInstalling(command, installs);
  if (CREATES.has(command)) return refuseInit();
  if (LINKS.has(command)) return refuseLink();
  if (!PASSED.has(command)) return refuseUnknown(command);
  return { kind: "pass" };
}

/** What passes, as npm gets it: untouched, but for the one that would install workspaces on the way. */
export function passed(args: readonly string[]): readonly string[] {
  const [command = ""] = parseWords(args).positional;
  if (!VERSIONS.has(command)) return args;
  const end = args.findIndex((word) => /^-{2,}$/.test(word));
  // Twice: an option that lacks its value takes the first for it.
  const none = "--workspaces-update=false";
  return args.toSpliced(end < 0 ? args.length : end, 0, none, none);
}

function isGated(command: string, rest: readonly string[]): boolean {
  if (CREATES.has(command)) return rest.length > 0;
  if (LINKS.has(command)) return rest.length === 0;
  if (command === "audit") return rest[0] === "fix";
  return isInstalling(command) || EXECUTES.has(command);
}

function isInstalling(command: string): boolean {
  return CLEAN_INSTALL.has(command) || CLEAN_INSTALL_TEST.has(command) || CHANGES.has(command);
}

function asksForHelp({ options }: NpmWords): boolean {
  return options["usage"] === true || options["version"] === true || options["versions"] === true;
}

/**
 * Another line of npm may know an option before the subcommand as a switch where this table knows a value, or the
 * other way round: then the next word is the subcommand, or is not. Where that would matter, we ask for `--option=value`.
 */
function wordThatMayBeTheCommand(
  args: readonly string[],
  command: string | undefined,
  { unknown }: NpmWords,
): string | null {
  const before = command === undefined ? args : args.slice(0, args.indexOf(command));
  const values = before.flatMap((word, at) => valuesIn(word, before[at - 1]).map((value) => ({ value, at })));
  const rest = (at: number) => parseWords(args.slice(at + 1)).positional;
  const found = values.find(({ value, at }) => command === undefined || mayInstall(value) || mayAct(value, rest(at)));
  if (found !== undefined) return found.value;
  if (command === undefined) return null;
  const last = before.at(-1)?.replace(/^-+/, "") ?? "";
  return unknown.includes(last) ? command : null;
}

/** A word, or what stands behind an option's `=` where that option is the value of the one before it. */
function valuesIn(word: string, before = ""): readonly string[] {
  if (!word.startsWith("-")) return word === "" ? [] : [word];
  const value = word.includes("=") ? word.slice(word.indexOf("=") + 1) : "";
  const isTaken = /^-[^=]*$/.test(before) && parseWords([before, "x"]).positional.length === 0;
  return value === "" || !isTaken ? [] : [value];
}

/** Whether one of the subcommands that pass under conditions, and that it may be the beginning of, does not pass here. */
function mayAct(word: string, rest: readonly string[]): boolean {
  const names = CONDITIONAL.filter((name) => word.length > 1 && name.startsWith(word.toLowerCase()));
  return names.some((name) => {
    const words = { positional: [name, ...rest], options: {}, unknown: [] };
    return isGated(name, rest) || installsAfterAll(name, words) !== null;
  });
}

const CONDITIONAL = ["audit", "cache", ...PACKS, ...READS_SPECS];

/** npm also takes `cleanInstall`, and every beginning of a name that no other name has. */
function mayInstall(word: string): boolean {
  if (INSTALLING.includes(word)) return true;
  const name = word.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return INSTALLING.some((one) => one.startsWith(name) && name.length > (SETTLES.has(one) ? "approv".length : 1));
}

const INSTALLS_SOMEHOW = [CHANGES, CLEAN_INSTALL, CLEAN_INSTALL_TEST, EXECUTES, CREATES, LINKS, INSTALLS, VERSIONS];
const INSTALLING = INSTALLS_SOMEHOW.flatMap((names) => [...names.keys()]);

function refusedOptions(command: string, words: NpmWords): Invocation | null {
  if ((CREATES.has(command) || EXECUTES.has(command)) && isInWorkspaces(words)) return refuseWorkspaces(command);
  const change = CHANGES.get(command);
  if (!isGlobal(words) || (change !== undefined && GLOBAL.has(change))) return null;
  return refuseGlobal(command);
}

function isGlobal({ options }: NpmWords): boolean {
  return options["global"] === true || options["location"] === "global";
}

function isInWorkspaces({ options }: NpmWords): boolean {
  return options["workspace"] !== undefined || options["workspaces"] === true;
}

function installsAfterAll(command: string, { positional }: NpmWords): string | null {
  const specs = positional.slice(1);
  const [first] = specs;
  if (command === "cache" && first !== undefined && !CACHE_PASSED.has(first)) return `${first} fetches packages`;
  if (PACKS.has(command) && !specs.every(isOwnFolder))
    return "of anything but a folder of the project fetches packages";
  if (READS_SPECS.has(command) && specs.some(isElsewhere))
    return "fetches what lies outside of every registry to read it";
  return null;
}

/** A folder or an archive on disk. Not of node_modules: its scripts would run, and they are a dependency's. */
function isOwnFolder(spec: string): boolean {
  const isPath = ["directory", "file"].includes(typeOf(spec));
  return isPath && !spec.toLowerCase().split(/[\\/]/).includes("node_modules");
}

function isElsewhere(spec: string): boolean {
  return ["git", "remote"].includes(typeOf(spec));
}

function typeOf(spec: string): string {
  try {
    const npa = createRequire(import.meta.url)("npm-package-arg") as typeof Npa;
    return npa(spec).type;
  } catch {
    return "none";
  }
}

function refuseInstalling(command: string, what: string): Invocation {
  return {
    kind: "refuse",
    reason: `npm ${command} ${what}; that is not supported`,
    hint: "`safe-install npm ci` and `npm install` prove what they put on disk, and run the scripts that the policy lets run",
  };
}

function refuseInit(): Invocation {
  return {
    kind: "refuse",
    reason: "npm init without a name makes a package.json, and may then install what workspaces need",
    hint: "`npm init` itself; then `safe-install npm install`",
  };
}

function refuseLink(): Invocation {
  return {
    kind: "refuse",
    reason: "npm link NAME puts a folder from outside of the repository into node_modules: nobody could prove it",
    hint: "`safe-install npm link` in that folder is fine; for development in one repository use workspaces",
  };
}

function refuseWorkspaces(command: string): Invocation {
  return {
    kind: "refuse",
    reason: `npm ${command} in workspaces is not supported`,
    hint: "go into the workspace's folder and leave the option out",
  };
}

function refuseGlobal(command: string): Invocation {
  return {
    kind: "refuse",
    reason: `npm ${command} makes no sense of --global that could be gated`,
    hint: "leave out --global; install, update and uninstall take it",
  };
}

function refuseUnknown(command: string): Invocation {
  return {
    kind: "refuse",
    reason: `npm ${command} is not known to leave packages alone`,
    hint: "write the subcommand out in full (`npm ci`); one that installs nothing can be run as plain npm",
  };
}

function refuseAmbiguous(word: string): Invocation {
  return {
    kind: "refuse",
    reason: `"${word}" may be the subcommand or the value of the option before it`,
    hint: "write the option as --option=value, or put it after the subcommand",
  };
}
