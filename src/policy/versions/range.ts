/** Version ranges in each ecosystem's own grammar; what cannot be evaluated exactly is refused when the policy is read. */
import type { Ecosystem } from "../../model/package.ts";
import type { VersionRange } from "./version-range.ts";
import { nugetRange } from "./nuget.ts";
import { pypiRange } from "./pypi.ts";
import { npmRange } from "./npm.ts";

const GRAMMARS: Readonly<Record<Ecosystem, (text: string) => VersionRange | string>> = {
  npm: npmRange,
  pypi: pypiRange,
  nuget: nugetRange,
};

/** @returns what is wrong with it where it is no range, or one that names every version */
export function parseRange(ecosystem: Ecosystem, text: string): VersionRange | string {
  return GRAMMARS[ecosystem](text);
}
