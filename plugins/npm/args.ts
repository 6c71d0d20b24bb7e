import type { Invocation } from "../../src/plugin.ts";
import { CHANGES, CLEAN_INSTALL, CLEAN_INSTALL_TEST, INSTALLS, PASSED, READS_SPECS, VERSIONS } from "./commands.ts";
import { parseWords, type Words } from "./words.ts";
import type Npa from "npm-package-arg";
import { createRequire } from "node:module";

/** What an npm command line asks for. Only what is known not to install passes; what is not known is refused. */
export function classify(args: readonly string[]): Invocation {
  const words = parseWords(args);
  const [command] = words.positional;
  if (asksForHelp(words) || command === undefined) return { kind: "pass" };
  const swallowed = wordThatMayBeTheCommand(args, command, words);
  if (swallowed !== null) return refuseAmbiguous(swallowed);
  if (isGated(command)) return isGlobal(words) ? refuseGlobal() : { kind: "gate" };
  const installs = INSTALLS.get(command) ?? installsAfterAll(command, words);
  if (installs !== null) return refuseInstalling(command, installs);
  if (!PASSED.has(command)) return refuseUnknown(command);
  return { kind: "pass" };
}

/** What passes, as npm gets it: untouched, but for the one that would install workspaces on the way. */
export function passed(args: readonly string[]): readonly string[] {
  const [command = ""] = parseWords(args).positional;
  if (!VERSIONS.has(command)) return args;
  const end = args.findIndex((word) => /^-{2,}$/.test(word));
  return args.toSpliced(end < 0 ? args.length : end, 0, "--workspaces-update=false");
}

function isGated(command: string): boolean {
  return CLEAN_INSTALL.has(command) || CLEAN_INSTALL_TEST.has(command) || CHANGES.has(command);
}

function asksForHelp({ options }: Words): boolean {
  return options["usage"] === true || options["version"] === true || options["versions"] === true;
}

/**
 * Another line of npm may know an option before the subcommand as a switch where this table knows a value, or the
 * other way round: then the next word is the subcommand, or is not. Where that would matter, we ask for `--option=value`.
 */
function wordThatMayBeTheCommand(args: readonly string[], command: string, { unknown }: Words): string | null {
  const before = args.slice(0, args.indexOf(command));
  const value = before.find(mayInstall);
  if (value !== undefined) return value;
  const last = before.at(-1)?.replace(/^-+/, "") ?? "";
  return unknown.includes(last) ? command : null;
}

/** npm also takes `cleanInstall`, and every beginning of a name that no other name has. */
function mayInstall(word: string): boolean {
  if (isGated(word) || INSTALLS.has(word)) return true;
  const name = word.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return name.length > 1 && INSTALLING.some((one) => one.startsWith(name));
}

const INSTALLING = [...CHANGES.keys(), ...CLEAN_INSTALL, ...CLEAN_INSTALL_TEST, ...INSTALLS.keys()];

function isGlobal({ options }: Words): boolean {
  return options["global"] === true || options["location"] === "global";
}

function installsAfterAll(command: string, { positional, options }: Words): string | null {
  const rest = positional.slice(1);
  if (command === "audit" && rest[0] === "fix") return "changes the lockfile and installs";
  // `npm diff --diff=SPEC`.
  const specs = [...rest, options["diff"]].flat().map(String);
  if (READS_SPECS.has(command) && specs.some(isGit)) return "runs code of a git repository to read it";
  return null;
}

function isGit(spec: string): boolean {
  try {
    const npa = createRequire(import.meta.url)("npm-package-arg") as typeof Npa;
    return npa(spec).type === "git";
  } catch {
    return false;
  }
}

function refuseInstalling(command: string, what: string): Invocation {
  return {
    kind: "refuse",
    reason: `npm ${command} ${what}; that is not gated yet`,
    hint: "change the lockfile with `npm install --package-lock-only --ignore-scripts`, then `safe-install npm ci`",
  };
}

function refuseGlobal(): Invocation {
  return {
    kind: "refuse",
    reason: "a global installation has no lockfile that could be gated",
    hint: "leave out --global",
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
