import { ALONE_COMMANDS, commandIndex, VALUED } from "./options.ts";
import { installerIn } from "./plugins.ts";
import { sayer } from "./report/trace.ts";
import type { Runtime, Screen } from "./runtime.ts";

interface Words {
  readonly argv: readonly string[];
  readonly runtime: Runtime;
}

/**
 * Takes out the words that every command understands alike, and does what they say: `--no-color`; `--json`, which is one
 * object on standard output (of what judges a lock the report); `--verbose`; `-q` where nothing is judged by a policy.
 */
export function takeCommonWords(argv: readonly string[], runtime: Runtime): Words {
  const command = commandIndex(argv);
  const name = argv[command];
  const end = ownEnd(argv, command);
  const typed = argv.slice(0, end);
  // The strict reader refuses an option that stands where a value is expected.
  const own = typed.filter((_, at) => !isValue(typed, at));
  const isAlone = ALONE_COMMANDS.some((one) => one === name);
  const isAnswering = ANSWERING.some((one) => one === name);
  const isQuiet = isAlone && own.some(isQuietWord);
  const left = typed.flatMap((word, at) => {
    if (isValue(typed, at)) return [word];
    if (word === "--no-color" || isVerboseWord(word) || (isAlone && isQuietWord(word))) return [];
    if (word !== "--json") return [word];
    return isAnswering ? [] : ["--report=json"];
  });
  return {
    argv: [...left, ...argv.slice(end)],
    runtime: {
      ...runtime,
      ...(own.includes("--json") ? { json: true } : {}),
      ...(own.includes("--no-color") ? { env: { ...runtime.env, NO_COLOR: "1", FORCE_COLOR: undefined } } : {}),
      ...(own.some(isVerboseWord)
        ? {
            say: sayer(
              (text) => runtime.stderr.write(text),
              () => performance.now(),
            ),
          }
        : {}),
      ...(isQuiet ? { stdout: silent(runtime.stdout) } : {}),
    },
  };
}

/** Those that print no report over a lock. */
const ANSWERING = ["init", "policy", "explain", "verify", "sign", "evidence", "cache", "trust", "help"] as const;

function isValue(words: readonly string[], at: number): boolean {
  return VALUED.has(words[at - 1] ?? "");
}

/** Where words begin that are the installer's, or a command's that follows `--`. */
function ownEnd(argv: readonly string[], command: number): number {
  if (installerIn(argv.slice(command)) !== null) return command;
  const end = argv.indexOf("--");
  return end < 0 ? argv.length : end;
}

function isQuietWord(word: string): boolean {
  return word === "-q" || word === "--quiet";
}

function isVerboseWord(word: string): boolean {
  return word === "--verbose" || word === "--debug";
}

function silent(screen: Screen): Screen {
  return { write: () => {}, isTTY: screen.isTTY, columns: screen.columns };
}
