import type { Artifact } from "../model/artifact.ts";
import { type Digest, type DigestAlgorithm, parseDigest } from "../model/digest.ts";
import { packageKey } from "../ecosystems/names.ts";
import { parsePurl } from "../ecosystems/purl.ts";
import type { Layer } from "./layer.ts";
import { matchRule } from "./match.ts";

/**
 * The algorithms in which the policies speak of bytes that may be an artifact's. Every revoked digest may be; of what is
 * excepted or recorded for this version one algorithm that is known is enough.
 */
export function comparedIn(layers: readonly Layer[], artifact: Artifact): readonly DigestAlgorithm[] {
  const revoked = layers.flatMap(({ policy }) => algorithmsOf((policy.revoked ?? []).map(({ digest = "" }) => digest)));
  const admitted = layers.flatMap((layer) => admittedBy(layer, artifact).flatMap((one) => unknown(one, artifact)));
  return [...new Set([...revoked, ...admitted, ...(listsSubjects(layers, artifact) ? LISTED : [])])];
}

/** A bill of materials may list either. */
const LISTED: readonly DigestAlgorithm[] = ["sha256", "sha512"];

function listsSubjects(layers: readonly Layer[], { package: ref, archive }: Artifact): boolean {
  if (archive !== undefined) return false;
  return layers.some(({ policy, index }) => {
    const match = matchRule(policy, ref, index);
    return match.kind === "rule" && (match.rule.attestations ?? []).some((one) => typeof one !== "string");
  });
}

/** The digests of each exception for this version, and those that are recorded for it. */
function admittedBy({ policy, recorded }: Layer, { package: ref, archive }: Artifact): readonly (readonly string[])[] {
  if (archive !== undefined) return [];
  const key = packageKey(ref.ecosystem, ref.name, ref.version);
  const excepted = (policy.exceptions ?? []).filter(({ package: purl }) => keyOf(purl) === key);
  return [...excepted.map(({ digests }) => digests), recorded?.digests.get(key) ?? []];
}

function keyOf(text: string): string | null {
  const purl = parsePurl(text);
  return purl === null || purl.version === null ? null : packageKey(purl.ecosystem, purl.name, purl.version);
}

function unknown(listed: readonly string[], { digests }: Artifact): readonly DigestAlgorithm[] {
  const algorithms = algorithmsOf(listed);
  return algorithms.some((one) => isKnown(one, digests)) ? [] : algorithms;
}

function isKnown(wanted: DigestAlgorithm, digests: readonly Digest[]): boolean {
  return digests.some(({ algorithm }) => algorithm === wanted);
}

function algorithmsOf(texts: readonly string[]): readonly DigestAlgorithm[] {
  return [...new Set(texts.flatMap((text) => parseDigest(text)?.algorithm ?? []))];
}
