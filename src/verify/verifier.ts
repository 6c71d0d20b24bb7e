import type { KeyObject } from "node:crypto";
import { bind } from "./about.ts";
import { namesUnknown } from "./trust/unknown.ts";
import { anchorsOf, issuersOf } from "./trust/anchor.ts";
import { attestationOf, attesterOf, isReleaseOfGithub } from "./attest.ts";
import { REGISTRY_SIGNATURES } from "../model/attestation.ts";
import { type Bundle, readBundle } from "./bundle/bundle.ts";
import type { Code } from "../model/codes.ts";
import type { SignedContent } from "./content.ts";
import { groundsOf, refuseDeprecated } from "./grounds.ts";
import { revocationQuestions, verifyNotary } from "./notary/judge.ts";
import type { NotaryTrust } from "./notary/trust.ts";
import { verifyNugetSignature } from "./nuget/signature.ts";
import type { Evidence, EvidenceBundle } from "../model/evidence.ts";
import { Fault } from "./fault.ts";
import type { RevocationAnswers, RevocationQuestion } from "../model/notary.ts";
import type { HeldKey } from "./trust/held-key.ts";
import { type Bound, boundToLibrary, entityOf, faultOf } from "./library.ts";
import { verifyAhead } from "./certificate/library-certificate.ts";
import { type NamedSigner, keyFaultOf, keyIn, readSigner } from "./certificate/signer.ts";
import type { Subject } from "../model/subject.ts";
import { type ClaimedTime, requirePast, timesOf } from "./times.ts";
import type { TrustRoot } from "../model/trust.ts";
import type { Verdict } from "../model/verdict.ts";
import { judgeRegistrySignature } from "./registry-signature.ts";
import { countedTimes, countsUnder, requireEnough, refuseUnusable, requireLogs, requireRecorded } from "./vouching.ts";

export type { HeldKey } from "./trust/held-key.ts";
export type { Subject } from "../model/subject.ts";

/** Judges evidence by cryptography alone, without network or effects; never throws. */
interface Verifier {
  verify(evidence: Evidence, subject: Subject, answers?: RevocationAnswers): Verdict | NeedsBytes;
  /** The same verdict; the costliest signature, the authority's, is checked beside this thread. Never rejects. */
  verifyBeside(evidence: Evidence, subject: Subject, answers?: RevocationAnswers): Promise<Verdict | NeedsBytes>;
  /** What authorities would have to be asked before `answers` suffice; empty for evidence of other kinds. */
  revocationQuestions(evidence: Evidence, answers: RevocationAnswers): readonly RevocationQuestion[];
  /** Whether evidence names a log, an authority or a key that is not held here: newer trust material may know it. */
  namesUnknown(evidence: Evidence): boolean;
}

/** The signature is over the bytes themselves, or the statement has other digests than the known ones. */
interface NeedsBytes {
  readonly status: "needs-bytes";
}

/** Trust material is read and prepared here, once for a run. `now`: no signature is from after it. @throws SafeInstallError a trust root is malformed */
export function createVerifier(
  roots: readonly TrustRoot[],
  keys: readonly HeldKey[],
  now: Date,
  trusts: readonly NotaryTrust[] = [],
): Verifier {
  const anchors = anchorsOf(roots, keys).map(boundToLibrary);
  const registryKeys = keys.filter(({ usage }) => usage === REGISTRY_SIGNATURES);
  const verify: Verifier["verify"] = (evidence, subject, answers) => {
    if ("malformed" in evidence) return broken(evidence, "BUNDLE_MALFORMED", evidence.malformed);
    if ("nugetSignature" in evidence) return verifyNugetSignature(evidence, subject, now);
    if ("notary" in evidence) return verifyNotary(evidence, subject, { trusts, now, answers: answers ?? null });
    try {
      if ("registrySignature" in evidence) return judgeRegistrySignature(evidence, subject, registryKeys);
      return judge(open(evidence), evidence, subject, { anchors, now });
    } catch (error) {
      return brokenBy(error, evidence);
    }
  };
  return {
    verify,
    namesUnknown: (evidence) => namesUnknown(evidence, anchors, registryKeys),
    revocationQuestions: (evidence, answers) =>
      "notary" in evidence ? revocationQuestions(evidence, { trusts, now, answers }) : [],
    verifyBeside: async (evidence, subject, answers) => {
      if (!("bundle" in evidence)) return verify(evidence, subject, answers);
      try {
        const opened = open(evidence);
        await verifyIssuersAhead(opened, anchors);
        return judge(opened, evidence, subject, { anchors, now });
      } catch (error) {
        return brokenBy(error, evidence);
      }
    },
  };
}

/** A bundle, and who it names as its signer. Nothing is believed yet. */
interface OpenedBundle {
  readonly bundle: Bundle;
  readonly signer: NamedSigner;
}

function open(evidence: EvidenceBundle): OpenedBundle {
  const bundle = readBundle(evidence.bundle);
  return { bundle, signer: readSigner(bundle.signer) };
}

async function verifyIssuersAhead({ signer }: OpenedBundle, anchors: readonly Bound[]): Promise<void> {
  if (signer.kind === "key") return;
  const { leaf, certificate } = signer;
  const issuers = new Set(anchors.flatMap(({ material }) => issuersOf(material, certificate)));
  for (const issuer of issuers) await verifyAhead(leaf, issuer);
}

/** Cryptography under every root it is addressed to, then what was signed and by whom. */
function judge(
  { bundle, signer }: OpenedBundle,
  evidence: EvidenceBundle,
  subject: Subject,
  { anchors, now }: { readonly anchors: readonly Bound[]; readonly now: Date },
): Verdict | NeedsBytes {
  const found = groundsOf(bundle, signer, subject, anchors);
  if (found === null) return { status: "foreign", evidence, detail: unknownTo(signer) };
  if (found === "needs-bytes") return { status: found };
  const { content, candidates } = found;
  const times = timesOf(bundle);
  const holding = holdingUnder(candidates, { bundle, signer, content, times, all: anchors });
  const { attester, spki } = attesterOf(signer, holding);
  requireRecorded(bundle, signer, spki);
  const counted = times.filter((one) => holding.some((anchor) => countsUnder(anchor, one)));
  for (const { time } of counted) requirePast(time, now);
  const about = bind(bundle, evidence, isReleaseOfGithub(attester) ? { ...subject, names: [] } : subject);
  if (about === "unknown") return { status: "needs-bytes" };
  const attestation = attestationOf({
    bundle,
    attester,
    spki,
    anchors: holding,
    times: counted,
    about,
    passedOver: times.length - counted.length,
  });
  return { status: "verified", evidence, attestation };
}

interface Case {
  readonly bundle: Bundle;
  readonly signer: NamedSigner;
  readonly content: SignedContent;
  readonly times: readonly ClaimedTime[];
  /** Every ground there is, for words about the one that is missing. */
  readonly all: readonly Bound[];
}

/** The anchors under which it holds, all with the same key. @throws Fault it holds under none; the fault that says most. */
function holdingUnder(candidates: readonly Bound[], one: Case): readonly [Bound, ...Bound[]] {
  const faults: Fault[] = [];
  const holding = candidates.filter((anchor) => {
    const fault = faultUnder(anchor, one);
    if (fault !== null) faults.push(fault);
    return fault === null;
  });
  const [first, ...rest] = holding;
  if (faults.some(({ code }) => code === "SIGNATURE_INVALID") && first === undefined)
    refuseDeprecated(one.content, keysOf(one.signer));
  if (first === undefined) throw faults.find(({ code }) => code !== "LOG_INVALID") ?? faults[0]!;
  return [first, ...rest.filter(({ key }) => key?.held.fingerprint === first.key?.held.fingerprint)];
}

function keysOf(signer: NamedSigner): readonly KeyObject[] {
  return signer.kind === "certificate" ? [keyIn(signer.certificate)] : [];
}

function faultUnder(anchor: Bound, { bundle, signer, content, times, all }: Case): Fault | null {
  try {
    requireEnough(anchor, bundle, times);
    refuseUnusable(anchor, bundle, signer);
    const counted = countedTimes(anchor, times, all);
    anchor.library.verify(entityOf(bundle, signer, content, counted));
    requireLogs(anchor, bundle, counted);
    return null;
  } catch (error) {
    return error instanceof Fault ? error : (keyFaultOf(signer) ?? faultOf(error));
  }
}

function unknownTo(signer: NamedSigner): string {
  return signer.kind === "certificate"
    ? "its certificate is of an authority that no trust root in use holds"
    : `its key ${JSON.stringify(signer.hint.slice(0, 200))} is not one that is held`;
}

function brokenBy(error: unknown, evidence: Evidence): Verdict {
  return error instanceof Fault
    ? broken(evidence, error.code, error.message)
    : broken(evidence, "BUNDLE_MALFORMED", "the evidence could not be read");
}

function broken(evidence: Evidence, code: Code, detail: string): Verdict {
  return { status: "broken", evidence, code, detail };
}
