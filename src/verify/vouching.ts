import { Buffer } from "node:buffer";
import type { RFC3161Timestamp } from "@sigstore/core";
import type { Anchor } from "./trust/anchor.ts";
import type { Bundle } from "./bundle/bundle.ts";
import { fail } from "./fault.ts";
import type { LogEntry } from "./bundle/log-entry.ts";
import type { NamedSigner } from "./certificate/signer.ts";
import type { ClaimedTime } from "./times.ts";
import type { LogKey, Material } from "./trust/trusted-root.ts";
import { type Certificate, OID } from "./certificate/certificate.ts";
import { algorithmText, signedWith } from "./certificate/signature-algorithm.ts";

/** Thresholds count different logs and authorities; a certificate always needs a time. Cheap: before any signature. @throws Fault */
export function requireEnough(anchor: Anchor, { entries }: Bundle, times: readonly ClaimedTime[]): void {
  const { tlog } = anchor.thresholds;
  if (different(entries.map(({ logId }) => logId.keyId.toString("hex"))) < tlog) {
    fail("LOG_INVALID", `fewer than ${tlog} different logs vouch for the signature`);
  }
  const least = leastTimes(anchor);
  if (different(times.map(({ by }) => by)) < least) {
    fail("TIME_INVALID", `fewer than ${least} different logs or authorities vouch for the time`);
  }
  if (anchor.key !== null) requireTimeOfKey(anchor.key.held.validFor, times);
}

/** A log or an issuer that signs as nothing here can verify: the library would say only that a signature does not hold. @throws Fault */
export function refuseUnusable({ material }: Anchor, { entries }: Bundle, signer: NamedSigner): void {
  const ids = entries.map(({ logId }) => logId.keyId);
  const certificate = signer.kind === "certificate" ? signer.certificate : null;
  const named =
    material.tlogs.find(({ logID, unusable }) => unusable !== null && ids.some((id) => id.equals(logID))) ??
    material.ctlogs.find(({ logID, unusable }) => unusable !== null && isStamped(certificate, logID));
  if (named !== undefined)
    fail("LOG_INVALID", `the log ${named.baseURL} signs with ${named.unusable}, which is not supported for a log`);
  if (certificate !== null) refuseUnusableIssuer(certificate, material.certificateAuthorities);
}

/** RFC 6962 section 3.2: each timestamp in the list names its log by the digest of its key. */
function isStamped(certificate: Certificate | null, log: Buffer): boolean {
  return certificate?.extensions.get(OID.sctList)?.value.includes(log) === true;
}

/**
 * The leaf, and what stands between it and the authority's own certificate, whose signature nobody needs. Of several
 * authorities of one name it is enough that one can be verified.
 */
function refuseUnusableIssuer(leaf: Certificate, authorities: Material["certificateAuthorities"]): void {
  const above = authorities.filter(({ read: [first] }) => first?.subject.equals(leaf.issuer) === true);
  const unusable = above.flatMap(({ read }) => [leaf, ...read.slice(0, -1)].find(isUnusable) ?? []);
  const [first] = unusable;
  if (first === undefined || unusable.length < above.length) return;
  const { signatureAlgorithm } = first;
  fail(
    "CERTIFICATE_INVALID",
    `its certificates are signed with ${algorithmText(signatureAlgorithm)}, which is not supported`,
  );
}

function isUnusable({ signatureAlgorithm }: Certificate): boolean {
  return signedWith(signatureAlgorithm) === null;
}

function leastTimes({ key, thresholds: { timestamps } }: Anchor): number {
  return key === null ? Math.max(1, timestamps) : timestamps;
}

/**
 * For entries and times whose signatures hold: each log's key is valid at the entry's time, or at every verified
 * time where the entry has none of its own, and each checkpoint is signed in the log's own name. @throws Fault
 */
export function requireLogs(anchor: Anchor, { entries }: Bundle, times: readonly ClaimedTime[]): void {
  for (const entry of entries) requireLog(entry, anchor.material.tlogs, times);
}

/**
 * The times that count under a root. A timestamp of an authority that it does not hold vouches for nothing. Beside logs
 * that suffice it is passed over: whoever holds the bundle could leave it out. Else it is refused, and said: the library
 * would say only that it does not verify. @throws Fault, which names the root that was left out, where another one that is in use holds the authority
 */
export function countedTimes(
  anchor: Anchor,
  times: readonly ClaimedTime[],
  all: readonly Anchor[],
): readonly ClaimedTime[] {
  const counted = times.filter((one) => countsUnder(anchor, one));
  const suffice = different(counted.map(({ by }) => by)) >= Math.max(1, leastTimes(anchor));
  if (!suffice || !counted.some(({ kind }) => kind === "log")) requireKnownAuthorities(anchor, times, all);
  return counted;
}

/** Whether a time is by somebody whom the root holds; of a log that is seen where its entry is verified. */
export function countsUnder(anchor: Anchor, time: ClaimedTime): boolean {
  return time.kind === "log" || holdsAuthority(anchor, time.stamp);
}

function requireKnownAuthorities(anchor: Anchor, times: readonly ClaimedTime[], all: readonly Anchor[]): void {
  for (const time of times) {
    if (time.kind !== "stamp" || countsUnder(anchor, time)) continue;
    const holder = all.find((one) => one.root !== anchor.root && holdsAuthority(one, time.stamp));
    const own = anchor.name === null ? "the signer names no trust root" : `not in the trust root ${anchor.name}`;
    const found = holder === undefined ? "nor in another one that is in use" : `the trust root ${holder.name} has it`;
    fail("TIME_INVALID", `a timestamp is by an authority that is unknown: ${own}, ${found}`);
  }
}

function holdsAuthority({ material }: Anchor, stamp: RFC3161Timestamp): boolean {
  return material.timestampAuthorities.some(({ certChain: [leaf] }) =>
    leaf === undefined
      ? false
      : Buffer.compare(leaf.serialNumber, stamp.signerSerialNumber) === 0 &&
        Buffer.compare(leaf.issuer, stamp.signerIssuer) === 0,
  );
}

function different(names: readonly string[]): number {
  return new Set(names).size;
}

function requireLog(entry: LogEntry, logs: readonly LogKey[], times: readonly ClaimedTime[]): void {
  const own = times.filter((one) => one.kind === "log" && one.entry === entry);
  const at = own.length > 0 ? own : times;
  const valid = logs.filter(
    ({ logID, validFor }) =>
      logID.equals(entry.logId.keyId) && at.every(({ time }) => validFor.start <= time && time <= validFor.end),
  );
  if (valid.length === 0) fail("LOG_INVALID", "no log key of the trust root is valid for the entry's time");
  if (entry.inclusionProof !== undefined && !valid.some((log) => signedInName(entry, log))) {
    fail("LOG_INVALID", "the log's checkpoint is signed under another name than the log's");
  }
}

/** Every signature line that carries the log's key hint carries its name, and there is one. */
function signedInName({ inclusionProof }: LogEntry, { logID, baseURL }: LogKey): boolean {
  const hinted = inclusionProof?.signed.signatures.filter(({ keyHint }) => keyHint.equals(logID.subarray(0, 4))) ?? [];
  const name = baseURL.replace(/^https?:\/\//, "").replace(/\/$/, "");
  const host = name.replace(/[:/].*$/, "");
  return hinted.length > 0 && hinted.every((one) => one.name === name || one.name === host);
}

function requireTimeOfKey(
  { start, end }: { readonly start?: Date; readonly end?: Date },
  times: readonly ClaimedTime[],
): void {
  if (times.length === 0 && (start !== undefined || end !== undefined)) {
    fail("KEY_INVALID", "no log or timestamp proves a time at which the key was valid");
  }
}

/** Each log entry records the bundle's own certificate or key, and its signature. @throws Fault */
export function requireRecorded({ entries, content }: Bundle, signer: NamedSigner, spki: Buffer): void {
  for (const { recorded } of entries) {
    const { kind, der } = recorded.verifier;
    const expected = signer.kind === "certificate" ? signer.certificate.der : spki;
    if (kind !== signer.kind || !der.equals(expected))
      fail("LOG_MISMATCH", "the log entry records another certificate or key");
    if (!recorded.signature.equals(content.signature)) fail("LOG_MISMATCH", "the log entry records another signature");
  }
}
