/** ` (did you mean "signedBy"?)`, or nothing where no known word is near. */
export function nearest(word: string, known: Iterable<string>): string {
  const near = [...known]
    .map((candidate) => ({ candidate, distance: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ distance, candidate }) => distance <= Math.max(1, Math.floor(candidate.length / 3)))
    .toSorted((left, right) => left.distance - right.distance)[0];
  return near === undefined ? "" : ` (did you mean "${near.candidate}"?)`;
}

/** Levenshtein's, where two neighbours that changed places count as one (optimal string alignment); for short words. */
function distance(left: string, right: string): number {
  if (Math.abs(left.length - right.length) > 20) return Number.POSITIVE_INFINITY;
  let above: readonly number[] = [];
  let row: readonly number[] = Array.from({ length: right.length + 1 }, (_, at) => at);
  for (const [at, letter] of left.split("").entries()) {
    const next = [at + 1];
    for (const [to, other] of right.split("").entries()) {
      const changed = (row[to] ?? 0) + (letter === other ? 0 : 1);
      const swapped = letter === right[to - 1] && other === left[at - 1] ? (above[to - 1] ?? 0) + 1 : changed;
      next.push(Math.min((next[to] ?? 0) + 1, (row[to + 1] ?? 0) + 1, changed, swapped));
    }
    [above, row] = [row, next];
  }
  return row[right.length] ?? 0;
}
