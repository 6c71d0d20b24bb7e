/** Version ranges in each ecosystem's own grammar; what cannot be evaluated exactly is refused when the policy is read. */
import { TRAITS } from "../index.ts";
import type { Ecosystem } from "../../model/package.ts";

/** @returns what is wrong with it where it is no range, or one that names every version */
export function parseRange(ecosystem: Ecosystem, text: string): VersionRange | string {
  return TRAITS[ecosystem].parseRange(text);
}

export interface VersionRange {
  /** False also for what is not a version of the ecosystem. */
  includes(version: string): boolean;
}
