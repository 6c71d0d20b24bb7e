import type { Denial } from "../model/codes.ts";
import { type Digest, formatDigest } from "../model/digest.ts";
import type { PackageRef } from "../model/package.ts";
import { hasExpired } from "./day.ts";
import type { Layer } from "./layer.ts";
import { packageKey } from "../ecosystems/names.ts";

/** Why the recorded digests do not admit these bytes; empty: they do. */
export function judgeRecorded(layer: Layer, ref: PackageRef, digests: readonly Digest[], now: Date): readonly Denial[] {
  const { policy, recorded } = layer;
  if (policy.recorded === undefined || recorded === null || hasExpired(policy.recorded.expires, now)) {
    return [expired(layer)];
  }
  const known = recorded.digests.get(packageKey(ref.ecosystem, ref.name, ref.version)) ?? [];
  const found = digests.map(formatDigest);
  if (found.some((digest) => known.includes(digest))) return [];
  const comparable = digests.filter(({ algorithm }) => known.some((digest) => digest.startsWith(`${algorithm}:`)));
  return comparable.length > 0
    ? [otherBytes(policy.recorded.file, known, comparable)]
    : [notRecorded(policy.recorded.file, ref, found)];
}

function expired({ name, policy }: Layer): Denial {
  return {
    code: "RULE_EXPIRED",
    message: `the recorded digests expired on ${policy.recorded?.expires ?? "an unknown day"}`,
    details: [],
    hint: `move "recorded": { "expires": ... } in ${name} after review, or write a rule with signedBy`,
  };
}

function otherBytes(file: string, known: readonly string[], found: readonly Digest[]): Denial {
  return {
    code: "RECORDED_MISMATCH",
    message: `${file} records this version with other bytes`,
    details: [{ name: "digest", expected: known.join(" or "), found: found.map(formatDigest).join(", ") }],
    hint: "somebody changed a published version: find out who before recording anything",
  };
}

function notRecorded(file: string, { name, purl }: PackageRef, found: readonly string[]): Denial {
  const digest = found.find((one) => one.startsWith("sha512:")) ?? found[0] ?? "sha512:...";
  return {
    code: "NOT_RECORDED",
    message: `${file} does not record this version`,
    details: [],
    hint: `after review: safe-install policy pin ${name} --write, or in ${file} ${JSON.stringify(purl)}: ["${digest}"]`,
  };
}
