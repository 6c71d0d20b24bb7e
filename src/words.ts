import { SafeInstallError } from "./errors.ts";
import { nearest } from "./nearest.ts";
import { parseArgs, type ParseArgsConfig } from "node:util";

type Known = NonNullable<ParseArgsConfig["options"]>;

/**
 * Reads the words of a command strictly: no option that is not known, none without its value.
 * @param command whose help says more
 * @throws SafeInstallError USAGE, with the option that was perhaps meant
 */
export function readWords<const T extends Known>(args: readonly string[], options: T, command: string) {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: true });
  } catch (error) {
    throw misread((error as Error).message, options, command);
  }
}

/** Node says it in a sentence, and then what to do about words that begin with a dash. */
function misread(message: string, options: Known, command: string): SafeInstallError {
  const [, typed] = /^Unknown option '(-[^']*)'/.exec(message) ?? [];
  const said = typed === undefined ? (message.split(/\. |\.?\n/)[0] ?? message) : unknown(typed, options);
  return misused(said, command);
}

function unknown(typed: string, options: Known): string {
  const known = Object.keys(options).map((name) => `--${name}`);
  return `there is no option ${typed}${typed.startsWith("--") ? nearest(typed, known) : ""}`;
}

/** @returns the error of words that are not understood, which sends to a command's help */
export function misused(message: string, command: string): SafeInstallError {
  return new SafeInstallError("usage", "USAGE", message, { hint: `safe-install help ${command}` });
}

/**
 * Whether a word that somebody typed holds a credential, or the next one does: it is not repeated on a screen, which may be
 * a public log, nor in a report.
 */
export function isSecret(word: string): boolean {
  return SECRETS.some((one) => one.test(word));
}

const SECRETS: readonly RegExp[] = [
  /:_|_auth|(?:password|token|secret|key)=|\/\/[^/\s]*@|\/\/[^?\s]*\?/i,
  /^-.*(?:password|token|secret|api-?key)$/i,
  // A proxy without a scheme, `user:password@host`; npm's aliases, `npm:name@1.0.0`, look like it.
  /(?<!npm):[^\s/@:]+@/i,
];

/** Whether a command is asked for its help instead. */
export function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  return (end < 0 ? args : args.slice(0, end)).some((word) => word === "--help" || word === "-h");
}
