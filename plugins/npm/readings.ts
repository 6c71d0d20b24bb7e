import type { Invocation } from "../../src/plugin.ts";
import { parseWords } from "./words.ts";

interface Reading {
  readonly option: string;
  readonly value: string;
  readonly args: readonly string[];
}

/** What passes has to pass by every reading. */
export function refusedReading(
  args: readonly string[],
  passes: (args: readonly string[]) => boolean,
): Invocation | null {
  const other = otherReadings(args).find((one) => !passes(one.args));
  if (other === undefined) return null;
  return {
    kind: "refuse",
    reason: `"${other.value}" is a word of the subcommand's where npm does not know ${other.option}`,
    hint: `write ${other.option}=${other.value}`,
  };
}

/** As lines of npm read it that do not know an option after the subcommand: to them it is a switch, and its value a word of the subcommand's. */
function otherReadings(args: readonly string[]): readonly Reading[] {
  const end = args.findIndex((word) => /^-{2,}$/.test(word));
  const words = args.slice(0, end < 0 ? args.length : end);
  const command = args.indexOf(parseWords(args).positional[0] ?? "");
  const found = [...words.keys()].filter((at) => at > command && isNewer(words[at] ?? "", words[at + 1]));
  const [first] = found;
  if (first === undefined) return [];
  const without = (gone: readonly number[]) => args.filter((_, at) => !gone.includes(at));
  const reading = (at: number, gone: readonly number[]) => {
    return { option: args[at] ?? "", value: args[at + 1] ?? "", args: without(gone) };
  };
  return [reading(first, found), ...found.map((at) => reading(at, [at]))];
}

function isNewer(word: string, next = "-"): boolean {
  if (!/^-[^=]+$/.test(word) || next.startsWith("-")) return false;
  const key = word.replace(/^-+/, "");
  return NEWER.some((one) => one.startsWith(key));
}

/** Options with a value that not every line of npm from 10.0 to 12 has. */
const NEWER = [
  "allow-directory allow-file allow-git allow-remote allow-scripts cpu edit-dir expect-result-count expires extension-file",
  "global-ignore-file init-type libc min-release-age min-release-age-exclude name node-gyp orgs orgs-permission os packages",
  "packages-and-scopes-permission password patches-dir sbom-format sbom-type scopes to token-description",
].flatMap((line) => line.split(" "));
