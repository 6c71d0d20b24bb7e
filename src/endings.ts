import { PUBLIC_GOOD, type TrustRoot } from "./model/trust.ts";
import type { Ending } from "./policy/expiry.ts";
import type { Layer } from "./policy/layer.ts";
import { endOfKeys, endOfRoot } from "./verify/end.ts";
import type { HeldKey } from "./verify/held-key.ts";
import { REGISTRY_SIGNATURES } from "./model/attestation.ts";

/** When the trust roots and keys end that a layer's signers stand on; `roots` and `keys` with the built-in ones. */
export function endingsOfMaterial(
  layer: Layer,
  roots: readonly TrustRoot[],
  keys: readonly HeldKey[],
): readonly Ending[] {
  return [
    ...Object.entries(layer.roots).flatMap(([name, id]) => ofRoot(layer, name, id, roots)),
    ...ofKeys(layer, keys),
  ];
}

function ofRoot(layer: Layer, name: string, id: string, roots: readonly TrustRoot[]): readonly Ending[] {
  const [user] = Object.entries(layer.policy.signers ?? {})
    .filter(([, signer]) => (signer.trust ?? PUBLIC_GOOD) === name && isUnderRoot(signer))
    .map(([one]) => one);
  const root = roots.find((one) => one.id === id);
  const ends = user === undefined || root === undefined ? null : endOfRoot(root);
  if (user === undefined || ends === null) return [];
  const isBuiltIn = name === PUBLIC_GOOD;
  return [
    {
      what: `trust root ${name}`,
      ends,
      path: isBuiltIn ? ["signers", user] : ["trust", name],
      hint: isBuiltIn ? "it came with safe-install: update it" : "ask its operator for the new trusted_root.json",
    },
  ];
}

function isUnderRoot(signer: NonNullable<Layer["policy"]["signers"]>[string]): boolean {
  return signer.npmRegistry === undefined && signer.nugetSignature === undefined && signer.publicKey === undefined;
}

function ofKeys(layer: Layer, keys: readonly HeldKey[]): readonly Ending[] {
  const [user] =
    Object.entries(layer.policy.signers ?? {}).find(([, { npmRegistry }]) => npmRegistry !== undefined) ?? [];
  const ends = endOfKeys(keys.filter(({ usage }) => usage === REGISTRY_SIGNATURES));
  if (user === undefined || ends === null) return [];
  const hint = "they came with safe-install: update it";
  return [{ what: "the npm registry's keys", ends, path: ["signers", user, "npmRegistry"], hint }];
}
