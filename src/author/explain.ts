import type { Attestation } from "../model/attestation.ts";
import type { PackageRef } from "../model/package.ts";
import { PUBLIC_GOOD } from "../model/trust.ts";
import { describeClaim, expandSigner } from "../policy/signers/expand.ts";
import type { Facts } from "../model/facts.ts";
import type { Layer } from "../policy/layer.ts";
import { type Match, matchRule } from "../policy/match.ts";
import { compareSpecificity, covers, parsePackagePattern } from "../policy/package-pattern.ts";
import { admits, describeType, isRegistrySignature } from "../policy/predicate.ts";
import type { Rule } from "../policy/schema/index.ts";
import type { ClaimBeside } from "./claim-beside.ts";
import { notaryClaims } from "./notary-claims.ts";
import { matchSigner, signerOf } from "../policy/signers/signer.ts";

/** Why one layer says what it says of one package. */
export interface Explanation {
  readonly layer: string;
  /** `rules[2] npm:@acme/*`; null: none is for it. */
  readonly rule: string | null;
  /** Why that one, in a sentence. */
  readonly why: string;
  /** Other patterns that match the name, the most specific first: they are not asked. */
  readonly passedOver: readonly string[];
  /** What the rule asks for. */
  readonly asks: readonly string[];
  /** Each signer of the rule beside each piece of evidence that verified. */
  readonly signers: readonly Beside[];
}

export interface Beside {
  readonly signer: string;
  readonly location: string;
  /** What the statement is; a type that the rule does not count says so. */
  readonly statement: string;
  readonly claims: readonly ClaimBeside[];
}

export function explainLayer(layer: Layer, facts: Facts): Explanation {
  const ref = facts.artifact.package;
  if (facts.artifact.archive !== undefined) return explainArchive(layer);
  const match = matchRule(layer.policy, ref, layer.index);
  const rule = match.kind === "rule" ? match.rule : null;
  return {
    layer: layer.name,
    rule: match.kind === "none" ? null : match.name,
    why: whyOf(match, ref),
    passedOver: passedOver(layer, ref, match),
    asks: rule === null ? [] : asksOf(rule),
    signers: rule === null ? [] : besides(layer, rule, facts),
  };
}

function explainArchive({ name, policy: { archives = [] } }: Layer): Explanation {
  const why = `it comes from no registry: rules for names are not about it; ${archives.length} in "archives"`;
  return { layer: name, rule: null, why, passedOver: [], asks: [], signers: [] };
}

function whyOf(match: Match, { version }: PackageRef): string {
  switch (match.kind) {
    case "none":
      return "no pattern matches the name";
    case "version":
      return `the name matches, and "versions" does not have ${version}; wider patterns are not asked`;
    case "ambiguous":
      return "they match alike: nobody decides between them";
    case "rule":
      return match.name.endsWith("*") ? "the longest beginning of the name that a pattern has" : "the exact name";
    default:
      return match satisfies never;
  }
}

function passedOver({ policy }: Layer, ref: PackageRef, match: Match): readonly string[] {
  const speaking = match.kind === "none" ? [] : match.name.split(", ");
  return (policy.rules ?? [])
    .flatMap((rule, at) =>
      rule.packages.map((text) => ({ name: `rules[${at}] ${text}`, pattern: parsePackagePattern(text) })),
    )
    .flatMap(({ name, pattern }) => (typeof pattern === "string" || !covers(pattern, ref) ? [] : [{ name, pattern }]))
    .filter(({ name }) => !speaking.includes(name))
    .toSorted((left, right) => compareSpecificity(left.pattern, right.pattern))
    .map(({ name }) => name);
}

function buildersIn({ builders = [] }: NonNullable<Rule["slsa"]>): string {
  if (builders === "known") return ", of a known builder";
  return builders.length === 0 ? "" : `, of ${builders.join(" or ")}`;
}

function asksOf(rule: Rule): readonly string[] {
  const {
    signedBy,
    baseline,
    unsigned,
    count,
    provenance,
    slsa,
    vsa,
    attestations = [],
    minimumAge,
    versions,
    mode,
    expires,
  } = rule;
  const many = count === undefined ? "any of" : `${count} of`;
  return [
    ...(signedBy === undefined
      ? []
      : [`signed by ${signedBy.length > 1 || count !== undefined ? `${many} ` : ""}${signedBy.join(", ")}`]),
    ...(baseline === undefined ? [] : [`a registry's signature: ${baseline.join(", ")}`]),
    ...(unsigned === undefined ? [] : [UNSIGNED[unsigned]]),
    ...(provenance === undefined ? [] : [`SLSA provenance that says ${JSON.stringify(provenance)}`]),
    ...(slsa === undefined
      ? []
      : [`SLSA provenance of build level ${slsa.buildLevel} by the certificate${buildersIn(slsa)}`]),
    ...(vsa === undefined ? [] : [`a verification summary of ${vsa.verifier} for ${vsa.levels.join(", ")}`]),
    ...attestations.map((one) =>
      typeof one === "string" ? `a statement of type ${one}` : `a statement of type ${one.type} that lists the package`,
    ),
    ...(minimumAge === undefined ? [] : [`signed at least ${minimumAge} ago`]),
    ...(versions === undefined ? [] : [`versions ${versions}`]),
    ...(mode === undefined ? [] : [`mode ${mode}`]),
    ...(expires === undefined ? [] : [`until ${expires}`]),
  ];
}

const UNSIGNED = {
  deny: "nothing: it is denied",
  recorded: "exactly the recorded bytes",
  allow: "nothing: it is allowed unsigned",
} as const;

function besides(layer: Layer, rule: Rule, { artifact, verdicts }: Facts): readonly Beside[] {
  return (rule.signedBy ?? []).flatMap((signer) =>
    verdicts.flatMap((verdict) => {
      if (verdict.status !== "verified") return [];
      const { attestation, evidence } = verdict;
      const { publicKey, nugetSignature, notary } = signerOf(layer, signer) ?? {};
      const isKey = [publicKey, nugetSignature, notary].some((kind) => kind !== undefined);
      if (isRegistrySignature(attestation) || (attestation.signer.kind === "key" && !isKey)) return [];
      const counted = admits(rule, attestation) ? "" : " (not a type that counts here)";
      const claims = compare(layer, signer, attestation, artifact.package.version);
      return [{ signer, location: evidence.location, statement: `${describeType(attestation)}${counted}`, claims }];
    }),
  );
}

function compare(layer: Layer, name: string, attestation: Attestation, version: string): readonly ClaimBeside[] {
  const signer = signerOf(layer, name);
  if (signer?.publicKey !== undefined) return compareKey(layer, name, KEY(signer.publicKey.files), attestation);
  if (signer?.nugetSignature !== undefined)
    return compareKey(
      layer,
      name,
      CERTIFICATE(signer.nugetSignature.fingerprints ?? [signer.nugetSignature.subject ?? ""]),
      attestation,
    );
  if (signer?.notary !== undefined) return notaryClaims(layer, name, signer.notary, attestation);
  if (signer === null || attestation.signer.kind === "key") return [];
  const { claims } = attestation.signer;
  const wrong = new Set(matchSigner(layer, name, attestation, version).map((one) => one.name));
  const trust = signer.trust ?? PUBLIC_GOOD;
  const roots = Object.entries(layer.roots).flatMap(([root, id]) => (attestation.roots.includes(id) ? [root] : []));
  return [
    ...expandSigner(signer, { version }).map((expected) => ({
      key: expected.key,
      claim: expected.claim,
      expected: describeClaim(expected)
        .replaceAll("{version}", () => version)
        .replaceAll("{version:padded}", () => `${version} (with leading zeros or without)`)
        .replaceAll(`{${expected.after}}`, (name) =>
          expected.after === null ? name : (claims[expected.after] ?? name),
        ),
      found: claims[expected.claim] ?? "(the certificate has no such claim)",
      holds: !wrong.has(expected.key),
    })),
    {
      key: "trust",
      claim: "trust root",
      expected: trust,
      found: roots.join(", ") || "another trust root",
      holds: !wrong.has("trust"),
    },
  ];
}

const KEY = (any: readonly string[]) => ({ key: "publicKey", claim: "public key", any });
const CERTIFICATE = (any: readonly string[]) => ({ key: "fingerprint", claim: "certificate", any });

/** A key has no claims: it is the one that the policy names, resting on what it asks for, or it is not. */
function compareKey(
  layer: Layer,
  name: string,
  { key, claim, any }: ReturnType<typeof KEY>,
  attestation: Attestation,
): readonly ClaimBeside[] {
  const wrong = matchSigner(layer, name, attestation, null);
  if (wrong.length > 0) return wrong.map((one) => ({ ...one, key: one.name, claim, holds: false }));
  const found = attestation.signer.kind === "key" ? attestation.signer.fingerprint : "";
  return [{ key, claim, expected: any.join(" or "), found, holds: true }];
}
