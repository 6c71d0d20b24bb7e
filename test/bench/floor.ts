import crypto, { createPublicKey, type KeyObject } from "node:crypto";

/** One call of `crypto.verify` that said yes. */
export interface Signature {
  readonly algorithm: string | null | undefined;
  readonly data: Buffer;
  readonly key: KeyObject;
  readonly signature: Buffer;
}

/**
 * The signatures that `work` checks, each once: what is signed again and again (a CA's own certificate) could be cached,
 * the rest cannot. Keys are parsed beforehand.
 */
export function recordedSignatures(work: () => void): readonly Signature[] {
  const seen = new Map<string, Signature>();
  const original = crypto.verify;
  const recording = (algorithm: string, data: Buffer, key: KeyObject, signature: Buffer): boolean => {
    const valid = original(algorithm, data, key, signature);
    const parsed = key instanceof crypto.KeyObject ? key : createPublicKey(key);
    if (valid) seen.set(signature.toString("base64"), { algorithm, data, key: parsed, signature });
    return valid;
  };
  (crypto as { verify: unknown }).verify = recording;
  try {
    work();
  } finally {
    crypto.verify = original;
  }
  return [...seen.values()];
}

export function replay(signatures: readonly Signature[]): void {
  for (const { algorithm, data, key, signature } of signatures) {
    if (!crypto.verify(algorithm, data, key, signature)) throw new Error("a signature that held does not");
  }
}
