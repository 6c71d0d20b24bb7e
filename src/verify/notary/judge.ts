import { createHash } from "node:crypto";
import type { Attestation } from "../../model/attestation.ts";
import type { Digest } from "../../model/digest.ts";
import type { NotaryEvidence } from "../../model/evidence.ts";
import type { NotaryHeld, RevocationQuestion } from "../../model/notary.ts";
import type { Subject } from "../../model/subject.ts";
import type { Verdict } from "../../model/verdict.ts";
import type { Certificate } from "../certificate/certificate.ts";
import { attributesOf, nameText } from "../certificate/names.ts";
import { NotDer } from "../certificate/der.ts";
import { Fault } from "../fault.ts";
import { requireSignature } from "./algorithm.ts";
import { keyOf, readChain } from "./chain.ts";
import { type Held, holdUnder } from "./hold.ts";
import type { NotaryEnvelope } from "./envelope.ts";
import { type Target, bindTarget, readPayload } from "./payload.ts";
import { readEnvelope } from "./read.ts";
import { type NotaryGround, type NotaryTrust, anchorIn, fingerprintOf, keyPrintOf } from "./trust.ts";

/** An envelope that is whole: its chain keeps the rules, and the leaf signed the descriptor. */
interface Whole {
  readonly envelope: NotaryEnvelope;
  readonly chain: readonly [Certificate, ...Certificate[]];
  readonly target: Target;
}

/**
 * Judges an envelope of the Notary Project: whole in itself, over exactly these bytes, and held by at least one of the
 * trusts. Whose name the leaf has is left to the policy.
 */
export function verifyNotary(
  evidence: NotaryEvidence,
  subject: Subject,
  ground: NotaryGround,
): Verdict | { readonly status: "needs-bytes" } {
  try {
    const { envelope, chain, target } = readWhole(evidence);
    const digest = bindTarget(target, subject);
    if (digest === null) return { status: "needs-bytes" };
    const anchored = anchoredIn(ground.trusts, envelope, chain);
    if (anchored.length === 0)
      return { status: "foreign", evidence, detail: "its certificates are in no trust store of a signer" };
    const held = heldBy(anchored, { envelope, chain }, ground);
    const anchoredBy = anchored.map(({ trust }) => trust.id);
    const attestation = attestationOf({ envelope, chain, target }, digest, { held, anchoredBy });
    return { status: "verified", evidence, attestation };
  } catch (error) {
    const { code, message } = faultOf(error);
    return { status: "broken", evidence, code, detail: message };
  }
}

/** Whom to ask about a chain that some strict trust anchors; what was answered already is not asked again. */
export function revocationQuestions(evidence: NotaryEvidence, ground: NotaryGround): readonly RevocationQuestion[] {
  try {
    const { envelope, chain } = readWhole(evidence);
    return anchoredIn(ground.trusts, envelope, chain).flatMap(({ trust }) => {
      const held = holdUnder(trust, { envelope, chain }, { ...ground, answers: ground.answers ?? new Map() });
      return "asks" in held ? held.asks : [];
    });
  } catch {
    // What is wrong with it is said where it is judged.
    return [];
  }
}

/** @throws Fault */
function readWhole({ notary }: NotaryEvidence): Whole {
  const envelope = readEnvelope(notary.envelope, notary.format);
  const chain = readChain(envelope.chain);
  const hash = requireSignature(envelope, keyOf(chain[0]));
  return { envelope, chain, target: readPayload(envelope.payload, hash) };
}

interface Anchored {
  readonly trust: NotaryTrust;
  readonly anchor: Certificate;
}

function anchoredIn(
  trusts: readonly NotaryTrust[],
  { headers }: NotaryEnvelope,
  chain: readonly Certificate[],
): readonly Anchored[] {
  return trusts.flatMap((trust) => {
    const anchor = anchorIn(trust, headers.scheme, chain);
    return anchor === null ? [] : [{ trust, anchor }];
  });
}

type HeldUnder = Held & { readonly by: NotaryHeld };

/** @throws Fault under none; the first trust's */
function heldBy(
  anchored: readonly Anchored[],
  signed: Pick<Whole, "envelope" | "chain">,
  ground: NotaryGround,
): readonly [HeldUnder, ...HeldUnder[]] {
  const faults: Fault[] = [];
  const held = anchored.flatMap(({ trust, anchor }): readonly HeldUnder[] => {
    const one = holdUnder(trust, signed, ground);
    if ("fault" in one) faults.push(one.fault);
    if ("fault" in one || "asks" in one) return [];
    const { signedAt, passedOver } = one;
    const authorities = signed.chain.slice(1, signed.chain.indexOf(anchor) + 1).map(keyPrintOf);
    return [{ ...one, by: { trust: trust.id, anchor: fingerprintOf(anchor), authorities, signedAt, passedOver } }];
  });
  const [first, ...rest] = held;
  if (first !== undefined) return [first, ...rest];
  throw faults[0] ?? new Fault("REVOCATION_NOT_CHECKED", "revocation not checked: there is no answer yet");
}

interface Standing {
  readonly held: readonly [HeldUnder, ...HeldUnder[]];
  readonly anchoredBy: readonly string[];
}

/** Here alone are attestations made of envelopes. */
function attestationOf({ envelope, chain, target }: Whole, digest: Digest, { held, anchoredBy }: Standing) {
  const [leaf, issuer = leaf] = chain;
  const subject = attributesOf(leaf.subject);
  const attestation: Omit<Attestation, keyof Mark> = {
    signer: {
      kind: "key",
      fingerprint: fingerprintOf(leaf),
      usage: "notary",
      certificate: { subject: nameText(subject), issuer: nameText(attributesOf(issuer.subject)) },
      notary: {
        scheme: envelope.headers.scheme,
        mediaType: target.mediaType,
        subject,
        heldBy: held.map(({ by }) => by),
        anchoredBy,
      },
    },
    roots: [],
    predicateType: null,
    predicate: undefined,
    signedAt: held[0].signedAt,
    leafKey: keyPrintOf(leaf),
    // Two signers may sign the same bytes in the same second: the signature tells them apart.
    bundleDigest: { algorithm: "sha256", hex: sha256(Buffer.concat([envelope.signed, envelope.signature])) },
    matched: [digest],
  };
  return attestation as Attestation;
}

type Mark = { readonly [K in keyof Attestation as K extends string ? never : K]: Attestation[K] };

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function faultOf(error: unknown): Fault {
  if (error instanceof NotDer) return new Fault("CERTIFICATE_INVALID", "a certificate is not well-formed DER");
  return error instanceof Fault ? error : new Fault("BUNDLE_MALFORMED", "the envelope could not be read");
}
