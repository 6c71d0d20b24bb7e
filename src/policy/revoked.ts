import type { Attestation } from "../model/attestation.ts";
import type { Denial } from "../model/codes.ts";
import { type Digest, formatDigest } from "../model/digest.ts";
import type { PackageRef } from "../model/package.ts";
import { instantOf } from "./day.ts";
import type { Facts } from "../model/facts.ts";
import type { Layer } from "./layer.ts";
import { normalName, normalVersion } from "../ecosystems/names.ts";
import { parsePurl } from "../ecosystems/purl.ts";
import type { Revocation } from "./schema/index.ts";
import { isByNotary } from "./signers/notary.ts";
import { isByKeyOf, matchSigner, signerOf } from "./signers/signer.ts";
import { standingOf } from "./signers/standing.ts";

/** Every revocation of every layer that meets the package, its bytes or one of its verified bundles. */
export function revocationsOf(layers: readonly Layer[], facts: Facts): readonly Denial[] {
  return everyMet(layers, (layer, entry) => whatIsRevoked(layer, entry, facts));
}

/**
 * The same of one attestation alone, whatever package it is of: its run, its signer, the bytes that it is about.
 * `version` fills `{version}`.
 */
export function revocationsOfAttestation(
  layers: readonly Layer[],
  attestation: Attestation,
  version: string | null,
): readonly Denial[] {
  return everyMet(layers, (layer, entry) => {
    if (isOneOf(entry, attestation.matched)) return { what: "these bytes" };
    const what = whatIsRevokedOf(layer, entry, attestation, version);
    return what === null ? null : { what };
  });
}

function everyMet(layers: readonly Layer[], find: (layer: Layer, entry: Revocation) => Met | null): readonly Denial[] {
  return layers.flatMap((layer) =>
    (layer.policy.revoked ?? []).flatMap((entry, at) => {
      const met = find(layer, entry);
      return met === null ? [] : [denialOf(layer, entry, at, met)];
    }),
  );
}

interface Met {
  readonly what: string;
  readonly location?: string;
}

function whatIsRevoked(layer: Layer, entry: Revocation, facts: Facts): Met | null {
  const { artifact, digests, otherDigests = [], verdicts } = facts;
  if (entry.package !== undefined && isPackage(entry.package, artifact.package)) return { what: "the package" };
  if (isOneOf(entry, [...digests, ...otherDigests])) return { what: "these bytes" };
  for (const verdict of verdicts) {
    if (verdict.status !== "verified") continue;
    const what = whatIsRevokedOf(layer, entry, verdict.attestation, artifact.package.version);
    if (what !== null) return { what, location: verdict.evidence.location };
  }
  return null;
}

function whatIsRevokedOf(
  layer: Layer,
  entry: Revocation,
  attestation: Attestation,
  version: string | null,
): string | null {
  if (isRun(entry, attestation)) return "the build that signed";
  return isSigner(layer, entry, attestation, version) ? `signatures of "${entry.signer}" of that time` : null;
}

function isOneOf({ digest }: Revocation, digests: readonly Digest[]): boolean {
  return digest !== undefined && digests.some((one) => formatDigest(one) === digest);
}

function isPackage(purl: string, { ecosystem, name, version }: PackageRef): boolean {
  const revoked = parsePurl(purl);
  if (revoked === null || revoked.ecosystem !== ecosystem) return false;
  if (normalName(ecosystem, revoked.name) !== normalName(ecosystem, name)) return false;
  return revoked.version === null || normalVersion(ecosystem, revoked.version) === normalVersion(ecosystem, version);
}

/** A run with all its attempts. */
function isRun({ run }: Revocation, { signer }: Attestation): boolean {
  if (run === undefined || signer.kind !== "certificate") return false;
  const found = signer.claims.runInvocationURI;
  return found !== undefined && withoutAttempt(found) === withoutAttempt(run);
}

function withoutAttempt(run: string): string {
  return run.replace(/\/attempts\/\d+$/, "");
}

/** Evidence without a verified time is inside every window. */
function isSigner(layer: Layer, entry: Revocation, attestation: Attestation, version: string | null): boolean {
  const { signer } = entry;
  if (signer === undefined || !isWithin(entry, standingOf(layer, signer, attestation).signedAt)) return false;
  const notary = signerOf(layer, signer)?.notary;
  if (notary !== undefined) return isByNotary(layer, signer, notary, attestation);
  return isByKeyOf(layer, signer, attestation) || matchSigner(layer, signer, attestation, version).length === 0;
}

function isWithin({ signedFrom, signedUntil }: Revocation, signedAt: Date | null): boolean {
  if (signedAt === null) return true;
  const from = signedFrom === undefined ? null : instantOf(signedFrom);
  const until = signedUntil === undefined ? null : instantOf(signedUntil);
  return (from === null || signedAt >= from) && (until === null || signedAt < until);
}

function denialOf(layer: Layer, { reason }: Revocation, at: number, { what, location }: Met): Denial {
  return {
    code: "REVOKED",
    message: `${layer.name} revokes ${what} (revoked[${at}]): ${reason}`,
    details: [],
    ...(location === undefined ? {} : { location }),
    hint: "use another version; only the owners of that policy can lift a revocation",
  };
}
