import type { Evidence } from "../../model/evidence.ts";
import { readBundle } from "../bundle/bundle.ts";
import { OID } from "../certificate/certificate.ts";
import { contentOf, only } from "../certificate/der.ts";
import { readSigner } from "../certificate/signer.ts";
import { type ClaimedTime, timesOf } from "../times.ts";
import { countsUnder } from "../vouching.ts";
import { type Anchor, addressed, hinted } from "./anchor.ts";
import type { HeldKey } from "./held-key.ts";
import type { Certificate } from "../certificate/certificate.ts";

/**
 * Whether evidence names a log, an authority or a key that is not held: newer trust material may know it. Nothing in the
 * evidence is believed; where it cannot be read, no material would help. Never throws.
 */
export function namesUnknown(
  evidence: Evidence,
  anchors: readonly Anchor[],
  registryKeys: readonly HeldKey[],
): boolean {
  if ("registrySignature" in evidence) {
    const named = evidence.registrySignature.signatures.map(({ keyid }) => keyid);
    return named.some((keyid) => !registryKeys.some(({ hints }) => hints.includes(keyid)));
  }
  if (!("bundle" in evidence)) return false;
  try {
    const bundle = readBundle(evidence.bundle);
    const signer = readSigner(bundle.signer);
    const holders = signer.kind === "key" ? hinted(anchors, signer.hint) : addressed(anchors, signer.certificate);
    if (holders.length === 0) return true;
    if (signer.kind === "certificate" && ctLogsOf(signer.certificate).some((id) => !isCtLog(holders, id))) return true;
    return (
      bundle.entries.some(({ logId }) => !isLog(holders, logId.keyId)) ||
      timesOf(bundle).some((time) => !isStamped(holders, time))
    );
  } catch {
    return false;
  }
}

function isLog(anchors: readonly Anchor[], id: Buffer): boolean {
  return anchors.some(({ material }) => material.tlogs.some(({ logID }) => logID.equals(id)));
}

function isCtLog(anchors: readonly Anchor[], id: Buffer): boolean {
  return anchors.some(({ material }) => material.ctlogs.some(({ logID }) => logID.equals(id)));
}

function isStamped(anchors: readonly Anchor[], time: ClaimedTime): boolean {
  return anchors.some((anchor) => countsUnder(anchor, time));
}

/** The ids in a SignedCertificateTimestampList (RFC 6962 section 3.3): each is a length, a version and 32 bytes. */
function ctLogsOf({ extensions }: Certificate): readonly Buffer[] {
  const list = extensions.get(OID.sctList)?.value;
  if (list === undefined) return [];
  const text = contentOf(list, only(list, 0, list.length, 0x04));
  const ids: Buffer[] = [];
  for (let at = 2; at + 35 <= text.length; at += 2 + text.readUInt16BE(at)) ids.push(text.subarray(at + 3, at + 35));
  return ids;
}
