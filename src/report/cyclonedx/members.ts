import { byText } from "../json.ts";
import type { JsonPackage, JsonReport } from "../json-schema.ts";

/** One file that was let in. */
export interface Member {
  /** Unique in the document: the purl, and the digest where several files have one. */
  readonly ref: string;
  readonly name: string;
  readonly group: string | null;
  readonly version: string;
  /** Refs of what it needs; null: not known. */
  readonly needs: readonly string[] | null;
  readonly found: JsonPackage;
}

/** Of every project that is not denied what was let in, each file once, in the order of their refs. */
export function membersOf({ projects }: JsonReport): readonly Member[] {
  const letIn = projects.flatMap((one) =>
    one.outcome === "denied" ? [] : one.packages.filter(({ outcome }) => outcome !== "denied"),
  );
  const byFile = new Map<string, JsonPackage[]>();
  for (const one of letIn) {
    const key = JSON.stringify([one.purl, ...one.digests]);
    byFile.set(key, [...(byFile.get(key) ?? []), one]);
  }
  const files = [...byFile.values()];
  const refs = new Map<string, string[]>();
  const named = files.flatMap((same) => {
    const [found] = same;
    if (found === undefined) return [];
    const others = refs.get(found.purl) ?? [];
    const ref = others.length === 0 ? found.purl : `${found.purl}#${found.digests[0] ?? others.length}`;
    refs.set(found.purl, [...others, ref]);
    return [{ ref, found, same }];
  });
  return named
    .map(({ ref, found, same }) => ({ ref, found, ...nameIn(found.purl), needs: neededBy(same, refs) }))
    .toSorted((left, right) => byText(left.ref, right.ref));
}

function neededBy(
  same: readonly JsonPackage[],
  refs: ReadonlyMap<string, readonly string[]>,
): readonly string[] | null {
  const known = same.map(({ dependsOn }) => dependsOn);
  if (known.includes(undefined)) return null;
  return [...new Set(known.flatMap((all = []) => all.flatMap((purl) => refs.get(purl) ?? [])))].toSorted(byText);
}

/** purl-spec: `pkg:type/namespace/name@version?qualifiers`, each part percent-encoded. */
function nameIn(purl: string): Pick<Member, "name" | "group" | "version"> {
  const [path = ""] = purl.replace(/^pkg:/, "").split(/[?#]/);
  const [named = "", version = ""] = path.split(/@(?=[^@/]*$)/);
  const [, ...segments] = named.split("/").map(decoded);
  const group = segments.slice(0, -1).join("/");
  return { name: segments.at(-1) ?? "", group: group === "" ? null : group, version: decoded(version) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
