import { heldKey } from "../../verify/trust/held-key.ts";
import type { AuditedSignature } from "../audit.ts";
import { bundleOf, bytesToSign } from "../content.ts";
import type { Signatory } from "../sign.ts";
import type { SigningKey } from "./signing-key.ts";

/** A key by itself: no certificate, no log, and nobody vouches for a time. */
export function keySignatory(key: SigningKey, caller: AuditedSignature["caller"]): Signatory {
  const spki = key.publicKey.export({ format: "der", type: "spki" });
  const held = heldKey(spki, { usage: "policy", thresholds: { tlog: 0, sct: 0, timestamps: 0 } });
  // As cosign writes it: base64 of the key's digest.
  const publicKeyHint = Buffer.from(key.fingerprint.slice("sha256:".length), "hex").toString("base64");
  return {
    caller,
    by: { key: key.fingerprint },
    roots: [],
    keys: [held],
    seal: async ({ content }) => {
      const signature = await key.sign(bytesToSign(content));
      const proof = { signer: { publicKeyHint }, entries: [], timestamps: [] };
      return { bundle: bundleOf(content, signature, proof, key.hash), about: {} };
    },
  };
}
