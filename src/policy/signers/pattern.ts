/** A piece of an expected value: literal text, `*` (one or more characters but `/`), or as many zeros as there are. */
export type Piece = string | { readonly any: true } | { readonly zeros: true };

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
    reached = reach(piece, text, reached);
    if (reached.size === 0) return false;
  }
  return reached.has(text.length);
}

function reach(piece: Piece, text: string, from: ReadonlySet<number>): ReadonlySet<number> {
  if (typeof piece === "string") return literally(piece, text, from);
  return "any" in piece ? anything(text, from) : zeros(text, from);
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

function zeros(text: string, from: ReadonlySet<number>): ReadonlySet<number> {
  const reached = new Set(from);
  for (let at = 0; at < text.length; at++) if (reached.has(at) && text[at] === "0") reached.add(at + 1);
  return reached;
}

/** A version whose release numbers may have leading zeros; an epoch and whatever follows the release stay as they are spelled. */
export function paddedPieces(version: string): readonly Piece[] {
  const [, release = "", rest = ""] = /^(\d+(?:\.\d+)*)(?![\d!])([^]*)$/.exec(version) ?? [];
  if (release === "") return [version];
  const numbers = release
    .split(".")
    .flatMap((number, at): Piece[] => [...(at === 0 ? [] : ["."]), { zeros: true }, number]);
  return [...numbers, rest].filter((piece) => piece !== "");
}
