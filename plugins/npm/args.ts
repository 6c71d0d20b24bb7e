import type { Invocation } from "../../src/plugin.ts";
import { CHANGES, CLEAN_INSTALL, CLEAN_INSTALL_TEST, INSTALLS, PASSED, READS_SPECS } from "./commands.ts";
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
  const installs = INSTALLS.get(command) ?? installsAfterAll(command, words.positional.slice(1));
  if (installs !== null) return refuseInstalling(command, installs);
  if (!PASSED.has(command)) return refuseUnknown(command);
  return { kind: "pass" };
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
  const value = before.find((word) => isGated(word) || INSTALLS.has(word));
  if (value !== undefined) return value;
  const last = before.at(-1)?.replace(/^-+/, "") ?? "";
  return unknown.includes(last) ? command : null;
}

function isGlobal({ options }: Words): boolean {
  return options["global"] === true || options["location"] === "global";
}

function installsAfterAll(command: string, rest: readonly string[]): string | null {
  if (command === "audit" && rest[0] === "fix") return "changes the lockfile and installs";
  if (READS_SPECS.has(command) && rest.some(isGit)) return "runs code of a git repository to pack it";
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
