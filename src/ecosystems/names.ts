import { TRAITS } from "./index.ts";
import type { Ecosystem } from "../model/package.ts";

/**
 * A package name in its ecosystem's normal form, in which names are compared. Also good for the literal beginning of a name.
 * npm: exact. PyPI: PEP 503. NuGet: ASCII letters folded (other letters stay, so that none turns into an ASCII one).
 */
export function normalName(ecosystem: Ecosystem, name: string): string {
  return TRAITS[ecosystem].normalName(name);
}

/** Equal for equal packages of equal version: `npm:@acme/widget@2.1.0`. The version is compared as the registry spells it. */
export function packageKey(ecosystem: Ecosystem, name: string, version: string): string {
  return `${ecosystem}:${normalName(ecosystem, name)}@${version}`;
}
