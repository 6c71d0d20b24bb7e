import type { Invocation } from "../../src/plugin.ts";

/** Known to install nothing and to build nothing. */
const PASSED: ReadonlySet<string> = new Set([
  "cache",
  "check",
  "completion",
  "config",
  "debug",
  "freeze",
  "hash",
  "help",
  "index",
  "inspect",
  "list",
  "search",
  "show",
  "uninstall",
]);

const REFUSED: Readonly<Record<string, string>> = {
  download: "fetches packages and runs the build code of source distributions",
  wheel: "runs the build code of packages",
  lock: "runs the build code of source distributions",
};

/** What a pip command line asks for. Only what is known not to install passes; what is not known is refused. */
export function classify(args: readonly string[]): Invocation {
  const before = args.findIndex((_, index) => isCommandAt(args, index));
  const general = before < 0 ? args : args.slice(0, before);
  const unknown = general.find((word, index) => word.startsWith("-") && !isKnown(word) && !isValue(general, index));
  if (unknown !== undefined) return refuseOption(unknown);
  if (general.some((word, index) => /^--python(?:=|$)/.test(word) && !isValue(general, index))) return refusePython();
  const command = args[before];
  if (command === undefined || general.some((word, index) => ENDS.has(word) && !isValue(general, index)))
    return { kind: "pass" };
  if (command === "install") return asksForHelp(args.slice(before + 1)) ? { kind: "pass" } : { kind: "gate" };
  if (PASSED.has(command)) return { kind: "pass" };
  return refuse(command);
}

const ENDS: ReadonlySet<string> = new Set(["-h", "--help", "-V", "--version"]);

/** pip's options before the subcommand (pip 23 to 26, `cmdoptions.general_group`) that take the next word. */
const VALUED: ReadonlySet<string> = new Set([
  "--python",
  "--log",
  "--log-file",
  "--local-log",
  "--proxy",
  "--retries",
  "--resume-retries",
  "--timeout",
  "--default-timeout",
  "--exists-action",
  "--trusted-host",
  "--cert",
  "--client-cert",
  "--cache-dir",
  "--use-feature",
  "--use-deprecated",
  "--keyring-provider",
]);

const SWITCHES: ReadonlySet<string> = new Set([
  ...ENDS,
  "--debug",
  "--isolated",
  "--require-virtualenv",
  "--require-venv",
  "--verbose",
  "--quiet",
  "--no-input",
  "--no-cache-dir",
  "--disable-pip-version-check",
  "--no-color",
  "--no-python-version-warning",
]);

function isKnown(word: string): boolean {
  const [name = ""] = word.split("=", 1);
  return SWITCHES.has(word) || VALUED.has(name) || /^-(?:v+|q+)$/.test(word);
}

function isValue(words: readonly string[], index: number): boolean {
  return VALUED.has(words[index - 1] ?? "") && !isValue(words, index - 1);
}

function isCommandAt(words: readonly string[], index: number): boolean {
  return !(words[index] ?? "").startsWith("-") && !isValue(words, index);
}

/** Alone: anywhere else it could be the value of an option. */
function asksForHelp(rest: readonly string[]): boolean {
  return rest.length === 1 && (rest[0] === "--help" || rest[0] === "-h");
}

function refuse(command: string): Invocation {
  const what = REFUSED[command];
  if (what !== undefined) {
    return {
      kind: "refuse",
      reason: `pip ${command} ${what}; that is not supported`,
      hint: "safe-install pip install --target FOLDER unpacks proven wheels into a folder",
    };
  }
  return {
    kind: "refuse",
    reason: `pip ${command} is not known to leave packages alone`,
    hint: "one that installs nothing can be run as plain pip",
  };
}

function refusePython(): Invocation {
  return {
    kind: "refuse",
    reason: "--python hands everything to another interpreter's pip",
    hint: "name that one: safe-install PATH/TO/python -m pip install ...",
  };
}

function refuseOption(option: string): Invocation {
  return {
    kind: "refuse",
    reason: `${option.split("=", 1)[0]} before the subcommand is not known to us: what follows might be its value`,
    hint: "put options after the subcommand: pip install --option ...",
  };
}
