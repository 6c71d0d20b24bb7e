import type { Evidence } from "../../../src/plugin.ts";
import { SafeInstallError } from "../../../src/plugin.ts";
import { kindsIn } from "../bytes/package.ts";
import { stripSignature } from "../bytes/strip.ts";
import { ZipFault } from "../zip.ts";

type Kind = "author" | "repository";

/** NuGet's own signature of one kind as evidence; none where the package does not carry it. */
export function ownSignature(kind: Kind, signature: Buffer | null, location: string): readonly Evidence[] {
  if (signature === null || !kindsIn(signature).includes(kind)) return [];
  return [{ source: "package", location, nugetSignature: { kind, cms: signature } }];
}

/** What a package says by itself: its own signatures, the author's first, and the bytes that they are about. */
export interface Signatures {
  readonly content: Buffer;
  readonly evidence: readonly Evidence[];
}

/** @throws SafeInstallError NOT_A_PACKAGE */
export function signaturesIn(nupkg: Buffer, location: string): Signatures {
  try {
    const { content, signature } = stripSignature(nupkg);
    const kinds: readonly Kind[] = ["author", "repository"];
    return { content, evidence: kinds.flatMap((kind) => ownSignature(kind, signature, location)) };
  } catch (error) {
    if (!(error instanceof ZipFault)) throw error;
    throw new SafeInstallError("usage", "NOT_A_PACKAGE", `not a NuGet package: ${error.message}`);
  }
}
