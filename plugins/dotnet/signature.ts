import type { Artifact, Evidence } from "../../src/plugin.ts";
import type { Opened } from "./package.ts";

/**
 * Which signatures a package seems to carry, by the commitment types that occur in it (RFC 5126, 5.11.1): proof of
 * origin is an author's, proof of receipt a repository's. A hint about where to look, nothing more.
 */
export function kindsIn(signature: Buffer): readonly ("author" | "repository")[] {
  const has = (last: number) => signature.includes(Buffer.from([...COMMITMENT, last]));
  return [...(has(1) ? (["author"] as const) : []), ...(has(2) ? (["repository"] as const) : [])];
}

/** 1.2.840.113549.1.9.16.6 in DER, with tag and length. */
const COMMITMENT = [0x06, 0x0b, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x06];

/** NuGet's own signature of one kind as evidence; none where the package does not carry it. */
export function ownSignature(
  kind: "author" | "repository",
  { signature }: Opened,
  { package: ref }: Artifact,
): readonly Evidence[] {
  if (signature === null || !kindsIn(signature).includes(kind)) return [];
  const location = `${ref.purl}#.signature.p7s`;
  return [{ source: "package", location, nugetSignature: { kind, cms: signature } }];
}
