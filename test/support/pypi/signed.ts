import { pipelineOf, policyFor as policyOf } from "../signed.ts";
import { type Identity, type Instance, type Statement } from "../sigstore.ts";
import type { Index, Published } from "../pypi.ts";
import { type Distribution, sha256 } from "./distributions.ts";

export const PUBLISH = "https://docs.pypi.org/attestations/publish/v1";

export { pipelineOf };

interface Minted {
  readonly verificationMaterial: {
    readonly certificate: { readonly rawBytes: string };
    readonly tlogEntries: readonly unknown[];
    readonly timestampVerificationData?: {
      readonly rfc3161Timestamps: readonly { readonly signedTimestamp: string }[];
    };
  };
  readonly dsseEnvelope: { readonly payload: string; readonly signatures: readonly { readonly sig: string }[] };
}

/** A bundle as an index carries it (PEP 740). */
export function attestationOf(bundle: Record<string, unknown>): Record<string, unknown> {
  const { verificationMaterial: material, dsseEnvelope: envelope } = bundle as unknown as Minted;
  const stamps = material.timestampVerificationData?.rfc3161Timestamps.map(({ signedTimestamp }) => signedTimestamp);
  return {
    version: 1,
    verification_material: {
      certificate: material.certificate.rawBytes,
      transparency_entries: material.tlogEntries,
      ...(stamps === undefined ? {} : { timestamps: stamps }),
    },
    envelope: { statement: envelope.payload, signature: envelope.signatures[0]?.sig },
  };
}

/** What the index says around it is not signed: any publisher will do. */
export function provenanceOf(
  attestations: readonly unknown[],
  publisher: unknown = { kind: "GitHub", repository: "said/by-the-index", workflow: "any.yml", claims: null },
): Record<string, unknown> {
  return { version: 1, attestation_bundles: [{ publisher, attestations }] };
}

/** Signs as `acme/NAME` at the version's tag, unless told otherwise. */
export async function attest(
  instance: Instance,
  file: Distribution,
  name: string,
  version: string,
  what: Partial<Statement> & { readonly identity?: Identity } = {},
): Promise<Record<string, unknown>> {
  return instance.attest({
    identity: pipelineOf(name, version),
    subjects: [{ name: file.filename, digest: { sha256: sha256(file.bytes) } }],
    predicateType: PUBLISH,
    predicate: null,
    ...what,
  });
}

export async function publishSigned(
  index: Index,
  instance: Instance,
  file: Distribution & Partial<Published>,
  what: Partial<Statement> & { readonly identity?: Identity } = {},
): Promise<Published> {
  const [name = "", version = ""] = file.filename.replace(/\.tar\.gz$/, "").split("-");
  const bundle = await attest(instance, file, name, version, what);
  return index.publish({ ...file, provenance: provenanceOf([attestationOf(bundle)]) });
}

/** A policy that trusts the test instance and pins each project to `acme/NAME`. */
export function policyFor(
  names: readonly string[],
  part: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  return policyOf(names, part, "pypi");
}
