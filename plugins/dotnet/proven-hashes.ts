import type { Proven } from "../../src/plugin.ts";
import { packageKey } from "./names.ts";

/** By `packageKey`, the SHA-512 of what was proven, as hex: NuGet's contentHash. */
export function hashesOf(proven: readonly Proven[]): ReadonlyMap<string, string> {
  return new Map(proven.map(({ artifact, bytes }) => [packageKey(artifact.package), sha512Of(bytes.digests)]));
}

function sha512Of(digests: Proven["bytes"]["digests"]): string {
  return digests.find(({ algorithm }) => algorithm === "sha512")?.hex ?? "";
}
