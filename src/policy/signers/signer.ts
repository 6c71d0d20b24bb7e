import { type Attestation, POLICY_KEYS, REGISTRY_SIGNATURES } from "../../model/attestation.ts";
import type { Claims } from "../../model/claims.ts";
import type { Comparison } from "../../model/codes.ts";
import { PUBLIC_GOOD } from "../../model/trust.ts";
import { expandSigner, type ExpectedClaim } from "./expand.ts";
import type { Layer, SignerKey } from "../layer.ts";
import { compareNotary } from "./notary.ts";
import { compareNugetSignature } from "./nuget.ts";
import { matches } from "./pattern.ts";
import { describeType } from "../predicate.ts";
import type { Signer } from "../schema/index.ts";

export function signerOf(layer: Layer, name: string): Signer | null {
  const { signers = {} } = layer.policy;
  return Object.hasOwn(signers, name) ? (signers[name] ?? null) : null;
}

/** What of a layer's signer an attestation does not meet; empty: it is that signer. `version` fills `{version}`. */
export function matchSigner(
  layer: Layer,
  signerName: string,
  attestation: Attestation,
  version: string | null,
): readonly Comparison[] {
  const signer = signerOf(layer, signerName);
  if (signer === null)
    return [{ name: "signer", expected: signerName, found: `no signer of that name in ${layer.name}` }];
  if (signer.publicKey !== undefined) return compareKey(layer, signerName, signer.publicKey, attestation);
  if (signer.npmRegistry !== undefined) return compareRegistry(signerName, signer.npmRegistry, attestation);
  if (signer.nugetSignature !== undefined) return compareNugetSignature(signerName, signer.nugetSignature, attestation);
  if (signer.notary !== undefined) return compareNotary(layer, signerName, signer.notary, attestation);
  return [
    ...compareClaims(signerName, expandSigner(signer, { version }), attestation),
    ...compareRoot(layer, signer.trust ?? PUBLIC_GOOD, attestation),
  ];
}

/** One of the keys that the policy names, resting on what the signer asks for: the same key elsewhere is another matter. */
function compareKey(
  layer: Layer,
  signerName: string,
  { files, tlog = 1 }: NonNullable<Signer["publicKey"]>,
  { signer }: Attestation,
): readonly Comparison[] {
  const own = keysOf(layer, signerName);
  const expected = own.map(({ file, fingerprint }) => `${fingerprint} (${file})`).join(" or ") || files.join(" or ");
  if (signer.kind !== "key") {
    const { subjectAlternativeName: name = "somebody" } = signer.claims;
    return [{ name: "publicKey", expected, found: `a certificate of ${name}` }];
  }
  if (own.some(({ id }) => signer.held?.includes(id) === true)) return [];
  const isSame = signer.usage === POLICY_KEYS && own.some(({ fingerprint }) => fingerprint === signer.fingerprint);
  const found = `the key ${signer.fingerprint} (${signer.usage})`;
  if (!isSame) return [{ name: "publicKey", expected, found }];
  return [{ name: "tlog", expected: `${tlog} under the signer's trust root`, found: "fewer logs, or another root's" }];
}

/** Whether one of the signer's keys made it, whatever that key rests on here: a key that is revoked is revoked everywhere. */
export function isByKeyOf(layer: Layer, signerName: string, { signer }: Attestation): boolean {
  return (
    signer.kind === "key" && keysOf(layer, signerName).some(({ fingerprint }) => fingerprint === signer.fingerprint)
  );
}

function keysOf({ keys = {} }: Layer, signerName: string): readonly SignerKey[] {
  return Object.hasOwn(keys, signerName) ? (keys[signerName] ?? []) : [];
}

/** The registry's own signature, from that registry's metadata: the same origin, at or below the policy's path. */
function compareRegistry(signerName: string, registry: string, attestation: Attestation): readonly Comparison[] {
  const { signer } = attestation;
  if (signer.kind !== "key" || signer.usage !== REGISTRY_SIGNATURES) {
    return [{ name: "signer", expected: signerName, found: describeType(attestation) }];
  }
  const { registry: found = "" } = signer;
  return isBelow(found, registry) ? [] : [{ name: "npmRegistry", expected: registry, found }];
}

function isBelow(url: string, base: string): boolean {
  if (!URL.canParse(url) || !URL.canParse(base)) return false;
  const [one, other] = [new URL(url), new URL(base)];
  const folder = (path: string) => (path.endsWith("/") ? path : `${path}/`);
  return one.origin === other.origin && folder(one.pathname).startsWith(folder(other.pathname));
}

function compareClaims(
  signerName: string,
  expected: readonly ExpectedClaim[],
  { signer }: Attestation,
): readonly Comparison[] {
  if (expected.length === 0) return [{ name: "signer", expected: signerName, found: "nothing to compare" }];
  if (signer.kind === "key") {
    return [{ name: "signer", expected: signerName, found: `the key ${signer.fingerprint} (${signer.usage})` }];
  }
  return expected.flatMap((one) => compareClaim(one, signer.claims));
}

/** Empty: it is met. */
export function compareClaim(expected: ExpectedClaim, claims: Claims): readonly Comparison[] {
  return meets(expected, claims) ? [] : [comparisonOf(expected, claims)];
}

/** Whole value, case-sensitive; a claim that the certificate lacks is not met. */
function meets({ claim, before, anyOf, after }: ExpectedClaim, claims: Claims): boolean {
  const value = claims[claim];
  const tail = after === null ? "" : claims[after];
  if (value === undefined || tail === undefined) return false;
  const end = after === null ? [] : [`@${tail}`];
  return anyOf.some((pieces) => matches([before, ...pieces, ...end], value));
}

/** In the policy's own words where the value found allows it, else whole. */
function comparisonOf({ key, claim, before, written, after }: ExpectedClaim, claims: Claims): Comparison {
  const value = claims[claim];
  const expected = written.join(" or ");
  if (value === undefined) return { name: key, expected, found: "(the certificate has no such claim)" };
  const tail = after === null ? "" : `@${claims[after] ?? ""}`;
  if (!value.startsWith(before) || !value.endsWith(tail)) {
    const whole = written.map((one) => `${before}${one}${tail}`);
    const shown = `${before}${expected}${after === null ? "" : "@(ref)"}`;
    return { name: key, expected: shown, found: withCase(whole, value) };
  }
  return { name: key, expected, found: withCase(written, value.slice(before.length, value.length - tail.length)) };
}

/** Hosts take both for one name: who reads quickly sees no difference. */
function withCase(expected: readonly string[], found: string): string {
  const isSame = expected.some((one) => one.toLowerCase() === found.toLowerCase());
  return isSame ? `${found} (differs in case only)` : found;
}

function compareRoot(layer: Layer, trust: string, { roots }: Attestation): readonly Comparison[] {
  const id = Object.hasOwn(layer.roots, trust) ? layer.roots[trust] : undefined;
  if (id !== undefined && roots.includes(id)) return [];
  const found = Object.keys(layer.roots).filter((name) => roots.includes(layer.roots[name] ?? ""));
  return [{ name: "trust", expected: trust, found: found.join(", ") || "another trust root" }];
}
