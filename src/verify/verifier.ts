import { type KeyObject, createPublicKey } from "node:crypto";
import { VerificationError, Verifier as Library } from "@sigstore/verify";
import { bind } from "./about.ts";
import { type Anchor, addressed, anchorsOf, unnamed } from "./anchor.ts";
import { attestationOf, attesterOf } from "./attest.ts";
import { REGISTRY_SIGNATURES } from "../model/attestation.ts";
import { type Bundle, readBundle } from "./bundle.ts";
import type { Code } from "../model/codes.ts";
import { type SignedContent, signedContent } from "./content.ts";
import { verifyNugetSignature } from "./nuget/signature.ts";
import type { Evidence, EvidenceBundle } from "../model/evidence.ts";
import { Fault } from "./fault.ts";
import type { HeldKey } from "./held-key.ts";
import { type Signer, readSigner } from "./signer.ts";
import type { Subject } from "./subject.ts";
import { type ClaimedTime, timesOf } from "./times.ts";
import type { TrustRoot } from "../model/trust.ts";
import type { Verdict } from "../model/verdict.ts";
import { judgeRegistrySignature } from "./registry-signature.ts";
import { requireEnough, requireLogs, requireRecorded } from "./vouching.ts";

export type { HeldKey } from "./held-key.ts";
export type { Subject } from "./subject.ts";

/** Judges evidence by cryptography alone. Synchronous, without network or effects; never throws. */
export interface Verifier {
  verify(evidence: Evidence, subject: Subject): Verdict | NeedsBytes;
}

/** The signature is over the bytes themselves, or the statement has other digests than the known ones. */
export interface NeedsBytes {
  readonly status: "needs-bytes";
}

/** An anchor with the library's verifier over its material. */
interface Bound extends Anchor {
  readonly library: Library;
}

/** Trust material is read and prepared here, once for a run. @throws SafeInstallError a trust root is malformed */
export function createVerifier(roots: readonly TrustRoot[], keys: readonly HeldKey[] = []): Verifier {
  const anchors = anchorsOf(roots, keys).map(boundToLibrary);
  const registryKeys = keys.filter(({ usage }) => usage === REGISTRY_SIGNATURES);
  return {
    verify: (evidence, subject) => {
      if ("malformed" in evidence) return broken(evidence, "BUNDLE_MALFORMED", evidence.malformed);
      if ("nugetSignature" in evidence) return verifyNugetSignature(evidence, subject);
      try {
        if ("registrySignature" in evidence) return judgeRegistrySignature(evidence, subject, registryKeys);
        return judge(evidence, subject, anchors);
      } catch (error) {
        return error instanceof Fault
          ? broken(evidence, error.code, error.message)
          : broken(evidence, "BUNDLE_MALFORMED", "the evidence could not be read");
      }
    },
  };
}

/** Shape, then cryptography under every root it is addressed to, then what was signed and by whom. */
function judge(evidence: EvidenceBundle, subject: Subject, anchors: readonly Bound[]): Verdict | NeedsBytes {
  const bundle = readBundle(evidence.bundle);
  const signer = readSigner(bundle.signer);
  const vouched = bundle.entries.length + bundle.timestamps.length > 0;
  const named = addressed(anchors, signer, vouched);
  const asked = named.length > 0 ? named : unnamed(anchors, signer, vouched);
  const foreign = { status: "foreign", evidence, detail: unknownTo(signer) } as const;
  if (asked.length === 0) return foreign;
  const content = signedContent(bundle, subject, () => keysOf(signer, asked));
  if (content === null) return { status: "needs-bytes" };
  const candidates = named.length > 0 ? named : asked.filter((one) => isBy(one, content));
  if (candidates.length === 0) return foreign;
  const times = timesOf(bundle);
  const holding = holdingUnder(candidates, { bundle, signer, content, times });
  const { attester, spki } = attesterOf(signer, holding);
  requireRecorded(bundle, signer, spki);
  const about = bind(bundle, evidence, subject);
  if (about === "unknown") return { status: "needs-bytes" };
  const attestation = attestationOf({ bundle, attester, spki, anchors: holding, times, about });
  return { status: "verified", evidence, attestation };
}

/** A hint is no promise: where it names no held key, the signature says whether it is one of the policy's. */
function isBy({ key }: Bound, content: SignedContent): boolean {
  return key !== null && content.verifySignature(key.publicKey);
}

function keysOf(signer: Signer, candidates: readonly Bound[]): readonly KeyObject[] {
  return signer.kind === "certificate"
    ? [createPublicKey({ key: signer.certificate.spki, format: "der", type: "spki" })]
    : candidates.flatMap(({ key }) => (key === null ? [] : [key.publicKey]));
}

interface Case {
  readonly bundle: Bundle;
  readonly signer: Signer;
  readonly content: SignedContent;
  readonly times: readonly ClaimedTime[];
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

function faultUnder(anchor: Bound, { bundle, signer, content, times }: Case): Fault | null {
  try {
    requireEnough(anchor, bundle, times);
    anchor.library.verify(entityOf(bundle, signer, content, times));
    requireLogs(anchor, bundle, times);
    return null;
  } catch (error) {
    return error instanceof Fault ? error : faultOf(error);
  }
}

type Entity = Parameters<Library["verify"]>[0];

function entityOf(bundle: Bundle, signer: Signer, content: SignedContent, times: readonly ClaimedTime[]): Entity {
  const timestamps = times.map((one) =>
    one.kind === "log"
      ? { $case: "transparency-log", tlogEntry: one.entry }
      : { $case: "timestamp-authority", timestamp: one.stamp },
  );
  const key =
    signer.kind === "certificate"
      ? { $case: "certificate", certificate: signer.leaf }
      : { $case: "public-key", hint: signer.hint };
  // The library's types are mutable protobuf messages; ours are the same members, read only.
  return { signature: content, key, timestamps, tlogEntries: bundle.entries } as unknown as Entity;
}

function boundToLibrary(anchor: Anchor): Bound {
  const { material, thresholds, key } = anchor;
  const trusted = { ...material, publicKey: () => keyFor(key) };
  const library = new Library(trusted as unknown as ConstructorParameters<typeof Library>[0], {
    tlogThreshold: thresholds.tlog,
    ctlogThreshold: thresholds.sct,
    timestampThreshold: thresholds.timestamps,
  });
  return { ...anchor, library };
}

function keyFor(key: Anchor["key"]) {
  if (key === null) throw new Fault("KEY_INVALID", "the root holds no such key");
  const { start = new Date(0), end = null } = key.held.validFor;
  return { publicKey: key.publicKey, validFor: (at: Date) => start <= at && (end === null || at <= end) };
}

const CODES: Readonly<Record<string, Code>> = {
  CERTIFICATE_ERROR: "CERTIFICATE_INVALID",
  PUBLIC_KEY_ERROR: "KEY_INVALID",
  SIGNATURE_ERROR: "SIGNATURE_INVALID",
  TIMESTAMP_ERROR: "TIME_INVALID",
  TLOG_BODY_ERROR: "LOG_MISMATCH",
  TLOG_ERROR: "LOG_INVALID",
  TLOG_INCLUSION_PROOF_ERROR: "LOG_INVALID",
  TLOG_INCLUSION_PROMISE_ERROR: "LOG_INVALID",
  TLOG_MISSING_INCLUSION_ERROR: "LOG_INVALID",
};

function faultOf(error: unknown): Fault {
  const code = error instanceof VerificationError ? CODES[error.code] : undefined;
  return code === undefined || !(error instanceof Error)
    ? new Fault("BUNDLE_MALFORMED", "the bundle could not be verified")
    : new Fault(code, error.message);
}

function unknownTo(signer: Signer): string {
  return signer.kind === "certificate"
    ? "its certificate is of an authority that no trust root in use holds"
    : `its key ${JSON.stringify(signer.hint.slice(0, 200))} is not one that is held`;
}

function broken(evidence: Evidence, code: Code, detail: string): Verdict {
  return { status: "broken", evidence, code, detail };
}
