import { type Node, findNodeAtLocation, parseTree, visit } from "jsonc-parser";
import type { PlacedProblem, Problem } from "./problem.ts";

/** 1-based line and column of an offset. */
export function placeOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset);
  const start = before.lastIndexOf("\n") + 1;
  return { line: before.split("\n").length, column: offset - start + 1 };
}

/** The offset of the first place where the text is no JSON. */
export function firstFault(text: string): number {
  const faults: number[] = [];
  try {
    visit(text, { onError: (_, offset) => void faults.push(offset) }, { disallowComments: true });
  } catch {
    // Nesting that exhausts the stack has no better place than the beginning.
  }
  return faults[0] ?? 0;
}

/** Finds each problem in the text (an unknown key at its name, something missing at its parent); in the order of the text. */
export function placeProblems(text: string, problems: readonly Problem[]): readonly PlacedProblem[] {
  const root = parseTree(text);
  return problems
    .map((problem) => ({ problem, offset: root === undefined ? 0 : offsetOf(root, problem.path) }))
    .toSorted((left, right) => left.offset - right.offset)
    .map(({ problem, offset }) => ({ ...problem, ...placeOf(text, offset) }));
}

function offsetOf(root: Node, path: readonly (string | number)[]): number {
  const node = findNodeAtLocation(root, [...path]);
  if (node === undefined) return path.length === 0 ? root.offset : offsetOf(root, path.slice(0, -1));
  return node.parent?.type === "property" ? node.parent.offset : node.offset;
}
