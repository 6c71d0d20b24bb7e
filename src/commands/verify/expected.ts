import { createHash } from "node:crypto";
import { loadTrustRoot } from "../../project/trust.ts";
import { LIMITS } from "../../limits.ts";
import type { Attestation } from "../../model/attestation.ts";
import type { Comparison } from "../../model/codes.ts";
import type { Digest } from "../../model/digest.ts";
import type { Evidence } from "../../model/evidence.ts";
import type { Thresholds } from "../../model/trust.ts";
import { heldKey } from "../../verify/trust/held-key.ts";
import type { HeldKey } from "../../verify/verifier.ts";
import type { VerifyArguments } from "./arguments.ts";
import type { ExpectationSources, ExpectedSigner } from "./expectation.ts";
import { notaryExpected } from "./notary.ts";
import { required } from "./required.ts";

export { required } from "./required.ts";

export async function expectation(
  { by, trustedRoot, thresholds: stated }: VerifyArguments,
  evidence: readonly Evidence[],
  io: ExpectationSources,
): Promise<ExpectedSigner> {
  if (by.kind === "signer") return io.signerNamed(by.name, by.version);
  if (by.kind === "notary") return notaryExpected(by, io);
  if (by.kind === "anybody") throw new TypeError("a bundle is always compared with somebody");
  const thresholds = { tlog: 1, sct: 1, timestamps: 1, ...stated };
  const root =
    trustedRoot === undefined
      ? await io.publicGood()
      : loadTrustRoot(await required(trustedRoot, LIMITS.trustedRootBytes, io), trustedRoot, thresholds);
  if (by.kind === "certificate") {
    const asks = askedOf(thresholds, root.name);
    return { roots: [root], keys: [], asks, compare: ({ signer }) => compareCertificate(signer, by) };
  }
  const encoded = await required(by.file, LIMITS.keyBytes, io);
  // Nobody vouches for a time where there is no log and no root was named that could have an authority. Where a log must
  // vouch it says when: an entry without a time would never grow too old.
  const times = stated.timestamps ?? (stated.tlog === 0 && trustedRoot === undefined ? 0 : 1);
  const ofKey = { tlog: thresholds.tlog, sct: 0, timestamps: Math.max(times, Math.min(1, thresholds.tlog)) };
  // The key was chosen by hand: whatever name the bundle has for it will do.
  const key = heldKey(encoded, { usage: "policy", thresholds: ofKey, hints: evidence.flatMap(hintOf) });
  return {
    roots: [root],
    keys: [key],
    asks: askedOf(ofKey, root.name),
    compare: ({ signer }) => compareKey(signer, key),
  };
}

/** What had to vouch, in words: that nothing had to must not look like all the rest. */
function askedOf({ tlog, timestamps }: Thresholds, root: string): string {
  if (tlog === 0 && timestamps === 0) return "no log and no timestamp: what was signed alone";
  const logs = tlog === 0 ? "no log" : `${tlog} ${tlog === 1 ? "log" : "logs"}`;
  const times = timestamps === 0 ? "no time" : `${timestamps} ${timestamps === 1 ? "time" : "times"}`;
  return `${logs} and ${times} vouched for by the trust root ${root}`;
}

function hintOf(evidence: Evidence): readonly string[] {
  const bundle = "bundle" in evidence ? (evidence.bundle as { verificationMaterial?: unknown } | null) : null;
  const material = bundle?.verificationMaterial as { publicKey?: { hint?: unknown } | null } | null | undefined;
  const hint = material?.publicKey?.hint;
  return typeof hint === "string" ? [hint] : [""];
}

function compareCertificate(
  signer: Attestation["signer"],
  { identity, issuer }: { readonly identity: string; readonly issuer: string },
): readonly Comparison[] {
  if (signer.kind === "key") return [{ name: "signer", expected: identity, found: `the key ${signer.fingerprint}` }];
  const { subjectAlternativeName, issuer: found } = signer.claims;
  return [
    { name: "identity", expected: identity, found: subjectAlternativeName ?? "none" },
    { name: "issuer", expected: issuer, found: found ?? "none" },
  ].filter((one) => one.expected !== one.found);
}

function compareKey(signer: Attestation["signer"], { fingerprint }: HeldKey): readonly Comparison[] {
  const found = signer.kind === "key" ? signer.fingerprint : (signer.claims.subjectAlternativeName ?? "a certificate");
  return found === fingerprint ? [] : [{ name: "key", expected: fingerprint, found }];
}

export function digestsOf(bytes: Buffer): readonly Digest[] {
  return (["sha256", "sha512"] as const).map((algorithm) => ({
    algorithm,
    hex: createHash(algorithm).update(bytes).digest("hex"),
  }));
}
