/** A piece of an expected value: literal text, or `*` (one or more characters but `/`). */
export type Piece = string | { readonly any: true };

/** Splits text at its `*`; everything else is literal. */
export function piecesOf(text: string): readonly Piece[] {
  return text
    .split("*")
    .flatMap((literal, index): Piece[] => (index === 0 ? [literal] : [{ any: true }, literal]))
    .filter((piece) => piece !== "");
}

/**
 * Whether the pieces spell the whole text. Anchored at both ends, case-sensitive.
 * Keeps the set of positions that can be reached, so its time is pieces times length, whatever the pattern.
 */
export function matches(pieces: readonly Piece[], text: string): boolean {
  let reached: ReadonlySet<number> = new Set([0]);
  for (const piece of pieces) {
    reached = typeof piece === "string" ? literally(piece, text, reached) : anything(text, reached);
    if (reached.size === 0) return false;
  }
  return reached.has(text.length);
}

function literally(piece: string, text: string, from: ReadonlySet<number>): ReadonlySet<number> {
  return new Set([...from].filter((at) => text.startsWith(piece, at)).map((at) => at + piece.length));
}

function anything(text: string, from: ReadonlySet<number>): ReadonlySet<number> {
  const reached = new Set<number>();
  let running = false;
  for (let at = 0; at < text.length; at++) {
    running = (running || from.has(at)) && text[at] !== "/";
    if (running) reached.add(at + 1);
  }
  return reached;
}
