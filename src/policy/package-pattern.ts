import { TRAITS } from "../ecosystems/index.ts";
import type { Ecosystem, PackageRef } from "../model/package.ts";
import { normalName } from "../ecosystems/names.ts";
import { isName } from "../ecosystems/purl.ts";

/** `npm:@acme/*` read: which names of one ecosystem it is for. */
export interface PackagePattern {
  readonly ecosystem: Ecosystem;
  /** In normal form; the whole name where `exact`, else its beginning. */
  readonly literal: string;
  readonly exact: boolean;
}

/** @returns what is wrong with it where it is no pattern */
export function parsePackagePattern(text: string): PackagePattern | string {
  const colon = text.indexOf(":");
  const ecosystem = text.slice(0, colon) as Ecosystem;
  const exact = !text.endsWith("*");
  const name = text.slice(colon + 1, exact ? undefined : -1);
  if (exact && !isName(ecosystem, name)) return `"${name}" is not a package name of ${ecosystem}`;
  if (!exact && !isBeginning(ecosystem, name))
    return `"${name}" is not the beginning of a package name of ${ecosystem}`;
  if (!exact && TRAITS[ecosystem].isScoped && name.startsWith("@") && !name.includes("/")) {
    return `would reach beyond one scope: write ${ecosystem}:@SCOPE/*`;
  }
  return { ecosystem, literal: normalName(ecosystem, name), exact };
}

/** Whether the pattern matches the name (never the version). */
export function covers(pattern: PackagePattern, { ecosystem, name }: PackageRef): boolean {
  if (pattern.ecosystem !== ecosystem) return false;
  const normal = normalName(ecosystem, name);
  return pattern.exact ? normal === pattern.literal : normal.startsWith(pattern.literal);
}

/** The more specific first: an exact name, then the longer literal beginning. */
export function compareSpecificity(left: PackagePattern, right: PackagePattern): number {
  return Number(right.exact) - Number(left.exact) || right.literal.length - left.literal.length;
}

export function patternKey({ ecosystem, literal, exact }: PackagePattern): string {
  return `${ecosystem}:${literal}${exact ? "" : "*"}`;
}

/** What can be continued to a name. */
function isBeginning(ecosystem: Ecosystem, text: string): boolean {
  return (
    text === "" || isName(ecosystem, `${text}a`) || (TRAITS[ecosystem].isScoped && isName(ecosystem, `${text}a/a`))
  );
}
