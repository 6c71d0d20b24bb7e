import { TRAITS } from "../../ecosystems/index.ts";
import { type Attestation, AUTHOR_SIGNATURES } from "../../model/attestation.ts";
import { type Digest, formatDigest } from "../../model/digest.ts";
import type { Denial } from "../../model/codes.ts";
import type { PackageRef } from "../../model/package.ts";
import { PUBLIC_GOOD } from "../../model/trust.ts";
import type { Facts } from "../../model/facts.ts";
import { admits, isRegistrySignature } from "../../policy/predicate.ts";
import type { Signer } from "../../policy/schema/index.ts";
import { pinOf, registryPin } from "./pin.ts";

/** One package version of the locks here, with what its evidence says about who made it. */
export interface Sighting {
  readonly package: PackageRef;
  /** `sha512:HEX`, the strongest that is known of each of its files. */
  readonly digests: readonly string[];
  readonly found: FoundSigner;
  readonly facts: Facts;
}

export type FoundSigner =
  | { readonly kind: "pipeline"; readonly pin: Signer; readonly attestation: Attestation; readonly location: string }
  /** Nobody says who made it; the registry's own signature says that it published these bytes. */
  | { readonly kind: "published"; readonly pin: Signer; readonly attestation: Attestation; readonly location: string }
  /** Nobody says who made it. */
  | { readonly kind: "nothing" }
  /** Evidence or bytes that contradict: never pinned, never recorded. */
  | { readonly kind: "broken"; readonly code: string; readonly detail: string; readonly location?: string }
  /** `absent`: whoever was asked answered, and does not have it. */
  | { readonly kind: "unknown"; readonly reason: string; readonly location: string; readonly absent?: true };

/** The policy's names of trust roots by their ids. */
export type TrustNames = ReadonlyMap<string, string>;

/** The same facts in the words of a proposal; one for each version, in stable order. */
export function sightingsOf(all: readonly Facts[], trust: TrustNames): readonly Sighting[] {
  const byPurl = new Map<string, Facts[]>();
  for (const facts of all) {
    const { purl } = facts.artifact.package;
    byPurl.set(purl, [...(byPurl.get(purl) ?? []), facts]);
  }
  return [...byPurl.entries()]
    .toSorted(([left], [right]) => compareText(left, right))
    .flatMap(([, facts]) => (facts[0] === undefined ? [] : [sightingOf(facts[0], facts, trust)]));
}

/** By code units: the same on every machine. */
export function compareText(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}

/** A version may have several files (PyPI), or be in several locks; the weakest finding speaks for it. */
function sightingOf(first: Facts, all: readonly Facts[], trust: TrustNames): Sighting {
  const found = all.map((facts) => foundIn(facts, trust));
  const weakest = (["broken", "unknown", "nothing", "published"] as const)
    .map((kind) => found.find((one) => one.kind === kind))
    .find((one) => one !== undefined);
  const digests = [...new Set(all.flatMap(({ digests }) => strongest(digests)))].toSorted(compareText);
  const contradiction =
    digests.length > 1 && !TRAITS[first.artifact.package.ecosystem].hasManyArchives ? TWO_BYTES : undefined;
  const said = contradiction ?? weakest ?? found[0] ?? ({ kind: "nothing" } as const);
  return { package: first.artifact.package, digests, found: said, facts: first };
}

/** Where one version has one archive. */
const TWO_BYTES = {
  kind: "broken",
  code: "INTEGRITY_MISMATCH",
  detail: "the lockfiles here state different bytes for this version",
} as const;

function foundIn({ artifact, verdicts, unavailable, faults }: Facts, trust: TrustNames): FoundSigner {
  const [fault] = faults;
  if (fault !== undefined) {
    if (fault.code === "ARTIFACT_UNAVAILABLE") return unknown(fault, artifact.package.purl);
    return { kind: "broken", code: fault.code, detail: fault.message };
  }
  for (const verdict of verdicts) {
    if (verdict.status !== "broken") continue;
    return { kind: "broken", code: verdict.code, detail: verdict.detail, location: verdict.evidence.location };
  }
  const made = madeBy(verdicts, isPipeline, artifact.package.version, trust);
  if (made !== null) return made;
  // Whoever could not be asked may know the pipeline: nothing weaker is taken in the meantime.
  const [missing] = unavailable;
  if (missing !== undefined) return { kind: "unknown", ...missing };
  return madeBy(verdicts, isMaker, artifact.package.version, trust) ?? publishedBy(verdicts);
}

function unknown({ message: reason, location, absent }: Denial, purl: string): FoundSigner {
  return { kind: "unknown", reason, location: location ?? purl, ...(absent === undefined ? {} : { absent }) };
}

function madeBy(
  verdicts: Facts["verdicts"],
  isMade: (attestation: Attestation) => boolean,
  version: string,
  trust: TrustNames,
): FoundSigner | null {
  for (const verdict of verdicts) {
    if (verdict.status !== "verified" || !isMade(verdict.attestation)) continue;
    const pin = pinOf(verdict.attestation, version, trustNameOf(verdict.attestation, trust));
    if (pin !== null)
      return { kind: "pipeline", pin, attestation: verdict.attestation, location: verdict.evidence.location };
  }
  return null;
}

function publishedBy(verdicts: Facts["verdicts"]): FoundSigner {
  for (const verdict of verdicts) {
    if (verdict.status !== "verified" || !isRegistrySignature(verdict.attestation)) continue;
    const { attestation, evidence } = verdict;
    const pin = registryPin(attestation);
    if (pin !== null) return { kind: "published", pin, attestation, location: evidence.location };
  }
  return { kind: "nothing" };
}

/** Whether the statement says who made the bytes: by a certificate, or by NuGet's own signature of an author. */
export function isMaker(attestation: Attestation): boolean {
  const { signer } = attestation;
  return isPipeline(attestation) || (signer.kind === "key" && signer.usage === AUTHOR_SIGNATURES);
}

/** Whether a certificate says who states it: nothing more can be found out. */
export function isPipeline(attestation: Attestation): boolean {
  return attestation.signer.kind === "certificate" && admits({ packages: [] }, attestation);
}

function trustNameOf({ roots }: Attestation, names: TrustNames): string {
  if (roots.includes(PUBLIC_GOOD)) return PUBLIC_GOOD;
  const known = roots.flatMap((id) => names.get(id) ?? []);
  return known.toSorted(compareText)[0] ?? PUBLIC_GOOD;
}

function strongest(digests: readonly Digest[]): readonly string[] {
  for (const algorithm of ["sha512", "sha384", "sha256"] as const) {
    const found = digests.find((digest) => digest.algorithm === algorithm);
    if (found !== undefined) return [formatDigest(found)];
  }
  return [];
}
