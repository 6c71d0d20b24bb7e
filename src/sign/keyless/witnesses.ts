import { createHash } from "node:crypto";
import { HashAlgorithm, TransparencyLogEntry } from "@sigstore/protobuf-specs";
import { RekorWitness, TSAWitness, type Witness } from "@sigstore/sign";
import { PAYLOAD_TYPE, type SigningContent, type SigningProof } from "../content.ts";
import { type CertifiedKey, TIMEOUT_MS } from "./certificate.ts";
import type { SigstoreInstance } from "./instance.ts";
import { askWithin, type Clock } from "./window.ts";

type Signed = Parameters<Witness["testify"]>[0];

/**
 * Has a signature stamped and logged, each as long as the certificate is valid. The timestamps first: what a log has it keeps.
 * @throws SafeInstallError WINDOW_CLOSED, SIGNING_UNAVAILABLE
 */
export async function witnessed(
  content: SigningContent,
  signature: Buffer,
  key: CertifiedKey,
  { logs, timestamps }: SigstoreInstance,
  clock: Clock,
): Promise<Pick<SigningProof, "entries" | "timestamps">> {
  const signed = signedAs(content, signature);
  const asked = { retry: 0, timeout: TIMEOUT_MS };
  const testify = (whom: string, witness: Witness) =>
    askWithin({ whom, window: key.window, secret: NONE, ask: () => witness.testify(signed, key.pem) }, clock);
  const stamps: Buffer[] = [];
  for (const url of timestamps) {
    const { rfc3161Timestamps = [] } = await testify(
      `the timestamp authority ${url}`,
      new TSAWitness({ tsaBaseURL: url, ...asked }),
    );
    stamps.push(...rfc3161Timestamps.map(({ signedTimestamp }) => signedTimestamp));
  }
  const entries: unknown[] = [];
  for (const { url, version } of logs) {
    const witness = new RekorWitness({ rekorBaseURL: url, majorApiVersion: version, ...asked });
    const { tlogEntries = [] } = await testify(`the log ${url}`, witness);
    entries.push(...tlogEntries.map((one) => TransparencyLogEntry.toJSON(one)));
  }
  return { entries, timestamps: stamps };
}

/** No token is in what a log or a clock is told. */
const NONE = "\u0000";

function signedAs(content: SigningContent, signature: Buffer): Signed {
  if (content.kind === "message") {
    const digest = createHash("sha256").update(content.bytes).digest();
    return {
      $case: "messageSignature",
      messageSignature: { messageDigest: { algorithm: HashAlgorithm.SHA2_256, digest }, signature },
    };
  }
  return {
    $case: "dsseEnvelope",
    dsseEnvelope: { payload: content.payload, payloadType: PAYLOAD_TYPE, signatures: [{ sig: signature, keyid: "" }] },
  };
}
