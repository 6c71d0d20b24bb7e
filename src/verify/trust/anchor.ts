import { type KeyObject, createPublicKey } from "node:crypto";
import type { X509Certificate } from "@sigstore/core";
import { type Certificate, authorityKeyId, subjectKeyId } from "../certificate/certificate.ts";
import { POLICY_KEYS } from "../../model/attestation.ts";
import type { HeldKey } from "./held-key.ts";
import type { Thresholds, TrustRoot } from "../../model/trust.ts";
import { type Material, readTrustedRoot } from "./trusted-root.ts";

/** One ground on which a bundle can be trusted: an instance of a trust root, alone or with a held key. */
export interface Anchor {
  /** `TrustRoot.id`; null for a key that needs no log. */
  readonly root: string | null;
  /** `TrustRoot.name`, for messages. */
  readonly name: string | null;
  readonly material: Material;
  readonly thresholds: Thresholds;
  readonly key: AnchoredKey | null;
}

interface AnchoredKey {
  readonly held: HeldKey;
  readonly publicKey: KeyObject;
}

const NOTHING: Material = { certificateAuthorities: [], timestampAuthorities: [], tlogs: [], ctlogs: [] };
/** npm's keys for packument signatures have the names of those for attestations. */
const BUNDLE_USAGES: readonly string[] = ["npm:attestations", POLICY_KEYS];

/** Every ground there is. A root file of several instances gives several with one id. @throws SafeInstallError */
export function anchorsOf(roots: readonly TrustRoot[], keys: readonly HeldKey[]): readonly Anchor[] {
  const instances = roots.flatMap((root) => instancesOf(root).map((json) => anchorOf(root, json)));
  return [
    ...instances,
    ...keys.filter(({ usage }) => BUNDLE_USAGES.includes(usage)).flatMap((key) => withKey(key, instances)),
  ];
}

/** The JSON of each instance that a root's file holds. */
export function instancesOf({ json }: Pick<TrustRoot, "json">): readonly unknown[] {
  return Array.isArray(json) ? json : [json];
}

function anchorOf({ id, name, thresholds }: TrustRoot, json: unknown): Anchor {
  return { root: id, name, material: readTrustedRoot(json, name), thresholds, key: null };
}

function withKey(held: HeldKey, instances: readonly Anchor[]): readonly Anchor[] {
  const { thresholds, roots, spki } = held;
  const key = { held, publicKey: createPublicKey({ key: spki, format: "der", type: "spki" }) };
  const admitted = instances.filter(({ root }) => roots === null || (root !== null && roots.includes(root)));
  const alone = thresholds.tlog === 0 && thresholds.timestamps === 0;
  return [
    ...admitted.map((anchor) => ({ ...anchor, thresholds, key })),
    ...(alone ? [{ root: null, name: null, material: NOTHING, thresholds, key }] : []),
  ];
}

/** The anchors that hold the authority that a certificate names as its issuer; it must then hold under one of them. None: it is somebody else's. */
export function addressed<A extends Anchor>(anchors: readonly A[], certificate: Certificate): readonly A[] {
  return anchors.filter(({ key, material }) => key === null && names(material, certificate));
}

/** The anchors with a key that a bundle's hint names: the likely ones, and no more than that. */
export function hinted<A extends Anchor>(anchors: readonly A[], hint: string): readonly A[] {
  return anchors.filter(({ key }) => key?.held.hints.includes(hint) === true);
}

/** Those with a key that a policy holds: a hint may be somebody's own word for one of them (a KMS address), or a wrong one. */
export function ofPolicies<A extends Anchor>(anchors: readonly A[]): readonly A[] {
  return anchors.filter(({ key }) => key?.held.usage === POLICY_KEYS);
}

/** Of the anchors with the key that signed: where a bundle brings log entries or timestamps, those with a root that can vouch for them. */
export function fitting<A extends Anchor>(held: readonly A[], vouched: boolean): readonly A[] {
  const found = held.filter(({ root }) => (root !== null) === vouched);
  return found.length > 0 ? found : held;
}

function names(material: Material, certificate: Certificate): boolean {
  return issuersOf(material, certificate).length > 0;
}

/** Who may have issued it: by authority key id, else by the issuer's name (RFC 5280 section 4.2.1.1). */
export function issuersOf({ certificateAuthorities }: Material, certificate: Certificate): readonly X509Certificate[] {
  const wanted = authorityKeyId(certificate);
  return certificateAuthorities.flatMap(({ read, certChain }) =>
    certChain.filter((_, n) => {
      const authority = read[n]!;
      const identifier = subjectKeyId(authority);
      return wanted === null || identifier === null
        ? authority.subject.equals(certificate.issuer)
        : identifier.equals(wanted);
    }),
  );
}
