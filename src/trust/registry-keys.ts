import { PUBLIC_GOOD } from "../model/trust.ts";
import { type HeldKey, heldKey } from "../verify/trust/held-key.ts";

/**
 * The default npm registry's keys, as its file in the public-good repository has them: "npm:attestations" for publish
 * attestations (logged by the public-good instance), "npm:signatures" for packuments. @throws Error it is no such file
 */
export function registryKeysIn(file: Buffer): readonly HeldKey[] {
  const { keys } = JSON.parse(file.toString("utf8")) as { readonly keys: readonly WrittenKey[] };
  return keys.map(({ keyId, keyUsage, publicKey: { rawBytes, validFor } }) => {
    const { start, end } = validFor;
    return heldKey(Buffer.from(rawBytes, "base64"), {
      usage: keyUsage,
      hints: [keyId],
      validFor: { ...(start ? { start: new Date(start) } : {}), ...(end ? { end: new Date(end) } : {}) },
      thresholds: { tlog: 1, sct: 0, timestamps: 1 },
      roots: [PUBLIC_GOOD],
    });
  });
}

interface WrittenKey {
  readonly keyId: string;
  readonly keyUsage: string;
  readonly publicKey: {
    readonly rawBytes: string;
    readonly validFor: { readonly start?: string; readonly end?: string };
  };
}

export const REGISTRY_KEYS = /(?:^|\/)keys\.json$/;
