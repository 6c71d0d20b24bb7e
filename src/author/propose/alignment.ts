/** Which items of a list stay, which are changed in place, and which are new. */
interface Alignment {
  /** Index before to index after. */
  readonly pairs: ReadonlyMap<number, number>;
  /** New items and the old item (kept or not) that they come after; -1: in front of all. */
  readonly added: readonly { readonly index: number; readonly behind: number }[];
}

/** Equal items are matched in order (longest common subsequence); between them, leftovers are paired one to one from the front. */
export function alignment(before: readonly string[], after: readonly string[]): Alignment {
  const pairs = new Map<number, number>();
  const added: { index: number; behind: number }[] = [];
  let [left, right] = [0, 0];
  for (const [to, from] of [...common(before, after), [after.length, before.length] as const]) {
    const [gone, come] = [from - left, to - right];
    // A pure insertion or removal is not a change of neighbours.
    const changed = Math.min(gone, come);
    for (let step = 0; step < changed; step++) pairs.set(left + step, right + step);
    for (let step = changed; step < come; step++)
      added.push({ index: right + step, behind: left + changed - 1 + (gone - changed) });
    if (from < before.length) pairs.set(from, to);
    [left, right] = [from + 1, to + 1];
  }
  return { pairs, added };
}

/** `[after, before]` of a longest common subsequence. */
function common(before: readonly string[], after: readonly string[]): readonly (readonly [number, number])[] {
  const start = leading(before, after);
  const end = leading(before.slice(start).toReversed(), after.slice(start).toReversed());
  const [left, right] = [before.slice(start, before.length - end), after.slice(start, after.length - end)];
  const lengths = table(left, right);
  const found: [number, number][] = Array.from({ length: start }, (_, at) => [at, at]);
  let [row, column] = [0, 0];
  while (row < left.length && column < right.length) {
    if (left[row] === right[column]) found.push([start + column++, start + row++]);
    else if ((lengths[row + 1]?.[column] ?? 0) >= (lengths[row]?.[column + 1] ?? 0)) row++;
    else column++;
  }
  for (let at = end; at > 0; at--) found.push([after.length - at, before.length - at]);
  return found;
}

function leading(left: readonly string[], right: readonly string[]): number {
  const most = Math.min(left.length, right.length);
  for (let at = 0; at < most; at++) if (left[at] !== right[at]) return at;
  return most;
}

/** Above this many cells nothing in the middle is matched: the edit is larger, and as right. */
const CELLS = 4_000_000;

function table(left: readonly string[], right: readonly string[]): readonly (readonly number[])[] {
  if (left.length * right.length > CELLS) return [];
  const lengths = Array.from({ length: left.length + 1 }, () => Array.from({ length: right.length + 1 }, () => 0));
  for (let row = left.length - 1; row >= 0; row--) {
    for (let column = right.length - 1; column >= 0; column--) {
      const same = left[row] === right[column];
      const value = same
        ? (lengths[row + 1]?.[column + 1] ?? 0) + 1
        : Math.max(lengths[row + 1]?.[column] ?? 0, lengths[row]?.[column + 1] ?? 0);
      const cells = lengths[row];
      if (cells !== undefined) cells[column] = value;
    }
  }
  return lengths;
}
