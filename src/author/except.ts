import { type Code, CODES } from "../model/codes.ts";
import type { SafeInstallError } from "../errors.ts";
import { packageKey } from "../ecosystems/names.ts";
import { parsePurl } from "../ecosystems/purl.ts";
import type { PackageRef } from "../model/package.ts";
import { nearest } from "../nearest.ts";
import { misused } from "../words.ts";
import type { Exception, Policy } from "../policy/schema/index.ts";
import type { Sighting } from "./propose/sighting.ts";

/** What a person says of an exception. */
export interface Grant {
  readonly codes: readonly Code[];
  readonly reason: string;
  readonly approvedBy: string | null;
  readonly days: number;
}

/** A day and a year: what is to last longer wants a rule. */
export const MOST_DAYS = 366;

/** @throws SafeInstallError kind "usage": no code, or one that no exception may excuse */
export function excusable(words: readonly string[]): readonly Code[] {
  return words.map((word) => {
    const known = Object.keys(CODES) as Code[];
    const code = known.find((one) => one === word);
    if (code === undefined) throw usage(`--code ${word}: no code of a package${nearest(word, new Set(known))}`);
    if (!CODES[code].excusable) throw usage(`--code ${word}: no exception may excuse it`);
    return code;
  });
}

/** One exception a version, for the bytes that were seen; an earlier one for the same version and bytes gives way. */
export function withExceptions(policy: Policy, sightings: readonly Sighting[], grant: Grant, now: Date): Policy {
  const { codes, reason, approvedBy, days } = grant;
  const fresh = sightings.map(({ package: { purl }, digests }): Exception => {
    if (digests.length === 0) throw usage(`${purl}: its bytes are not known, and an exception is for bytes`);
    return {
      package: purl,
      digests: [...digests],
      excuses: [...codes],
      reason,
      ...(approvedBy === null ? {} : { approvedBy }),
      since: dayAfter(now, 0),
      expires: dayAfter(now, days),
    };
  });
  const kept = (policy.exceptions ?? []).filter((one) => !fresh.some((other) => isSame(one, other)));
  return { ...policy, exceptions: [...kept, ...fresh] };
}

function isSame(one: Exception, other: Exception): boolean {
  const [left, right] = [one, other].map(({ digests, excuses }) =>
    JSON.stringify([digests, excuses].map((all) => all.toSorted())),
  );
  return isOf(one, parsePurl(other.package)) && left === right;
}

/** Those of these packages count for so many days from now; since when they do, for what bytes and why stays. */
export function withRenewed(policy: Policy, packages: readonly NamedPackage[], days: number, now: Date): Policy {
  const expires = dayAfter(now, days);
  const isMeant = (one: Exception) => packages.some((named) => isOf(one, named));
  return {
    ...policy,
    exceptions: (policy.exceptions ?? []).map((one) => (isMeant(one) ? { ...one, expires } : one)),
  };
}

type NamedPackage = Pick<PackageRef, "ecosystem" | "name"> & { readonly version: string | null };

/** The packages that exceptions are for, as references. */
export function exceptedPackages({ exceptions = [] }: Policy): readonly { readonly package: PackageRef }[] {
  return exceptions.flatMap(({ package: purl }) => {
    const read = parsePurl(purl);
    if (read === null || read.version === null) return [];
    return [{ package: { ecosystem: read.ecosystem, name: read.name, version: read.version, purl } }];
  });
}

function isOf({ package: purl }: Exception, named: NamedPackage | null): boolean {
  const read = parsePurl(purl);
  if (read === null || named === null || read.version === null || named.version === null) return false;
  return packageKey(read.ecosystem, read.name, read.version) === packageKey(named.ecosystem, named.name, named.version);
}

const DAY = 86_400_000;

function dayAfter(now: Date, days: number): string {
  return new Date(now.getTime() + days * DAY).toISOString().slice(0, 10);
}

function usage(message: string): SafeInstallError {
  return misused(message, "policy");
}
