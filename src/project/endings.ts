import { PUBLIC_GOOD, type Thresholds, type TrustRoot } from "../model/trust.ts";
import type { Ending } from "../policy/expiry.ts";
import type { Layer } from "../policy/layer.ts";
import type { HeldKey } from "../verify/trust/held-key.ts";
import { REGISTRY_SIGNATURES } from "../model/attestation.ts";
import { instancesOf } from "../verify/trust/anchor.ts";
import { type Authority, type Material, readTrustedRoot } from "../verify/trust/trusted-root.ts";

/** When the trust roots and keys end that a layer's signers stand on; `roots` and `keys` with the built-in ones. */
export function endingsOfMaterial(
  layer: Layer,
  roots: readonly TrustRoot[],
  keys: readonly HeldKey[],
): readonly Ending[] {
  return [
    ...Object.entries(layer.roots).flatMap(([name, id]) => ofRoot(layer, name, id, roots)),
    ...ofKeys(layer, keys),
    ...ofTrustStores(layer),
  ];
}

function ofRoot(layer: Layer, name: string, id: string, roots: readonly TrustRoot[]): readonly Ending[] {
  const [user] = Object.entries(layer.policy.signers ?? {})
    .filter(([, signer]) => (signer.trust ?? PUBLIC_GOOD) === name && isUnderRoot(signer))
    .map(([one]) => one);
  const root = roots.find((one) => one.id === id);
  if (user === undefined || root === undefined) return [];
  const ends = endOfRoot(root);
  if (ends === null) return [];
  const isBuiltIn = name === PUBLIC_GOOD;
  return [
    {
      what: `trust root ${name}`,
      ends,
      path: isBuiltIn ? ["signers", user] : ["trust", name],
      hint: root?.tuf === undefined ? "ask its operator for the new trusted_root.json" : "safe-install trust update",
    },
  ];
}

function isUnderRoot(signer: NonNullable<Layer["policy"]["signers"]>[string]): boolean {
  const { npmRegistry, nugetSignature, publicKey, notary } = signer;
  return [npmRegistry, nugetSignature, publicKey, notary].every((kind) => kind === undefined);
}

function ofKeys(layer: Layer, keys: readonly HeldKey[]): readonly Ending[] {
  const [user] =
    Object.entries(layer.policy.signers ?? {}).find(([, { npmRegistry }]) => npmRegistry !== undefined) ?? [];
  const ends = endOfKeys(keys.filter(({ usage }) => usage === REGISTRY_SIGNATURES));
  if (user === undefined || ends === null) return [];
  const hint = "safe-install trust update";
  return [{ what: "the npm registry's keys", ends, path: ["signers", user, "npmRegistry"], hint }];
}

/** The certificates of the Notary Project's trust stores: a chain is judged with them, and ends with the first of it. */
function ofTrustStores({ notary = {} }: Layer): readonly Ending[] {
  return Object.entries(notary).flatMap(([name, { certificates }]) =>
    certificates.map(({ file, type, notAfter, isAuthority }) => ({
      what: `${file} of the signer ${name}`,
      ends: notAfter,
      path: ["signers", name, "notary", type === "tsa" ? "tsa" : "trustStore"],
      hint: isAuthority ? "ask the authority for its successor" : "ask the signer for the new certificate",
    })),
  );
}

/**
 * When a trust root stops to vouch for what is signed from then on; null: it names no end. Instances that have ended
 * stand beside their successors in every old root, so that the latest of each kind counts.
 */
export function endOfRoot(root: TrustRoot): Date | null {
  const ends = instancesOf(root).map((json) => endOfInstance(readTrustedRoot(json, root.name), root.thresholds));
  return known(latest(ends));
}

/** The same for keys that succeed one another; null also where there is none. */
export function endOfKeys(keys: readonly HeldKey[]): Date | null {
  return known(latest(keys.map(({ validFor }) => validFor.end ?? NEVER)));
}

const NEVER = new Date(8_640_000_000_000_000);

/** The first of its needed parts to end: an authority, and as many kinds of logs and clocks as the thresholds ask for. */
function endOfInstance(material: Material, { tlog, sct }: Thresholds): Date {
  const parts: readonly (readonly Date[])[] = [
    material.certificateAuthorities.map(endOfAuthority),
    ...(tlog > 0 ? [material.tlogs.map(({ validFor }) => validFor.end)] : []),
    ...(tlog > 0 ? [] : [material.timestampAuthorities.map(endOfAuthority)]),
    ...(sct > 0 ? [material.ctlogs.map(({ validFor }) => validFor.end)] : []),
  ];
  return earliest(parts.filter((ends) => ends.length > 0).map(latest));
}

/** What it signs is valid no longer than every certificate of its chain. */
function endOfAuthority({ read, validFor }: Authority): Date {
  return earliest([validFor.end, ...read.map(({ notAfter }) => notAfter)]);
}

function latest(dates: readonly Date[]): Date {
  return new Date(Math.max(...dates.map(Number)));
}

function earliest(dates: readonly Date[]): Date {
  return new Date(Math.min(NEVER.getTime(), ...dates.map(Number)));
}

function known(date: Date): Date | null {
  return Number.isNaN(date.getTime()) || date.getTime() >= NEVER.getTime() ? null : date;
}
