import { createHash, createPublicKey, verify } from "node:crypto";
import { registryAttestationOf } from "./attest.ts";
import { type Digest, compareDigests, digestOf, formatDigest } from "../model/digest.ts";
import type { RegistrySignature, RegistrySignatureEvidence } from "../model/evidence.ts";
import { fail } from "./fault.ts";
import type { HeldKey } from "./trust/held-key.ts";
import type { Subject } from "../model/subject.ts";
import type { Verdict } from "../model/verdict.ts";

/**
 * The npm registry's own signature: ECDSA P-256 with SHA-256 over `NAME@VERSION:INTEGRITY` (npm documentation, "Verifying
 * registry signatures"). Cryptography first, then whether it is about this package and these bytes. `keys`: those held
 * for registry signatures only. @throws Fault
 */
export function judgeRegistrySignature(
  evidence: RegistrySignatureEvidence,
  subject: Subject,
  keys: readonly HeldKey[],
): Verdict | { readonly status: "needs-bytes" } {
  const { registrySignature: signed, registry } = evidence;
  const message = Buffer.from(`${signed.name}@${signed.version}:${signed.integrity}`, "utf8");
  const held = signed.signatures.flatMap((one) => heldFor(one, keys));
  for (const { key, signature } of held) requireSignature(key, message, signature);
  const counting = held.find(({ key }) => counts(key, signed.published));
  if (counting === undefined) return { status: "foreign", evidence, detail: nobody(held, signed) };
  const digest = bind(signed, subject);
  if (digest === null) return { status: "needs-bytes" };
  const attestation = registryAttestationOf({ ...counting, registry, message, digest });
  return { status: "verified", evidence, attestation };
}

interface Held {
  readonly key: HeldKey;
  readonly signature: Buffer;
}

/** A signature under a key that we hold; those under others prove nothing. @throws Fault it is no base64 */
function heldFor({ keyid, sig }: RegistrySignature["signatures"][number], keys: readonly HeldKey[]): readonly Held[] {
  const key = keys.find(({ hints }) => hints.includes(keyid));
  if (key === undefined) return [];
  const signature = Buffer.from(sig, "base64");
  if (signature.toString("base64") !== sig) fail("SIGNATURE_INVALID", "the registry's signature is not base64");
  return [{ key, signature }];
}

function requireSignature({ spki }: HeldKey, message: Buffer, signature: Buffer): void {
  const key = createPublicKey({ key: spki, format: "der", type: "spki" });
  if (key.asymmetricKeyType !== "ec" || key.asymmetricKeyDetails?.namedCurve !== "prime256v1") {
    fail("KEY_INVALID", "the registry's key is not for ECDSA P-256");
  }
  if (!verify("sha256", message, key, signature)) fail("SIGNATURE_INVALID", "the registry's signature does not verify");
}

/** Whether the key was in use when the version was published; without a time one that has ended does not count. @throws Fault */
function counts({ validFor: { start, end } }: HeldKey, published: string | null): boolean {
  if (published === null) return end === undefined;
  const at = new Date(published);
  if (Number.isNaN(at.getTime())) fail("STATEMENT_INVALID", "the time of publication is none");
  const inUse = (start === undefined || start <= at) && (end === undefined || at <= end);
  return (
    inUse || fail("KEY_INVALID", `published at ${at.toISOString()}, outside of the validity of the registry's key`)
  );
}

function nobody(held: readonly Held[], { signatures }: RegistrySignature): string {
  if (held.length > 0) return "its key has ended and no time of publication is known";
  const names = signatures.map(({ keyid }) => JSON.stringify(keyid.slice(0, 200))).join(", ");
  return `its key ${names} is not one that is held for registry signatures`;
}

/** The digest that name, version and integrity bind; null where only the bytes could tell. @throws Fault about something else */
function bind({ name, version, integrity }: RegistrySignature, subject: Subject): Digest | null {
  const purl = `pkg:npm/${name.replace(/^@/, "%40")}@${version}`;
  if (!subject.names.includes(purl)) {
    fail("SUBJECT_MISMATCH", `the registry signed ${purl.slice(0, 300)}, not ${subject.names.join(" or ")}`);
  }
  const digest = sha512In(integrity);
  if (digest === null) return fail("STATEMENT_INVALID", "the integrity that the registry signed is not one sha512");
  const known = [...subject.digests, ...hashOf(subject.bytes)];
  const outcome = compareDigests([digest], known);
  if (outcome === "different") {
    const found = known.filter(({ algorithm }) => algorithm === "sha512").map(formatDigest);
    fail("SUBJECT_MISMATCH", `the registry signed ${formatDigest(digest)}, not ${found.join(" or ")}`);
  }
  return outcome === "same" ? digest : null;
}

/** W3C Subresource Integrity with exactly one word, as strictly as a digest deserves. */
function sha512In(integrity: string): Digest | null {
  const bytes = Buffer.from(integrity.slice("sha512-".length), "base64");
  if (integrity !== `sha512-${bytes.toString("base64")}`) return null;
  return digestOf("sha512", bytes.toString("hex"));
}

function hashOf(bytes: Buffer | null): readonly Digest[] {
  return bytes === null ? [] : [{ algorithm: "sha512", hex: createHash("sha512").update(bytes).digest("hex") }];
}
