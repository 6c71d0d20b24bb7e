import type { Typed } from "../author/draft.ts";
import { printable } from "./text.ts";

/** `safe-install policy pin PACKAGE... --write -- npm install left-pad`: what can be copied into a POSIX shell. */
export function pinCommand(packages: readonly string[], { command, policy }: Typed): string {
  const option = policy === null ? [] : ["--policy", policy];
  const words = ["safe-install", "policy", "pin", ...option, ...packages, "--write"].map(quoted);
  if (command === null) return words.join(" ");
  return [...words, "--", ...(command.some(isSecret) ? ["THE SAME COMMAND"] : command.map(quoted))].join(" ");
}

/** A credential that somebody typed is not repeated on a screen that may be a public log. */
function isSecret(word: string): boolean {
  return /:_|_auth|(?:password|token|secret|key)=|\/\/[^/\s]*@|\/\/[^?\s]*\?/i.test(word);
}

function quoted(word: string): string {
  const text = printable(word);
  return /^[\w@%+=:,./-][\w@%+=:,./^~-]*$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
