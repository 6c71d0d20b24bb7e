import type { Screen } from "../runtime.ts";
import { stripVTControlCharacters, styleText } from "node:util";

/**
 * Text from outside, safe for a terminal and for a CI log: control characters (C0, C1), bidirectional overrides and line
 * separators become visible escapes (newlines too: one value stays on one line), and so do the signs by which GitHub
 * Actions (`::name::` where a line may begin, `##[name]`) and Azure Pipelines (`##vso[name]`) take a log line for a command.
 */
export function printable(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, escaped)
    .replaceAll(/(?<=#)#(?=(?:vso)?\[)/gi, escaped)
    .replaceAll(/(?<=^|\s):(?=:)/g, escaped);
}

function escaped(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16)}}`;
}

/**
 * Indented JSON with a newline at its end, in which no CI system finds a command and a terminal no control character and
 * no change of direction (see `printable`): escapes of JSON, so that whoever parses it gets the very text.
 */
export function asJson(value: unknown): string {
  return `${withoutCommands(JSON.stringify(value, null, 2))}\n`;
}

/** The same on one line, without a newline. */
export function asJsonLine(value: unknown): string {
  return withoutCommands(JSON.stringify(value));
}

function withoutCommands(text: string): string {
  return text.replaceAll(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, inJson).replaceAll(/(?<=#)#(?=(?:vso)?\[)/gi, "\\u0023");
}

/** One or two UTF-16 units (RFC 8259, section 7). */
function inJson(character: string): string {
  return [...Array(character.length).keys()]
    .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`)
    .join("");
}

type Style = "red" | "green" | "yellow" | "bold" | "dim";

export type Paint = (style: Style, text: string) => string;

/** Colours for one stream: NO_COLOR and FORCE_COLOR win (no-color.org, force-color.org), then whether it is a terminal. */
export function paintFor(screen: Screen, env: Readonly<Record<string, string | undefined>>): Paint {
  return wantsColour(screen, env)
    ? (style, text) => styleText(style, text, { validateStream: false })
    : (_, text) => text;
}

function wantsColour(screen: Screen, env: Readonly<Record<string, string | undefined>>): boolean {
  if (env["FORCE_COLOR"] !== undefined) return env["FORCE_COLOR"] !== "0" && env["FORCE_COLOR"] !== "false";
  if (env["NO_COLOR"] !== undefined && env["NO_COLOR"] !== "") return false;
  return screen.isTTY && env["TERM"] !== "dumb";
}

/** A digest as a person compares it: `sha512:90f223…6633f`. Reports for machines have it whole. */
export function shortDigests(text: string): string {
  return text.replaceAll(/\b(sha(?:256|384|512):)([0-9a-f]{6})[0-9a-f]{20,117}([0-9a-f]{5})\b/g, "$1$2…$3");
}

/** `1 package`, `2 packages`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** The first few of a list, and how many more there are. */
export function few(names: readonly string[], most: number): string {
  const shown = names.slice(0, most).map(printable).join(", ");
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}

/**
 * Breaks at spaces so that no line is longer than `columns` where that is possible; further lines are indented.
 * @param apart whether a word that is too long even for a line of its own gets one
 */
export function wrap(text: string, columns: number, indent: string, apart = true): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const isFull = line !== "" && indent.length + width(line) + 1 + width(word) > columns;
    if (isFull && (apart || indent.length + width(word) <= columns)) {
      lines.push(line.trimEnd());
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].join(`\n${indent}`);
}

/** Columns, without colours. */
function width(text: string): number {
  return stripVTControlCharacters(text).length;
}

/** The same, but a command line of ours stays on one line: it is there to be copied. */
export function wrapCommands(text: string, columns: number, indent: string): string {
  return wrap(glued(text), columns, indent).replaceAll(GLUE, " ");
}

function glued(text: string): string {
  return text.replaceAll(/\bsafe-install(?: [^\s,;()]+)+/g, (command) => command.replaceAll(" ", GLUE));
}

/**
 * The text for a terminal, which would break lines anywhere: those that are longer break at spaces, ours in hints excepted.
 * Elsewhere it stays as it is: programs and searches take a line for a line.
 */
export function forScreen(text: string, { isTTY, columns }: Pick<Screen, "isTTY" | "columns">): string {
  if (!isTTY) return text;
  const fit = (line: string) => {
    if (stripVTControlCharacters(line).length <= columns) return line;
    const [indent = ""] = /^ */.exec(line) ?? [];
    return indent + wrap(glued(line.slice(indent.length)), columns, `${indent}    `, false).replaceAll(GLUE, " ");
  };
  return text.split("\n").map(fit).join("\n");
}

/** A sign that is no text of anybody's: `printable` leaves none of its kind. */
const GLUE = "\u0000";
