import { packageKey } from "../../ecosystems/names.ts";
import { parsePurl } from "../../ecosystems/purl.ts";
import type { Attestation } from "../../model/attestation.ts";
import type { Comparison } from "../../model/codes.ts";
import type { PackageRef } from "../../model/package.ts";
import type { Rule } from "../schema/index.ts";
import { said } from "./said.ts";

const ABSENT = "(the summary does not say)";

/**
 * What of the rule's `vsa` a verification summary does not say: that this very package passed, under the verifier that the
 * rule names, at each level that it asks for. Empty: all of it. Who signed it is compared as of any statement.
 */
export function compareVsa({ vsa }: Rule, { predicate }: Attestation, ref: PackageRef): readonly Comparison[] {
  if (vsa === undefined) return [];
  const levels = said.list(predicate, "verifiedLevels");
  const missing = vsa.levels.filter((level) => !levels.some((found) => reaches(found, level)));
  const [algorithm = "", hex = ""] = (vsa.policyDigest ?? "").split(":");
  return [
    ...compare("verificationResult", "PASSED", said.text(predicate, "verificationResult")),
    ...compare("verifier", vsa.verifier, said.text(predicate, "verifier", "id")),
    ...compareResource(ref, said.text(predicate, "resourceUri")),
    ...missing.map((level) => ({ name: "verifiedLevels", expected: level, found: levels.join(", ") || ABSENT })),
    ...(vsa.policyDigest === undefined
      ? []
      : compare("policy", hex, said.text(predicate, "policy", "digest", algorithm)?.toLowerCase())),
  ];
}

/** What of a summary that `attestations` asks for does not say that this very package passed, whoever verified it. */
export function comparePassed({ predicate }: Attestation, ref: PackageRef): readonly Comparison[] {
  // Until 0.2 the members were spelt so.
  const result = said.text(predicate, "verificationResult") ?? said.text(predicate, "verification_result");
  const resource = said.text(predicate, "resourceUri") ?? said.text(predicate, "resource_uri");
  return [...compare("verificationResult", "PASSED", result), ...compareResource(ref, resource)];
}

function compare(name: string, expected: string, found: string | undefined): readonly Comparison[] {
  return expected === found ? [] : [{ name, expected, found: found ?? ABSENT }];
}

/** A package URL without qualifiers, in the ecosystem's own form: what is about more or less is about something else. */
function compareResource(
  { ecosystem, name, version, purl }: PackageRef,
  found: string | undefined,
): readonly Comparison[] {
  const read = found === undefined ? null : parsePurl(found);
  const isSame =
    read?.ecosystem === ecosystem &&
    read.version !== null &&
    packageKey(ecosystem, read.name, read.version) === packageKey(ecosystem, name, version);
  return isSame ? [] : [{ name: "resourceUri", expected: purl, found: found ?? ABSENT }];
}

/** A summary names the highest level of each track alone, and a level includes those below it. */
function reaches(found: string, wanted: string): boolean {
  if (found === wanted) return true;
  const [one, other] = [found, wanted].map((text) => /^(SLSA_[A-Z]+_LEVEL_)([0-9])$/.exec(text));
  return one?.[1] !== undefined && one[1] === other?.[1] && Number(one[2]) >= Number(other[2]);
}
