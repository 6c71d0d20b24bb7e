import { createHash, generateKeyPairSync, type KeyObject, sign, X509Certificate } from "node:crypto";
import { FulcioSigner } from "@sigstore/sign";
import { SafeInstallError } from "../../errors.ts";
import type { Claims } from "../../model/claims.ts";
import { readCertificate } from "../../verify/certificate/certificate.ts";
import { claimsOf } from "../../verify/certificate/claims.ts";
import type { Token } from "../identity/token.ts";
import { askWithin, type Clock, type SigningWindow } from "./window.ts";

/** A key that lives as long as this process, and the certificate that names its bearer. */
export interface CertifiedKey {
  readonly certificate: Buffer;
  readonly pem: string;
  /** `sha256:HEX` over the certificate. */
  readonly fingerprint: string;
  readonly claims: Claims;
  readonly window: SigningWindow;
  readonly sign: (bytes: Buffer) => Buffer;
}

/** One certificate for all files of a run. @throws SafeInstallError WINDOW_CLOSED, SIGNING_UNAVAILABLE, SIGNATURE_INVALID */
export async function certify(token: Token, authority: string, clock: Clock): Promise<CertifiedKey> {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const signer = new FulcioSigner({
    fulcioBaseURL: authority,
    identityProvider: { getToken: async () => token.text },
    keyHolder: { sign: async (data) => heldSignature(data, privateKey, publicKey) },
    retry: 0,
    timeout: TIMEOUT_MS,
  });
  const pem = await askWithin(
    {
      whom: `the certificate authority ${authority}`,
      window: { of: "the identity token", closes: token.expires },
      secret: token.text,
      ask: async () => certificateOf((await signer.sign(Buffer.alloc(0))).key),
    },
    clock,
  );
  return certified(pem, { privateKey, publicKey }, authority);
}

export const TIMEOUT_MS = 30_000;

function heldSignature(data: Buffer, privateKey: KeyObject, publicKey: KeyObject) {
  const pem = publicKey.export({ format: "pem", type: "spki" }).toString();
  return { signature: sign("sha256", data, privateKey), key: { $case: "publicKey" as const, publicKey: pem } };
}

function certificateOf(key: Awaited<ReturnType<FulcioSigner["sign"]>>["key"]): string {
  if (key.$case !== "x509Certificate") throw new TypeError("no certificate came");
  return key.certificate;
}

interface Pair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** Whether it is for our key is looked at before anything is signed with that. */
function certified(pem: string, { privateKey, publicKey }: Pair, authority: string): CertifiedKey {
  const read = readAs(pem, authority);
  const certificate = read.raw;
  const spki = publicKey.export({ format: "der", type: "spki" });
  if (!read.publicKey.export({ format: "der", type: "spki" }).equals(spki))
    throw wrong(authority, "is for another key");
  return {
    certificate,
    pem,
    fingerprint: `sha256:${createHash("sha256").update(certificate).digest("hex")}`,
    claims: claimsOf(readCertificate(certificate)),
    window: { of: "the certificate", closes: new Date(read.validTo) },
    sign: (bytes) => sign("sha256", bytes, privateKey),
  };
}

function readAs(pem: string, authority: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw wrong(authority, "is none that can be read");
  }
}

function wrong(authority: string, how: string): SafeInstallError {
  return new SafeInstallError("unbound", "SIGNATURE_INVALID", `the certificate that ${authority} gave ${how}`, {
    hint: "nothing was signed: something between here and there answers in its place",
  });
}
