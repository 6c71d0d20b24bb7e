import type { KeyObject } from "node:crypto";
import { bind } from "./about.ts";
import { addressed, anchorsOf, fitting, hinted, issuersOf, ofPolicies } from "./trust/anchor.ts";
import { attestationOf, attesterOf, isReleaseOfGithub } from "./attest.ts";
import { REGISTRY_SIGNATURES } from "../model/attestation.ts";
import { type Bundle, readBundle } from "./bundle/bundle.ts";
import type { Code } from "../model/codes.ts";
import { type SignedContent, signedContent } from "./content.ts";
import { verifyNugetSignature } from "./nuget/signature.ts";
import type { Evidence, EvidenceBundle } from "../model/evidence.ts";
import { Fault } from "./fault.ts";
import type { HeldKey } from "./trust/held-key.ts";
import { type Bound, boundToLibrary, entityOf, faultOf } from "./library.ts";
import { verifyAhead } from "./certificate/library-certificate.ts";
import { type NamedSigner, keyFaultOf, keyIn, readSigner } from "./certificate/signer.ts";
import type { Subject } from "../model/subject.ts";
import { type ClaimedTime, requirePast, timesOf } from "./times.ts";
import type { TrustRoot } from "../model/trust.ts";
import type { Verdict } from "../model/verdict.ts";
import { judgeRegistrySignature } from "./registry-signature.ts";
import { countedTimes, countsUnder, requireEnough, requireLogs, requireRecorded } from "./vouching.ts";

export type { HeldKey } from "./trust/held-key.ts";
export type { Subject } from "../model/subject.ts";

/** Judges evidence by cryptography alone, without network or effects; never throws. */
interface Verifier {
  verify(evidence: Evidence, subject: Subject): Verdict | NeedsBytes;
  /** The same verdict; the costliest signature, the authority's, is checked beside this thread. Never rejects. */
  verifyBeside(evidence: Evidence, subject: Subject): Promise<Verdict | NeedsBytes>;
}

/** The signature is over the bytes themselves, or the statement has other digests than the known ones. */
interface NeedsBytes {
  readonly status: "needs-bytes";
}

/** Trust material is read and prepared here, once for a run. `now`: no signature is from after it. @throws SafeInstallError a trust root is malformed */
export function createVerifier(roots: readonly TrustRoot[], keys: readonly HeldKey[], now: Date): Verifier {
  const anchors = anchorsOf(roots, keys).map(boundToLibrary);
  const registryKeys = keys.filter(({ usage }) => usage === REGISTRY_SIGNATURES);
  const verify: Verifier["verify"] = (evidence, subject) => {
    if ("malformed" in evidence) return broken(evidence, "BUNDLE_MALFORMED", evidence.malformed);
    if ("nugetSignature" in evidence) return verifyNugetSignature(evidence, subject, now);
    try {
      if ("registrySignature" in evidence) return judgeRegistrySignature(evidence, subject, registryKeys);
      return judge(open(evidence), evidence, subject, { anchors, now });
    } catch (error) {
      return brokenBy(error, evidence);
    }
  };
  return {
    verify,
    verifyBeside: async (evidence, subject) => {
      if (!("bundle" in evidence)) return verify(evidence, subject);
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
  const attestation = attestationOf({ bundle, attester, spki, anchors: holding, times: counted, about });
  return { status: "verified", evidence, attestation };
}

interface Grounds {
  readonly content: SignedContent;
  readonly candidates: readonly Bound[];
}

/** What a bundle may stand on; null: it is nobody's that is known here. */
function groundsOf(
  bundle: Bundle,
  signer: NamedSigner,
  subject: Subject,
  anchors: readonly Bound[],
): Grounds | "needs-bytes" | null {
  if (signer.kind === "key") return groundsOfKey(bundle, signer.hint, subject, anchors);
  const candidates = addressed(anchors, signer.certificate);
  if (candidates.length === 0) return null;
  const content = signedContent(bundle, subject, () => [keyIn(signer.certificate)]);
  return content === null ? "needs-bytes" : { content, candidates };
}

/** A hint is no promise: the likely keys are tried first, and the signature says whose it is. */
function groundsOfKey(
  bundle: Bundle,
  hint: string,
  subject: Subject,
  anchors: readonly Bound[],
): Grounds | "needs-bytes" | null {
  const vouched = bundle.entries.length + bundle.timestamps.length > 0;
  const named = hinted(anchors, hint);
  let claimed: Grounds | null = null;
  for (const tried of [named, ofPolicies(anchors)]) {
    if (tried.length === 0) continue;
    const content = signedContent(bundle, subject, () => tried.flatMap(publicKeyOf));
    if (content === null) return "needs-bytes";
    const candidates = tried.filter((one) => publicKeyOf(one).some((key) => content.verifySignature(key)));
    if (candidates.length > 0) return { content, candidates: fitting(candidates, vouched) };
    if (tried === named) claimed = { content, candidates: fitting(named, vouched) };
  }
  return claimed;
}

function publicKeyOf({ key }: Bound): readonly KeyObject[] {
  return key === null ? [] : [key.publicKey];
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
  if (first === undefined) throw faults.find(({ code }) => code !== "LOG_INVALID") ?? faults[0]!;
  return [first, ...rest.filter(({ key }) => key?.held.fingerprint === first.key?.held.fingerprint)];
}

function faultUnder(anchor: Bound, { bundle, signer, content, times, all }: Case): Fault | null {
  try {
    requireEnough(anchor, bundle, times);
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
