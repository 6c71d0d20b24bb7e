import { alignment } from "../policy/proposal/alignment.ts";
import { type Paint, printable } from "./text.ts";

/** Lines of context around a change. */
const CONTEXT = 2;

/** What differs between two texts, line by line, as `diff -u` shows it; empty where nothing does. */
export function lineDiff(before: string, after: string, name: string, paint: Paint): string {
  const lines = compare(before.split("\n"), after.split("\n"));
  const shown = lines.map((_, at) =>
    lines.slice(Math.max(0, at - CONTEXT), at + CONTEXT + 1).some(({ mark }) => mark !== " "),
  );
  const body = lines.flatMap((line, at) => {
    if (shown[at] !== true) return at > 0 && shown[at - 1] === true ? [paint("dim", "  ...")] : [];
    const text = `${line.mark} ${printable(line.text)}`;
    return [line.mark === " " ? paint("dim", text) : paint(line.mark === "+" ? "green" : "red", text)];
  });
  return body.length === 0 ? "" : [paint("bold", `--- ${printable(name)}`), ...body, ""].join("\n");
}

interface Line {
  readonly mark: " " | "+" | "-";
  readonly text: string;
}

function compare(before: readonly string[], after: readonly string[]): readonly Line[] {
  const { pairs, added } = alignment(before, after);
  const extra = new Map<number, string[]>();
  const come = (behind: number, index: number) => extra.set(behind, [...(extra.get(behind) ?? []), after[index] ?? ""]);
  for (const { index, behind } of added) come(behind, index);
  const plus = (at: number): Line[] => (extra.get(at) ?? []).map((text) => ({ mark: "+", text }));
  return [
    ...plus(-1),
    ...before.flatMap((text, at): Line[] => {
      const to = pairs.get(at);
      const next = to === undefined ? undefined : after[to];
      if (next === text) return [{ mark: " ", text }, ...plus(at)];
      return [{ mark: "-", text }, ...(next === undefined ? [] : [{ mark: "+", text: next } as const]), ...plus(at)];
    }),
  ];
}
