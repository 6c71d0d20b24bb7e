import type { Ecosystem } from "../model/package.ts";
import { npm } from "./npm.ts";
import { nuget } from "./nuget.ts";
import { pypi } from "./pypi.ts";
import type { EcosystemTraits, VersionRange } from "./traits.ts";

/** Closed: what is not in here can stand in no policy. */
export const TRAITS: Readonly<Record<Ecosystem, EcosystemTraits>> = { npm, pypi, nuget };

/** @returns what is wrong with it where it is no range, or one that names every version */
export function parseRange(ecosystem: Ecosystem, text: string): VersionRange | string {
  return TRAITS[ecosystem].parseRange(text);
}
