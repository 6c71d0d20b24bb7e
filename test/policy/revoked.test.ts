import type { Attestation } from "../../src/model/attestation.ts";
import { parseDigest, type Digest } from "../../src/model/digest.ts";
import type { Layer } from "../../src/policy/layer.ts";
import { revocationsOf, revocationsOfAttestation } from "../../src/policy/revoked.ts";
import { attestation } from "../support/attestation.ts";
import { FOREIGN, OTHER_SHA512, SHA256, SHA512, WIDGET, facts, layer, signedBy, verified } from "../support/policy.ts";
import { describe, expect, it } from "vitest";

const NAME = "npm:@acme/widget@2.1.0";
const RUN = "https://github.com/acme/widget/actions/runs/1";
const signers = {
  widget: { githubActions: { repository: "acme/widget" } },
  vendor: { publicKey: { files: ["v.pem"] } },
};
const revoking = (...entries: readonly object[]) =>
  layer({ signers, revoked: entries.map((one) => ({ reason: "stolen", ...one })) });
const digestOf = (text: string) => parseDigest(text) as Digest;
/** What of which entry is met, as the message has it. */
const met = (one: Layer, more: Parameters<typeof facts>[1] = {}, name = NAME) =>
  revocationsOf([one], facts(name, more)).map(({ message }) =>
    /revokes (.+) \(revoked\[(\d+)\]\)/.exec(message)?.slice(1),
  );
const KEYED = { widget: [], vendor: [{ file: "v.pem", id: "held", fingerprint: "sha256:x" }] };
const KEY = { kind: "key", fingerprint: "sha256:x", usage: "elsewhere" } as const;

describe("a package", () => {
  it.each([
    ["pkg:npm/%40acme/widget@2.1.0", true],
    ["pkg:npm/%40acme/widget", true],
    ["pkg:npm/%40acme/widget@2.1.1", false],
    ["pkg:npm/%40acme/gadget@2.1.0", false],
    ["pkg:npm/%40acme/gadget", false],
    ["pkg:pypi/widget@2.1.0", false],
  ])("%s: %s", (purl, expected) => {
    expect(met(revoking({ package: purl }))).toEqual(expected ? [["the package", "0"]] : []);
  });

  it("of one ecosystem alone, however the name is spelt there", () => {
    const one = revoking({ package: "pkg:pypi/my-lib@2.1" });
    expect(met(one, {}, "pypi:My_Lib@2.1.0")).toEqual([["the package", "0"]]);
    expect(met(one, {}, "npm:my-lib@2.1")).toEqual([]);
  });

  it("what no parser would let through revokes nothing", () => {
    const one = revoking({ package: "pkg:npm/a" });
    const bent = { ...one, policy: { ...one.policy, revoked: [{ package: "nonsense", reason: "x" }] } };
    expect(met(bent)).toEqual([]);
  });
});

describe("bytes", () => {
  it.each([
    ["the artifact's", SHA512, {}, true],
    ["one of several", SHA512, { sha: [SHA256, SHA512] }, true],
    ["another form's", OTHER_SHA512, { otherDigests: [digestOf(SHA256), digestOf(OTHER_SHA512)] }, true],
    ["others", OTHER_SHA512, {}, false],
    ["others in every form", OTHER_SHA512, { otherDigests: [digestOf(SHA256)] }, false],
  ])("%s", (_, digest, more, expected) => {
    expect(met(revoking({ digest }), more)).toEqual(expected ? [["these bytes", "0"]] : []);
  });
});

describe("a build", () => {
  const by = (runInvocationURI: string | undefined) => {
    const { runInvocationURI: _, ...claims } = WIDGET;
    return { verdicts: [signedBy(runInvocationURI === undefined ? claims : { ...claims, runInvocationURI })] };
  };

  it.each([
    [RUN, `${RUN}/attempts/2`, true],
    [RUN, `${RUN}/attempts/12`, true],
    [`${RUN}/attempts/12`, `${RUN}/attempts/3`, true],
    [RUN, RUN, true],
    [RUN, `${RUN}1/attempts/2`, false],
    [RUN, `${RUN}/attempts/2/more`, false],
    [RUN, `${RUN}/attempts/x`, false],
    [RUN, undefined, false],
  ])("%s, signed in %s: %s", (run, found, expected) => {
    expect(met(revoking({ run }), by(found))).toEqual(expected ? [["the build that signed", "0"]] : []);
  });

  it("a key signs in no build, and what did not verify tells of none", () => {
    expect(met(revoking({ run: RUN }), { verdicts: [verified({ signer: KEY }), FOREIGN] })).toEqual([]);
    expect(met(revoking({ run: RUN }), { verdicts: [FOREIGN, signedBy(WIDGET)] })).toHaveLength(1);
  });
});

describe("a signer", () => {
  const at = (signedAt: string | null) => ({
    verdicts: [signedBy(WIDGET, { signedAt: signedAt === null ? null : new Date(signedAt) })],
  });
  const from = { signer: "widget", signedFrom: "2026-05-01T00:00:00Z" };
  const until = { signer: "widget", signedUntil: "2026-06-01T00:00:00Z" };
  const within = { ...from, ...until };

  it.each<[object, string | null, boolean]>([
    [{ signer: "widget" }, "2026-01-01T00:00:00Z", true],
    [{ signer: "widget" }, null, true],
    [within, null, true],
    [from, "2026-05-01T00:00:00Z", true],
    [from, "2026-04-30T23:59:59Z", false],
    [from, "2027-01-01T00:00:00Z", true],
    [until, "2026-05-31T23:59:59Z", true],
    [until, "2026-06-01T00:00:00Z", false],
    [until, "2020-01-01T00:00:00Z", true],
    [within, "2026-05-10T00:00:00Z", true],
    [within, "2026-06-10T00:00:00Z", false],
    [within, "2026-04-10T00:00:00Z", false],
  ])("%j, signed at %s: %s", (entry, signedAt, expected) => {
    const found = [['signatures of "widget" of that time', "0"]];
    expect(met(revoking(entry), at(signedAt))).toEqual(expected ? found : []);
  });

  it("another's signature is not met", () => {
    const other = { ...WIDGET, sourceRepositoryURI: "https://github.com/acme/second" };
    expect(met(revoking({ signer: "widget" }), { verdicts: [signedBy(other)] })).toEqual([]);
  });

  it("a key is revoked whatever it rests on, a certificate of nobody's is not", () => {
    const one = { ...revoking({ signer: "vendor" }), keys: KEYED };
    expect(met(one, { verdicts: [verified({ signer: KEY })] })).toHaveLength(1);
    expect(met(one, { verdicts: [verified({ signer: { ...KEY, fingerprint: "sha256:y" } })] })).toEqual([]);
    expect(met(one, { verdicts: [signedBy(WIDGET)] })).toEqual([]);
    expect(met(revoking({ signer: "vendor" }), { verdicts: [verified({ signer: KEY })] })).toEqual([]);
  });
});

describe("what a revocation says", () => {
  it("where the bundle was found, the entry's number and its reason", () => {
    expect(
      revocationsOf([revoking({ package: "pkg:npm/a" }, { run: RUN })], facts(NAME, { verdicts: [signedBy(WIDGET)] })),
    ).toEqual([
      {
        code: "REVOKED",
        message: ".signing-policy.json revokes the build that signed (revoked[1]): stolen",
        details: [],
        location: "https://npm.example/attestations",
        hint: "use another version; only the owners of that policy can lift a revocation",
      },
    ]);
    const [denial] = revocationsOf([revoking({ digest: SHA512 })], facts(NAME));
    expect(denial).not.toHaveProperty("location");
  });

  it("each layer's, and each entry's", () => {
    const one = revoking({ digest: SHA512 }, { package: "pkg:npm/%40acme/widget" });
    expect(revocationsOf([layer({}), one, one], facts(NAME))).toHaveLength(4);
    expect(revocationsOf([], facts(NAME))).toEqual([]);
  });
});

describe("an attestation alone", () => {
  const of = (one: Layer, more: Partial<Attestation>, version: string | null = "2.1.0") =>
    revocationsOfAttestation([one], attestation({ signer: { kind: "certificate", claims: WIDGET }, ...more }), version);

  it.each([
    ["its bytes", { digest: SHA512 }, "these bytes"],
    ["its run", { run: RUN }, "the build that signed"],
    ["its signer", { signer: "widget" }, 'signatures of "widget" of that time'],
    ["other bytes", { digest: OTHER_SHA512 }, null],
    ["another run", { run: `${RUN}2` }, null],
    ["a package, of whatever kind", { package: "pkg:npm/%40acme/widget" }, null],
  ])("%s", (_, entry, what) => {
    const expected = {
      code: "REVOKED",
      message: `.signing-policy.json revokes ${what} (revoked[0]): stolen`,
      details: [],
      hint: "use another version; only the owners of that policy can lift a revocation",
    };
    expect(of(revoking(entry), {})).toEqual(what === null ? [] : [expected]);
  });
});
