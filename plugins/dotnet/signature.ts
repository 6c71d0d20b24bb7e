import type { Artifact, Evidence } from "../../src/plugin.ts";
import { kindsIn, type Opened } from "./package.ts";

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
