import type { NotaryLevel, RevocationQuestion } from "../../model/notary.ts";
import type { Certificate } from "../certificate/certificate.ts";
import { Fault, fail } from "../fault.ts";
import { requirePast } from "../times.ts";
import type { NotaryEnvelope } from "./envelope.ts";
import { type RevocationStatus, revocationOf } from "./revocation/index.ts";
import { type NotaryStamp, isValidIn, verifyStamp } from "./timestamp.ts";
import { type NotaryGround, type NotaryTrust, anchorIn, storeOf } from "./trust.ts";

/** What holds under one trust. */
export interface Held {
  /** What an authority says; null: nobody says when. */
  readonly signedAt: Date | null;
  /** What the level passes over, in words. */
  readonly passedOver: readonly string[];
}

type Outcome = Held | { readonly fault: Fault } | { readonly asks: readonly RevocationQuestion[] };

interface SignedEnvelope {
  readonly envelope: NotaryEnvelope;
  readonly chain: readonly Certificate[];
}

/** What a level enforces beside that the envelope is whole and anchored (trust-store-trust-policy.md, "Signature Verification details"). */
const ENFORCED: Readonly<Record<NotaryLevel, readonly Check[]>> = {
  strict: ["timestamp", "expiry", "revocation"],
  permissive: [],
  audit: [],
};

type Check = "timestamp" | "expiry" | "revocation";

/** The time, the expiry and what the authorities have taken back, as strictly as the trust asks. */
export function holdUnder(trust: NotaryTrust, signed: SignedEnvelope, ground: Omit<NotaryGround, "trusts">): Outcome {
  const enforced = ENFORCED[trust.level];
  const passedOver: string[] = [];
  try {
    const time = checked("timestamp", () => timeOf(trust, signed, ground.now)) ?? { signedAt: null, stamp: null };
    checked("expiry", () => requireUnexpired(signed.envelope, ground.now));
    if (!enforced.includes("revocation")) return { signedAt: time.signedAt, passedOver: [...passedOver, UNASKED] };
    const chains = [vouchedFor(trust, signed), ...(time.stamp === null ? [] : [time.stamp.chain])];
    const found = chains.map((chain) => revocationOf(chain, ground));
    const asks = found.flatMap((one) => ("asks" in one ? one.asks : []));
    if (asks.length > 0) return { asks };
    for (const one of found) requireGood(one);
    return { signedAt: time.signedAt, passedOver };
  } catch (error) {
    if (error instanceof Fault) return { fault: error };
    throw error;
  }

  function checked<T>(check: Check, require: () => T): T | null {
    try {
      return require();
    } catch (error) {
      if (!(error instanceof Fault) || enforced.includes(check)) throw error;
      passedOver.push(error.message);
      return null;
    }
  }
}

/**
 * The chain up to the certificate that the trust store holds, and who issued that one. What stands above is anybody's to put
 * there: the chain is not signed, and its addresses would be asked.
 */
function vouchedFor(trust: NotaryTrust, { envelope, chain }: SignedEnvelope): readonly Certificate[] {
  const anchor = anchorIn(trust, envelope.headers.scheme, chain);
  return anchor === null ? chain : chain.slice(0, chain.indexOf(anchor) + 2);
}

const UNASKED = "revocation not checked: the level does not ask for it";

interface TimeOfSigning {
  readonly signedAt: Date | null;
  readonly stamp: NotaryStamp | null;
}

/** When it was signed, as far as somebody vouches for it; every certificate was valid then, or is now. @throws Fault */
function timeOf(trust: NotaryTrust, { envelope, chain }: SignedEnvelope, now: Date): TimeOfSigning {
  const { scheme, signingTime } = envelope.headers;
  if (scheme === "notary.x509.signingAuthority") {
    requirePast(signingTime, now);
    requireValid(chain, signingTime, signingTime, "when the authority says that it signed");
    return { signedAt: signingTime, stamp: null };
  }
  const stamp = stampOf(trust, { envelope, chain }, now);
  if (stamp === null) {
    requireValid(chain, now, now, "now, and no timestamp that counts says when it signed");
    return { signedAt: null, stamp };
  }
  requirePast(stamp.from, now);
  requireValid(chain, stamp.from, stamp.to, "at the time of the timestamp");
  return { signedAt: stamp.at, stamp };
}

/** A store of authorities for timestamps makes one necessary: always, or once a certificate has expired. */
function stampOf(trust: NotaryTrust, { envelope, chain }: SignedEnvelope, now: Date): NotaryStamp | null {
  const roots = storeOf(trust, "tsa");
  if (roots.length === 0) return null;
  if (trust.timestamps === "afterCertExpiry" && chain.every((one) => isValidIn(one, now, now))) return null;
  if (envelope.timestamp === null) return fail("TIME_INVALID", "there is no timestamp, and the tsa store asks for one");
  return verifyStamp(envelope.timestamp, envelope.signature, roots);
}

function requireValid(chain: readonly Certificate[], from: Date, to: Date, when: string): void {
  if (!chain.every((one) => isValidIn(one, from, to)))
    fail("TIME_INVALID", `a certificate of the signer is not valid ${when}`);
}

function requireUnexpired({ headers }: NotaryEnvelope, now: Date): void {
  if (headers.expiry !== null && headers.expiry < now)
    fail("TIME_INVALID", `the signature expired at ${headers.expiry.toISOString()}`);
}

function requireGood(status: RevocationStatus): void {
  if ("revoked" in status) fail("CERTIFICATE_REVOKED", status.revoked);
  if ("unknown" in status) fail("REVOCATION_NOT_CHECKED", `revocation not checked: ${status.unknown}`);
}
