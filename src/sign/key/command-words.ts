import { SafeInstallError } from "../../errors.ts";

/**
 * The words of a command line: apart by spaces, together in quotes of either kind; a backslash stands for itself, and no
 * shell reads them. @throws SafeInstallError USAGE: a quote that does not end, or no word at all
 */
export function wordsOf(command: string): readonly [string, ...string[]] {
  const words: string[] = [];
  let word: string | null = null;
  let quote: string | null = null;
  for (const one of command) {
    if (quote !== null) {
      if (one === quote) quote = null;
      else word = (word ?? "") + one;
    } else if (one === '"' || one === "'") {
      quote = one;
      word ??= "";
    } else if (/\s/.test(one)) {
      if (word !== null) words.push(word);
      word = null;
    } else word = (word ?? "") + one;
  }
  if (word !== null) words.push(word);
  const [first, ...rest] = words;
  if (quote !== null) throw usage(`--key-command: a quote (${quote}) has no end`);
  if (first === undefined || first === "") throw usage("--key-command: which program?");
  return [first, ...rest];
}

function usage(message: string): SafeInstallError {
  return new SafeInstallError("usage", "USAGE", message, { hint: "safe-install help sign" });
}
