import { TRAITS } from "./index.ts";
import type { Ecosystem } from "../model/package.ts";

/**
 * A package name in its ecosystem's normal form, in which names are compared. Also good for the literal beginning of a name.
 * npm: exact. PyPI: PEP 503. NuGet: ASCII letters folded (other letters stay, so that none turns into an ASCII one).
 */
export function normalName(ecosystem: Ecosystem, name: string): string {
  return TRAITS[ecosystem].normalName(name);
}

/** A version in its ecosystem's normal form: PEP 440's, NuGet's (`1.0-BETA` is `1.0.0-beta`), semver's without build metadata. */
export function normalVersion(ecosystem: Ecosystem, version: string): string {
  return TRAITS[ecosystem].normalVersion(version);
}

/** Equal for equal packages of equal version, however name and version are spelled: `npm:@acme/widget@2.1.0`. */
export function packageKey(ecosystem: Ecosystem, name: string, version: string): string {
  return `${ecosystem}:${normalName(ecosystem, name)}@${normalVersion(ecosystem, version)}`;
}
