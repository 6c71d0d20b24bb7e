import { type Host, LIMITS, SafeInstallError } from "../../../src/plugin.ts";
import { RESTORE_FIRST } from "./commands.ts";
import { resolve } from "node:path";

/**
 * Response files (`@FILE`) in their place, as dotnet reads them before anything else: a word a line, without blanks around it, without
 * comments; a file may name others. Nothing behind `--`, and of commands that are gated alone. One that is not there stays, and is
 * refused like any word that nobody knows.
 * @see dotnet/sdk, Parser.TokenPerLine, and System.CommandLine, StringExtensions.Tokenize
 * @throws SafeInstallError NOT_GATED: more words than anybody types
 */
export async function expandWords(
  typed: readonly string[],
  cwd: string,
  { read }: Pick<Host, "read">,
): Promise<readonly string[]> {
  if (!EXPANDED.has(typed[0] ?? "")) return typed;
  const words: string[] = [];
  let files = 0;
  const left = typed.toReversed();
  for (let word = left.pop(); word !== undefined; word = left.pop()) {
    if (word === "--") return [...words, word, ...left.toReversed()];
    const content = /^@./.test(word)
      ? await read(resolve(cwd, word.slice(1)), { maxBytes: LIMITS.manifestBytes })
      : null;
    if (content === null) words.push(word);
    else left.push(...linesOf(content.toString("utf8")).toReversed());
    if (content !== null && ++files > MOST) throw tooMany(word);
  }
  return words;
}

const EXPANDED: ReadonlySet<string> = new Set([...RESTORE_FIRST, "restore", "clean", "add", "package", "tool"]);

/** Files: one may name itself. */
const MOST = 100;

function linesOf(text: string): readonly string[] {
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/);
  return lines.map((line) => line.trim()).filter((line) => line !== "" && !line.startsWith("#"));
}

function tooMany(word: string): SafeInstallError {
  return new SafeInstallError("usage", "NOT_GATED", `${word} names response files without end`, {
    hint: "name the words themselves",
  });
}
