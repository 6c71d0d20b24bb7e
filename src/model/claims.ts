/**
 * The claims of a Fulcio certificate under Fulcio's own names.
 * Source: sigstore/fulcio docs/oid-info.md, arc 1.3.6.1.4.1.57264.1. The number is the last arc.
 */
export const CLAIM_OIDS = {
  issuer: 8,
  buildSignerURI: 9,
  buildSignerDigest: 10,
  runnerEnvironment: 11,
  sourceRepositoryURI: 12,
  sourceRepositoryDigest: 13,
  sourceRepositoryRef: 14,
  sourceRepositoryIdentifier: 15,
  sourceRepositoryOwnerURI: 16,
  sourceRepositoryOwnerIdentifier: 17,
  buildConfigURI: 18,
  buildConfigDigest: 19,
  buildTrigger: 20,
  runInvocationURI: 21,
  sourceRepositoryVisibilityAtSigning: 22,
  deploymentEnvironment: 23,
  tokenSubject: 24,
} as const;

export type ExtensionClaim = keyof typeof CLAIM_OIDS;
export type ClaimName = ExtensionClaim | "subjectAlternativeName";

/** Decoded values, byte for byte what the certificate says. A claim that the certificate lacks is absent. */
export type Claims = Readonly<Partial<Record<ClaimName, string>>>;
