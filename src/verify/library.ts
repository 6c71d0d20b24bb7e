import { VerificationError, Verifier as Library } from "@sigstore/verify";
import type { Anchor } from "./trust/anchor.ts";
import type { Bundle } from "./bundle/bundle.ts";
import type { Code } from "../model/codes.ts";
import type { SignedContent } from "./content.ts";
import { Fault } from "./fault.ts";
import type { NamedSigner } from "./certificate/signer.ts";
import type { ClaimedTime } from "./times.ts";

/** An anchor with the library's verifier over its material. */
export interface Bound extends Anchor {
  readonly library: Library;
}

type Entity = Parameters<Library["verify"]>[0];

/** A bundle as the library asks for one. */
export function entityOf(
  bundle: Bundle,
  signer: NamedSigner,
  content: SignedContent,
  times: readonly ClaimedTime[],
): Entity {
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

export function boundToLibrary(anchor: Anchor): Bound {
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

/** What the library found wrong. */
export function faultOf(error: unknown): Fault {
  const code = error instanceof VerificationError ? CODES[error.code] : undefined;
  return code === undefined || !(error instanceof Error)
    ? new Fault("BUNDLE_MALFORMED", "the bundle could not be verified")
    : new Fault(code, error.message);
}
