import { type Host, LIMITS, SafeInstallError } from "../../../src/plugin.ts";
import { RESTORE_FIRST } from "./commands.ts";
import { resolve } from "node:path";

/**
 * Response files (`@FILE`) in their place, as dotnet reads them before anything else: a word a line, without blanks around it, without
 * comments; a file may name others. Nothing behind `--`, and of commands that are gated alone. No word is left that dotnet would take
 * for such a file: it may look for it from elsewhere.
 * @see dotnet/sdk, Parser.TokenPerLine, and System.CommandLine, StringExtensions.Tokenize
 * @throws SafeInstallError NOT_GATED: one that is not there, or is no text, or more words than anybody types
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
    if (!/^@./s.test(word)) {
      words.push(word);
      continue;
    }
    const content = await read(resolve(cwd, word.slice(1)), { maxBytes: LIMITS.manifestBytes });
    const text = content === null ? null : textOf(content);
    if (text === null || text.includes("\0")) throw notGated(`${word} is no response file that can be read`);
    if (++files > MOST) throw notGated(`${word} names response files without end`);
    left.push(...linesOf(text).toReversed());
  }
  return words;
}

/** As .NET finds the encoding of a text (StreamReader): by its first bytes, else UTF-8. */
function textOf(content: Buffer): string {
  const [first, second] = content;
  if (first === 0xff && second === 0xfe) return content.toString("utf16le");
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be").decode(content);
  return content.toString("utf8");
}

const EXPANDED: ReadonlySet<string> = new Set([...RESTORE_FIRST, "restore", "clean", "add", "package", "tool"]);

/** Files: one may name itself. */
const MOST = 100;

function linesOf(text: string): readonly string[] {
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/);
  return lines.map((line) => line.trim()).filter((line) => line !== "" && !line.startsWith("#"));
}

function notGated(reason: string): SafeInstallError {
  return new SafeInstallError("usage", "NOT_GATED", reason, { hint: "name the words themselves" });
}
