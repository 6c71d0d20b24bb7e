import type { Attestation } from "../../model/attestation.ts";
import type { Comparison, Denial } from "../../model/codes.ts";
import { assignHands } from "./count.ts";
import type { Facts } from "../../model/facts.ts";
import {
  noEvidence,
  notEnough,
  notListed,
  notOldEnough,
  notPassed,
  notProvenance,
  rootUnavailable,
  untrusted,
} from "../denials.ts";
import type { Layer } from "../layer.ts";
import { admits, isSummary } from "../predicate.ts";
import { compareProvenance } from "./provenance.ts";
import { listsSubject } from "./sbom.ts";
import { compareSlsa } from "./slsa.ts";
import { comparePassed, compareVsa } from "./vsa.ts";
import type { Pair, Ruling } from "../ruling.ts";
import type { Rule } from "../schema/index.ts";
import { standingOf } from "./standing.ts";
import { matchSigner, signerOf } from "./signer.ts";
import { PUBLIC_GOOD } from "../../model/trust.ts";

/** Whether the rule's signers made these bytes: identity, provenance, number, age, and the further statements it asks for. */
export function judgeSigned(layer: Layer, rule: Rule, facts: Facts, now: Date): Ruling {
  const { signedBy = [] } = rule;
  const pairs = pairsOf(layer, signedBy, facts);
  const proven = provenBy(rule, pairs, facts);
  const [first, ...others] =
    proven.length === 0
      ? [nobody(rule, pairs, facts)]
      : [...tooFew(rule, proven), ...tooNew(rule, proven, now), ...missing(rule, pairs, facts)];
  if (first === undefined) return { ground: { kind: "signed", signers: namesOf(proven) } };
  return { denials: withoutRoot(layer, signedBy, facts) ?? [first, ...others] };
}

/**
 * Where a trust root cannot be had, nobody can say who signed under it; the npm registry's keys come with the public-good
 * one. null: all roots of the rule's signers are there.
 */
export function withoutRoot(layer: Layer, signers: readonly string[], facts: Facts): readonly [Denial] | null {
  for (const name of signers) {
    const { nugetSignature, notary, publicKey, trust } = signerOf(layer, name) ?? {};
    const restsOnNone = publicKey?.tlog === 0 && trust === undefined;
    if (nugetSignature !== undefined || notary !== undefined || restsOnNone) continue;
    const found = facts.missingRoots?.get(layer.roots[trust ?? PUBLIC_GOOD] ?? "");
    if (found !== undefined) return [rootUnavailable(found)];
  }
  return null;
}

/** Every verified attestation beside every signer. */
export function pairsOf(layer: Layer, signers: readonly string[], { artifact, verdicts }: Facts): readonly Pair[] {
  return verdicts.flatMap((verdict) =>
    verdict.status !== "verified"
      ? []
      : signers.map((signer) => ({
          signer,
          attestation: verdict.attestation,
          ...standingOf(layer, signer, verdict.attestation),
          location: verdict.evidence.location,
          mismatches: matchSigner(layer, signer, verdict.attestation, artifact.package.version),
        })),
  );
}

function provenBy(rule: Rule, pairs: readonly Pair[], facts: Facts): readonly Pair[] {
  return pairs.filter(
    ({ attestation, mismatches }) =>
      mismatches.length === 0 && admits(rule, attestation) && comparePredicate(rule, attestation, facts).length === 0,
  );
}

/** What the rule asks of a statement's own words, and they do not say. */
function comparePredicate(rule: Rule, attestation: Attestation, { artifact }: Facts): readonly Comparison[] {
  return [
    ...compareProvenance(rule, attestation),
    ...compareSlsa(rule, attestation),
    ...compareVsa(rule, attestation, artifact.package),
  ];
}

/** Why none of the pairs proves anything: the nearest miss. */
function nobody(rule: Rule, pairs: readonly Pair[], facts: Facts): Denial {
  const admitted = pairs.filter(({ attestation }) => admits(rule, attestation));
  const trusted = admitted.find(({ mismatches }) => mismatches.length === 0);
  if (trusted !== undefined) return notProvenance(rule, trusted, comparePredicate(rule, trusted.attestation, facts));
  const [closest] = [...admitted].sort((left, right) => distance(left) - distance(right));
  if (closest !== undefined) return untrusted(facts, closest, rule.signedBy ?? []);
  if (rule.vsa !== undefined) return noEvidence(facts, "a verification summary");
  const isSlsa = rule.provenance !== undefined || rule.slsa !== undefined;
  return noEvidence(facts, isSlsa ? "SLSA provenance" : "a signature or provenance");
}

/** A certificate is nearer than a key; then the fewest differences. */
function distance({ attestation, mismatches }: Pair): number {
  return (attestation.signer.kind === "key" ? 1000 : 0) + mismatches.length;
}

function tooFew({ count = 1, signedBy = [] }: Rule, proven: readonly Pair[]): readonly Denial[] {
  const hands = assignHands(proven);
  return hands.length >= count
    ? []
    : [
        notEnough(
          count,
          signedBy,
          hands.map(({ signer }) => signer),
        ),
      ];
}

/** From the oldest counted bundle. */
function tooNew({ minimumAge }: Rule, proven: readonly Pair[], now: Date): readonly Denial[] {
  if (minimumAge === undefined) return [];
  const signedAt = oldest(proven.map(({ signedAt }) => signedAt));
  return isOldEnough(signedAt, minimumAge, now) ? [] : [notOldEnough(minimumAge, signedAt)];
}

function missing({ attestations = [] }: Rule, pairs: readonly Pair[], facts: Facts): readonly Denial[] {
  const mine = pairs.filter(({ mismatches }) => mismatches.length === 0);
  const digests = [...facts.digests, ...(facts.otherDigests ?? [])];
  return attestations.flatMap((asked) => {
    const { type, contains } = typeof asked === "string" ? { type: asked } : asked;
    const own = mine.filter(({ attestation }) => attestation.predicateType === type);
    const [first] = own;
    if (first === undefined) return [noEvidence(facts, `a ${type} statement by the rule's signers`)];
    if (isSummary(type)) return failed(type, own, facts);
    if (contains === undefined || own.some(({ attestation }) => listsSubject(attestation, digests))) return [];
    return [notListed(type, first, facts)];
  });
}

/** A summary that says FAILED is no lesser bill of health. */
function failed(type: string, own: readonly Pair[], { artifact }: Facts): readonly Denial[] {
  const said = own.map((pair) => ({ pair, details: comparePassed(pair.attestation, artifact.package) }));
  if (said.some(({ details }) => details.length === 0)) return [];
  return said.slice(0, 1).map(({ pair, details }) => notPassed(type, pair, details));
}

export function namesOf(pairs: readonly Pair[]): readonly string[] {
  return [...new Set(pairs.map(({ signer }) => signer))];
}

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** Milliseconds of `30m`, `72h`, `7d`, `2w`; infinite where it is not a duration. */
export function durationOf(text: string): number {
  const unit = UNITS[text.at(-1) ?? ""];
  const count = Number(text.slice(0, -1));
  return unit === undefined || !Number.isInteger(count) ? Number.POSITIVE_INFINITY : count * unit;
}

/** The oldest of the signing times that are known. */
function oldest(times: readonly (Date | null)[]): Date | null {
  const known = times.filter((time) => time !== null).map((time) => time.getTime());
  return known.length === 0 ? null : new Date(Math.min(...known));
}

function isOldEnough(signedAt: Date | null, minimum: string, now: Date): boolean {
  return signedAt !== null && now.getTime() - signedAt.getTime() >= durationOf(minimum);
}
