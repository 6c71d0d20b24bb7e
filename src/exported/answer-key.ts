import { wayTo } from "../io/inside.ts";
import type { Artifact } from "../model/artifact.ts";
import { formatDigest } from "../model/digest.ts";
import type { Source } from "../model/wanted.ts";
import { createHash } from "node:crypto";

/**
 * Which question an answer is to: the same for the same package, as a lock states it, and the same place, wherever the
 * repository lies. @param root absolute: the repository's
 */
export function answerKey(
  { package: { purl }, digests, subjectNames }: Artifact,
  source: Source,
  root: string,
): string {
  const place = source.kind === "directory" ? { kind: source.kind, path: wayTo(root, source.path) } : source;
  const about = [
    purl,
    subjectNames,
    digests.map(formatDigest).toSorted(),
    Object.entries(place).toSorted(([left], [right]) => (left < right ? -1 : 1)),
  ];
  return keyDigest(JSON.stringify(about));
}

/** Whatever is in a key, it is compared alone. */
export function keyDigest(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}
