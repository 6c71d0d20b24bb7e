import type { Facts } from "./facts.ts";
import { noEvidence, unsupported, untrusted } from "./denials.ts";
import type { Layer } from "./layer.ts";
import type { Pair, Ruling } from "./ruling.ts";
import type { Rule } from "./schema.ts";
import { isSupported, matchSigner, signerOf } from "./signer.ts";

/** Whether a registry that the rule names published these bytes; says nothing about who built them. */
export function judgeBaseline(layer: Layer, { baseline = [] }: Rule, facts: Facts): Ruling {
  const notYet = baseline.filter((name) => !isKnownKind(layer, name));
  if (notYet.length === baseline.length) return { denials: [unsupported(notYet)] };
  const pairs = pairsOf(layer, baseline, facts);
  const met = [...new Set(pairs.filter(({ mismatches }) => mismatches.length === 0).map(({ signer }) => signer))];
  if (met.length > 0) return { ground: { kind: "baseline", signers: met } };
  const nearest = pairs.find(({ attestation }) => attestation.signer.kind === "key");
  return {
    denials: [
      nearest === undefined ? noEvidence(facts, "a signature of the registry") : untrusted(facts, nearest, baseline),
    ],
  };
}

function isKnownKind(layer: Layer, name: string): boolean {
  const signer = signerOf(layer, name);
  return signer !== null && isSupported(signer);
}

function pairsOf(layer: Layer, names: readonly string[], { artifact, verdicts }: Facts): readonly Pair[] {
  return verdicts.flatMap((verdict) =>
    verdict.status !== "verified"
      ? []
      : names.map((signer) => ({
          signer,
          attestation: verdict.attestation,
          location: verdict.evidence.location,
          mismatches: matchSigner(layer, signer, verdict.attestation, artifact.package.version),
        })),
  );
}
