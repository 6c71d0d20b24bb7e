/**
 * The licence that a package.json or a lock's entry states, in its own words: npm's `license`, or what older ones wrote, an
 * object or a list. Several are listed as they stand: whether all or any of them hold is not said. null: none is stated.
 */
export function licenceOf({
  license,
  licenses,
}: {
  readonly license?: unknown;
  readonly licenses?: unknown;
}): string | null {
  const words = [license, licenses].map(wordsOf).find((found) => found.length > 0) ?? [];
  const text = words.join(", ");
  return text === "" || text.length > LONGEST ? null : text;
}

/** More is a text, and no name of one. */
const LONGEST = 1000;

function wordsOf(stated: unknown): readonly string[] {
  if (typeof stated === "string") return stated.trim() === "" ? [] : [stated.trim()];
  if (Array.isArray(stated)) return stated.flatMap((one) => (Array.isArray(one) ? [] : wordsOf(one)));
  if (typeof stated !== "object" || stated === null) return [];
  const { type, name } = stated as { readonly type?: unknown; readonly name?: unknown };
  return [type, name].filter((one) => typeof one === "string" && one.trim() !== "").slice(0, 1) as readonly string[];
}
