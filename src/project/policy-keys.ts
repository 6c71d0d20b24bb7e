import { SafeInstallError } from "../errors.ts";
import { LIMITS } from "../limits.ts";
import { POLICY_KEYS } from "../model/attestation.ts";
import { PUBLIC_GOOD, type Thresholds } from "../model/trust.ts";
import type { Layer, SignerKey } from "../policy/layer.ts";
import type { Policy, Signer, TrustEntry } from "../policy/schema/index.ts";
import { type HeldKey, heldKey } from "../verify/trust/held-key.ts";
import { type PolicyPlace, readNamedBytes } from "./policy-names.ts";

/** The keys that a policy's signers name: for the verifier, and by signer for the policy. */
interface PolicyKeys {
  readonly held: readonly HeldKey[];
  readonly bySigner: NonNullable<Layer["keys"]>;
}

/** @throws SafeInstallError kind "policy": a file is missing, or not one public key that signs here */
export async function readKeys(
  place: PolicyPlace,
  { signers = {}, trust }: Policy,
  roots: Layer["roots"],
): Promise<PolicyKeys> {
  const read = await Promise.all(
    Object.entries(signers).map(async ([name, signer]) => [name, await keysOf(place, signer, trust, roots)] as const),
  );
  const named = read.filter(([, keys]) => keys.length > 0);
  return {
    held: named.flatMap(([, keys]) => keys.map(({ held }) => held)),
    bySigner: Object.fromEntries(named.map(([name, keys]) => [name, keys.map(({ key }) => key)])),
  };
}

async function keysOf(
  place: PolicyPlace,
  { publicKey, trust = PUBLIC_GOOD }: Signer,
  trusted: Policy["trust"],
  roots: Layer["roots"],
): Promise<readonly { readonly held: HeldKey; readonly key: SignerKey }[]> {
  const root = Object.hasOwn(roots, trust) ? roots[trust] : undefined;
  const named = trusted !== undefined && Object.hasOwn(trusted, trust) ? trusted[trust] : undefined;
  const thresholds = thresholdsOf(publicKey?.tlog ?? 1, named);
  return Promise.all(
    (publicKey?.files ?? []).map(async (file) => {
      const held = await readKey(place, file, thresholds, root === undefined ? [] : [root]);
      return { held, key: { file, id: held.id, fingerprint: held.fingerprint } };
    }),
  );
}

/**
 * What the policy asks for of a root that the signer names is asked of its keys too. The key may ask for more logs, and for
 * none only where the policy says nothing of the root's. Where logs must vouch, one of them (or an authority) says when: an
 * entry without a time would never grow too old.
 */
function thresholdsOf(tlog: number, root: TrustEntry | undefined): Thresholds {
  const logs = Math.max(tlog, root?.tlog ?? 0);
  const times = root?.timestamps ?? 0;
  return { tlog: logs, sct: 0, timestamps: Math.max(times, Math.min(1, logs)) };
}

async function readKey(
  place: PolicyPlace,
  file: string,
  thresholds: Thresholds,
  roots: readonly string[],
): Promise<HeldKey> {
  const encoded = await readNamedBytes(place, file, LIMITS.keyBytes);
  try {
    return heldKey(encoded, {
      usage: POLICY_KEYS,
      thresholds,
      roots,
    });
  } catch (error) {
    if (!(error instanceof SafeInstallError)) throw error;
    throw new SafeInstallError("policy", error.code, `${place.name} names ${file}: ${error.message}`, {
      hint: error.hint ?? "openssl ec -in private.pem -pubout, or: cosign public-key --key kms://...",
    });
  }
}
