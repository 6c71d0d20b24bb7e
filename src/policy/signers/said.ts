/** What a predicate says at a place: own members alone, and only of the type that is asked for. */
export const said = { part, text, list, items };

function text(value: unknown, ...path: readonly string[]): string | undefined {
  const found = part(value, ...path);
  return typeof found === "string" ? found : undefined;
}

/** The texts of a list; none where there is no list. */
function list(value: unknown, ...path: readonly string[]): readonly string[] {
  return items(value, ...path).filter((one) => typeof one === "string");
}

function items(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = part(value, ...path);
  return Array.isArray(found) ? (found as readonly unknown[]) : [];
}

function part(value: unknown, ...path: readonly string[]): unknown {
  let found = value;
  for (const name of path) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, name)) return undefined;
    found = (found as Record<string, unknown>)[name];
  }
  return found;
}
