import type { Claims } from "../../model/claims.ts";
import type { Attestation } from "../../model/attestation.ts";
import type { PackageRef } from "../../model/package.ts";
import type { Layer } from "../../policy/layer.ts";
import { normalName } from "../../ecosystems/names.ts";
import type { Sighting } from "./sighting.ts";

/** A recorded version of a package, and what its own metadata says of where it comes from. Unsigned. */
export interface EarlierVersion {
  readonly version: string;
  /** null: it says nothing, or could not be asked. */
  readonly repository: string | null;
}

/** Versions of the package that the policy has recorded, without this one; in normal form. */
export function recordedBefore(
  { ecosystem, name }: PackageRef,
  { recorded }: Pick<Layer, "recorded">,
): readonly string[] {
  const prefix = `${ecosystem}:${normalName(ecosystem, name)}@`;
  return [...(recorded?.digests.keys() ?? [])].flatMap((key) => {
    const version = key.startsWith(prefix) ? key.slice(prefix.length) : "@";
    return version.includes("@") ? [] : [version];
  });
}

/** Where a pipeline built it; null where none did, or it does not say. */
export function builtFrom({ found }: Pick<Sighting, "found">): string | null {
  return found.kind === "pipeline" ? (claimsOf(found.attestation)?.sourceRepositoryURI ?? null) : null;
}

function claimsOf({ signer }: Attestation): Claims | null {
  return signer.kind === "certificate" ? signer.claims : null;
}

/** Whether those that say where they come from, one of them at least, say that it is there. */
export function comesFrom(built: string | null, earlier: readonly EarlierVersion[]): boolean {
  const said = earlier.flatMap(({ repository }) => repository ?? []);
  return built !== null && said.length > 0 && said.every((one) => plainAddress(one) === plainAddress(built));
}

/** For people, after the versions. */
export function originWords(earlier: readonly EarlierVersion[]): string {
  const said = [...new Set(earlier.flatMap(({ repository }) => repository ?? []))];
  return said.length === 0 ? "says nothing of where it comes from" : `says that it comes from ${said.join(", ")}`;
}

/** `git+ssh://git@github.com/acme/widget.git` and `github:acme/widget` are `github.com/acme/widget`. */
export function plainAddress(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/^github:/, "github.com/")
    .replace(/^gitlab:/, "gitlab.com/")
    .replace(/^([a-z0-9_.-]+\/[a-z0-9_.-]+)$/, "github.com/$1")
    .replace(/^(?:git\+)?[a-z+]+:\/\//, "")
    .replace(/^[^@/]+@/, "")
    .replace(/^([^/:]+):(?!\d)/, "$1/")
    .replace(/[#?].*$/, "")
    .replace(/\/+$/, "")
    .replace(/\.git$/, "");
}
