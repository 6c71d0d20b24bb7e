import { comparedIn } from "../../src/policy/compared.ts";
import type { Layer } from "../../src/policy/layer.ts";
import { type Digest, parseDigest } from "../../src/model/digest.ts";
import { OTHER_SHA512, SHA256, SHA512, artifact, layer } from "../support/policy.ts";
import { describe, expect, it } from "vitest";

const NAME = "npm:@acme/widget@2.1.0";
const PURL = "pkg:npm/%40acme/widget@2.1.0";
const excepting = (digests: readonly string[], purl = PURL) =>
  layer({ exceptions: [{ package: purl, digests, excuses: ["NO_EVIDENCE"], reason: "x", expires: "2027-01-01" }] });
const recording = (digests: readonly string[], purl = PURL) => layer({}, { recordedPackages: { [purl]: digests } });
const revoking = (more: object) => layer({ revoked: [{ reason: "x", ...more }] });
const compared = (layers: readonly Layer[], ...known: readonly string[]) =>
  comparedIn(layers, { ...artifact(NAME), digests: known.map((one) => parseDigest(one) as Digest) });

describe("in which algorithms the policies speak of an artifact's bytes", () => {
  it.each<[string, readonly Layer[], readonly string[], readonly string[]]>([
    ["no policy speaks of bytes", [layer({})], [], []],
    ["every revoked digest, known or not", [revoking({ digest: SHA256 })], [SHA256], ["sha256"]],
    ["a revocation of something else", [revoking({ package: PURL })], [], []],
    ["an exception for this version", [excepting([SHA512])], [], ["sha512"]],
    ["an exception in what the lock states", [excepting([SHA512])], [SHA512], []],
    ["one algorithm that is known is enough", [excepting([SHA256, SHA512])], [SHA512], []],
    ["none of an exception's is known", [excepting([SHA256])], [SHA512], ["sha256"]],
    ["known among others", [excepting([SHA256])], [SHA512, SHA256], []],
    ["each algorithm once", [excepting([SHA512, OTHER_SHA512]), revoking({ digest: SHA512 })], [], ["sha512"]],
    ["an exception for another version", [excepting([SHA512], "pkg:npm/%40acme/widget@2.1.1")], [], []],
    ["an exception for another package", [excepting([SHA512], "pkg:npm/%40acme/gadget@2.1.0")], [], []],
    ["what is recorded for this version", [recording([SHA512])], [], ["sha512"]],
    ["recorded in what the lock states", [recording([SHA512])], [SHA512], []],
    ["what is recorded for another version", [recording([SHA512], "pkg:npm/%40acme/widget@2.1.1")], [], []],
    ["of each layer by itself", [recording([SHA512]), excepting([SHA256])], [SHA512], ["sha256"]],
    ["revoked first", [excepting([SHA512]), revoking({ digest: SHA256 })], [], ["sha256", "sha512"]],
  ])("%s", (_, layers, known, expected) => {
    expect(compared(layers, ...known)).toEqual(expected);
  });

  it("what the parser would not let through speaks of nothing", () => {
    const one = excepting([SHA512]);
    const [exception] = one.policy.exceptions ?? [];
    const bent = (purl: string) => ({
      ...one,
      policy: { ...one.policy, exceptions: [{ ...exception, package: purl }] },
    });
    for (const purl of ["nonsense", "pkg:npm/%40acme/widget"]) {
      expect(compared([bent(purl) as Layer])).toEqual([]);
    }
  });
});
