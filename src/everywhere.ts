import { ALONE_COMMANDS, commandIndex } from "./options.ts";
import { installerIn } from "./plugins.ts";
import type { Runtime, Screen } from "./runtime.ts";

interface Asked {
  readonly argv: readonly string[];
  readonly runtime: Runtime;
}

/** Takes out the words that every command understands alike, and does what they say: `--no-color`; `-q` where nothing is judged by a policy. */
export function takeCommonWords(argv: readonly string[], runtime: Runtime): Asked {
  const command = commandIndex(argv);
  const end = ownEnd(argv, command);
  const own = argv.slice(0, end);
  const isAlone = ALONE_COMMANDS.some((name) => name === argv[command]);
  const isQuiet = isAlone && own.some(isQuietWord);
  const taken = (word: string) => word === "--no-color" || (isAlone && isQuietWord(word));
  return {
    argv: [...own.filter((word) => !taken(word)), ...argv.slice(end)],
    runtime: {
      ...runtime,
      ...(own.includes("--no-color") ? { env: { ...runtime.env, NO_COLOR: "1", FORCE_COLOR: undefined } } : {}),
      ...(isQuiet ? { stdout: silent(runtime.stdout) } : {}),
    },
  };
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

function silent(screen: Screen): Screen {
  return { write: () => {}, isTTY: screen.isTTY, columns: screen.columns };
}
