import { createHash } from "node:crypto";
import { ArtifactError, SafeInstallError } from "../errors.ts";
import { type Digest, digestOf } from "../model/digest.ts";
import type { TrustRoot } from "../model/trust.ts";
import { asJsonLine } from "../report/text.ts";
import { createVerifier, type HeldKey } from "../verify/verifier.ts";
import type { AuditedOutcome, AuditedSignature, AuditLog } from "./audit.ts";
import type { SigningContent } from "./content.ts";

/** A file, read whole: what is signed, hashed and judged are these bytes. */
export interface FileToSign {
  /** As it was typed. */
  readonly file: string;
  readonly bytes: Buffer;
  readonly content: SigningContent;
}

/** Who signs, and on what its signatures stand. */
export interface Signatory {
  readonly caller: AuditedSignature["caller"];
  readonly by: AuditedSignature["by"];
  /** Signs, and has it certified and logged where that is its way. */
  readonly seal: (one: FileToSign) => Promise<Sealed>;
  /** What a verifier is given to judge it by. */
  readonly roots: readonly TrustRoot[];
  readonly keys: readonly HeldKey[];
}

export interface Sealed {
  readonly bundle: Readonly<Record<string, unknown>>;
  readonly about: Pick<AuditedOutcome, "certificate" | "logIndexes">;
}

interface SignMeans {
  readonly audit: AuditLog;
  readonly now: () => Date;
  /** Puts a bundle beside its file, whole. @returns where it is */
  readonly write: (file: string, bundle: string) => Promise<string>;
}

/** What was signed. */
export interface SignedFile {
  readonly file: string;
  readonly bundle: string;
  readonly about: Sealed["about"];
}

/**
 * Signs one file after the other: written down before, sealed, judged by our own verifier, written down, written.
 * @throws SafeInstallError what stops at one file; the bundles of those before it are whole and stay
 */
export async function signFiles(
  files: readonly FileToSign[],
  signatory: Signatory,
  means: SignMeans,
): Promise<readonly SignedFile[]> {
  const signed: SignedFile[] = [];
  for (const one of files) signed.push(await signOne(one, signatory, means));
  return signed;
}

async function signOne(one: FileToSign, signatory: Signatory, { audit, now, write }: SignMeans): Promise<SignedFile> {
  const { caller, by } = signatory;
  const predicateType = one.content.kind === "message" ? null : one.content.predicateType;
  const digests = digestsOfBytes(one.bytes);
  const conclude = await audit.intend({ caller, file: one.file, digests, predicateType, by });
  try {
    const { bundle, about } = await signatory.seal(one);
    const text = asJsonLine(bundle);
    requireHolds(bundle, { ...one, digests }, signatory, now());
    await conclude({ outcome: "signed", ...about, bundle: sha256(text) });
    return { file: one.file, bundle: await write(one.file, text), about };
  } catch (error) {
    if (!isUnwritable(error)) await conclude({ outcome: "failed", code: codeOf(error) });
    throw error;
  }
}

/** A bundle that nobody would accept is not written. */
function requireHolds(
  bundle: unknown,
  { file, bytes, digests }: FileToSign & { readonly digests: readonly Digest[] },
  { roots, keys }: Signatory,
  now: Date,
): void {
  const verdict = createVerifier(roots, keys, now).verify(
    { source: "file", location: file, bundle },
    { names: [], digests, bytes },
  );
  if (verdict.status === "verified") return;
  const detail = "detail" in verdict ? verdict.detail : "its digest is not enough";
  throw new SafeInstallError("unbound", "SIGNATURE_INVALID", `${file}: what was signed does not verify: ${detail}`, {
    hint: "nothing was written: the trust root is another one's, or an answer on the way was wrong",
  });
}

export function digestsOfBytes(bytes: Buffer): readonly Digest[] {
  return (["sha256", "sha384", "sha512"] as const).flatMap(
    (algorithm) => digestOf(algorithm, createHash(algorithm).update(bytes).digest("hex")) ?? [],
  );
}

function sha256(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}

function isUnwritable(error: unknown): boolean {
  return error instanceof SafeInstallError && error.code === "AUDIT_UNWRITABLE";
}

function codeOf(error: unknown): string {
  if (error instanceof ArtifactError) return error.denial.code;
  return error instanceof SafeInstallError ? error.code : "BUG";
}
