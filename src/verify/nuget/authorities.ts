import type { CertificateWords } from "../../model/attestation.ts";
import { type Certificate, readCertificate, sequenceIn } from "../certificate/certificate.ts";
import { children, contentOf } from "../certificate/der.ts";
import { attributesOf, dotted, nameText } from "../certificate/names.ts";
import { PURPOSE, isIssuedBy, purposesOf, requireIssued } from "../notary/chain.ts";
import { isValidIn } from "../notary/timestamp.ts";
import { fingerprintOf, keyPrintOf } from "../notary/trust.ts";

const POLICIES = "551d20";

/**
 * What a signer's certificate says, and who issued it: the authorities among those that came along, each of which signed
 * the one before, may issue for code signing, and was valid at the time. Whether anybody trusts one of them is the policy's
 * to say. None where the chain keeps the rules of no such chain (RFC 5280 section 6.1).
 */
export function wordsOf(der: Buffer, held: readonly Buffer[], at: Date): CertificateWords {
  const leaf = read(der);
  if (leaf === null) return { subject: [], policies: [], authorities: [] };
  const chain = chainOf(
    leaf,
    held.flatMap((one) => read(one) ?? []),
    at,
  );
  return {
    subject: attributesOf(leaf.subject),
    policies: policiesOf(leaf),
    authorities: chain.slice(1).map((one) => ({
      fingerprint: fingerprintOf(one),
      key: keyPrintOf(one),
      subject: attributesOf(one.subject),
      name: nameText(attributesOf(one.subject)),
    })),
  };
}

function chainOf(leaf: Certificate, held: readonly Certificate[], at: Date): readonly Certificate[] {
  const chain = [leaf];
  for (let depth = 0; depth < 8; depth++) {
    const current = chain.at(-1)!;
    if (isIssuedBy(current, current)) break;
    const issuer = held.find((one) => !chain.includes(one) && isValidIn(one, at, at) && isIssuedBy(current, one));
    if (issuer === undefined) break;
    chain.push(issuer);
  }
  try {
    requireIssued(chain, PURPOSE.codeSigning);
    return chain;
  } catch {
    return [leaf];
  }
}

function read(der: Buffer): Certificate | null {
  try {
    return readCertificate(der);
  } catch {
    return null;
  }
}

/** Certificate policies and purposes: services that issue to many say there for whom (RFC 5280 sections 4.2.1.4 and 4.2.1.12). */
function policiesOf(leaf: Certificate): readonly string[] {
  const extension = leaf.extensions.get(POLICIES);
  const policies =
    extension === undefined
      ? []
      : sequenceIn(extension).flatMap((one) => {
          const [oid] = children(extension.value, one);
          return oid?.tag === 0x06 ? [contentOf(extension.value, oid).toString("hex")] : [];
        });
  return [...policies, ...(purposesOf(leaf) ?? [])].map(dotted);
}
