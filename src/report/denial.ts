import type { Denial } from "../model/codes.ts";
import { type Paint, printable, shortDigests, wrap, wrapCommands } from "./text.ts";

const INDENT = "    ";

/** So many files of one package are named; the rest is counted. */
const FILES = 4;

/** One denial as a block: what, which of its files where it has several, the comparison, where from, what to do. */
export function denialBlock(
  title: string,
  denial: Denial,
  mark: string,
  paint: Paint,
  columns: number,
  files: readonly string[] = [],
): string {
  const style = mark === "✗" ? "red" : "yellow";
  return [
    `${paint(style, mark)} ${paint("bold", printable(title))}   ${paint(style, denial.code)}`,
    ...paragraph(denial.message, columns),
    ...labelled("file", files.length === 0 ? undefined : fileLines(files), paint, columns),
    ...comparisons(denial, paint),
    ...labelled("evidence", denial.location, paint, columns),
    ...labelled("hint", denial.hint, paint, columns),
  ].join("\n");
}

function paragraph(text: string, columns: number): string[] {
  return [INDENT + wrap(printable(text), columns, INDENT)];
}

function comparisons({ details }: Denial, paint: Paint): string[] {
  const width = Math.max(8, ...details.map(({ name }) => name.length)) + 2;
  return details.flatMap(({ name, expected, found }) => {
    const [left, right] = apart(printable(expected), printable(found));
    return [
      `${INDENT}${printable(name).padEnd(width)}${paint("dim", "expected")}  ${paint("green", left)}`,
      `${INDENT}${"".padEnd(width)}${paint("dim", "found   ")}  ${paint("red", right)}`,
    ];
  });
}

/** Both with short digests, unless that would make them look the same: whoever has time can make ends agree. */
function apart(left: string, right: string): readonly [string, string] {
  const short = [shortDigests(left), shortDigests(right)] as const;
  return short[0] === short[1] ? [left, right] : short;
}

function fileLines(files: readonly string[]): string {
  const shown = files.slice(0, FILES).map(shortDigests);
  return [...shown, ...(files.length > FILES ? [`and ${files.length - FILES} more`] : [])].join("\n");
}

function labelled(name: string, text: string | undefined, paint: Paint, columns: number): string[] {
  if (text === undefined) return [];
  const indent = INDENT + " ".repeat(10);
  const lines = text.split("\n").map((line) => wrapCommands(printable(line), columns, indent));
  return [`${INDENT}${paint("dim", name.padEnd(10))}${lines.join(`\n${indent}`)}`];
}
