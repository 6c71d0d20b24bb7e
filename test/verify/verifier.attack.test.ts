import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { loadTrustRoot } from "../../src/project/trust.ts";
import { LIMITS } from "../../src/limits.ts";
import { heldKey } from "../../src/verify/trust/held-key.ts";
import { type Instance, type Statement, createInstance, der, newKey } from "../support/sigstore.ts";
import { issueLeaf } from "../support/sigstore/certificate.ts";
import {
  besides,
  bytes,
  edited,
  identity,
  judged,
  locked,
  name,
  outcome,
  rootOf,
  sha256,
  sha512,
  subjects,
} from "./judging.ts";

const instance = await createInstance({ logs: 2 });
const stranger = await createInstance({ name: "stranger.test" });
const root = rootOf(instance);
const roots = [root];
const attest = (what: Statement = {}) => instance.attest({ subjects, identity, ...what });
const good = await attest();
const message = await instance.signMessage({ bytes, identity });
const statementWith = (subject: unknown) =>
  JSON.stringify({
    _type: "https://in-toto.io/Statement/v1",
    subject,
    predicateType: "https://slsa.dev/provenance/v1",
    predicate: {},
  });
const other = "cd".repeat(64);

test("a good bundle verifies: otherwise nothing below means anything", () => {
  expect(outcome(good, { roots })).toBe("verified");
  expect(outcome(message, { roots, subject: { ...locked, bytes } })).toBe("verified");
});

describe("binding", () => {
  const bound = async (expected: string, what: Statement, judging = {}) =>
    expect(outcome(await attest(what), { roots, ...judging })).toBe(expected);

  test("subject-digest-mismatch", () => bound("SUBJECT_MISMATCH", { subjects: [{ name, digest: { sha512: other } }] }));
  test("subject-digest-mismatch, by digest alone", () =>
    bound(
      "SUBJECT_MISMATCH",
      { subjects: [{ name, digest: { sha512: other } }] },
      { subject: { ...locked, names: [] } },
    ));
  test("subject-name-mismatch", () =>
    bound("SUBJECT_MISMATCH", {
      subjects: [{ name: "pkg:npm/%40acme/widget@1.0.1", digest: { sha512: sha512.hex } }],
    }));
  test("a name is compared whole and case-sensitively", () =>
    bound("SUBJECT_MISMATCH", { subjects: [{ name: name.toUpperCase(), digest: { sha512: sha512.hex } }] }));
  test("multi-subject-not-first", () =>
    bound("verified", {
      subjects: [
        ...Array.from({ length: 5 }, (_, n) => ({ name: `other-${n}`, digest: { sha512: other } })),
        ...subjects,
      ],
    }));
  test("empty-subjects", () => bound("STATEMENT_INVALID", { payload: statementWith([]) }));
  test("no subject at all", () => bound("STATEMENT_INVALID", { payload: statementWith(undefined) }));
  test("weak-digest-only", () =>
    bound(
      "SUBJECT_MISMATCH",
      { subjects: [{ name, digest: { sha1: "ab".repeat(20), md5: "ab".repeat(16) } }] },
      { subject: { ...locked, bytes } },
    ));
  test("weak-digest-only, without the bytes", () =>
    bound("SUBJECT_MISMATCH", { subjects: [{ name, digest: { sha1: "ab".repeat(20) } }] }));
  test("a strong digest of the wrong length", () =>
    bound("STATEMENT_INVALID", { subjects: [{ name, digest: { sha512: "abcd" } }] }));
  test("other strong digests than the known ones ask for the bytes", async () => {
    const what = { subjects: [{ name, digest: { sha256: sha256.hex } }] };
    await bound("needs-bytes", what);
    await bound("verified", what, { subject: { ...locked, bytes } });
    await bound("SUBJECT_MISMATCH", what, { subject: { ...locked, bytes: Buffer.from("other") } });
  });
  test("one digest agrees and another differs", () =>
    bound(
      "SUBJECT_MISMATCH",
      { subjects: [{ name, digest: { sha512: sha512.hex, sha256: "ab".repeat(32) } }] },
      { subject: { ...locked, bytes } },
    ));
  test("our name twice, with two digests", () =>
    bound("STATEMENT_INVALID", { subjects: [...subjects, { name, digest: { sha512: other } }] }));
  test("our name twice with the same digest", () =>
    bound("STATEMENT_INVALID", { subjects: [...subjects, ...subjects] }));
  test("our digest under a second name", () =>
    bound("SUBJECT_MISMATCH", {
      subjects: [...subjects, { name: "pkg:npm/evil@1.0.0", digest: { sha512: sha512.hex } }],
    }));
  test("our digest without a name, where names count", () =>
    bound("SUBJECT_MISMATCH", { payload: statementWith([{ digest: { sha512: sha512.hex } }]) }));
  test("where names do not count, the digest is enough", () =>
    bound(
      "verified",
      { payload: statementWith([{ digest: { sha512: sha512.hex } }]) },
      { subject: { ...locked, names: [] } },
    ));

  test("duplicate-json-keys-statement", () => {
    const payload = statementWith(subjects).replace(
      '"subject"',
      `"subject":[{"name":"x","digest":{"sha512":"${other}"}}],"subject"`,
    );
    return bound("STATEMENT_INVALID", { payload });
  });
  test("a statement that is not UTF-8, not JSON, not an object", async () => {
    await bound("STATEMENT_INVALID", { payload: `\uFEFF${statementWith(subjects)}` });
    await bound("STATEMENT_INVALID", { payload: "{" });
    await bound("STATEMENT_INVALID", { payload: "[]" });
    await bound("STATEMENT_INVALID", { payload: "null" });
  });
  test("another payload type", () => bound("STATEMENT_INVALID", { payloadType: "application/json" }));
  test("another statement type", () =>
    bound("STATEMENT_INVALID", { statementType: "https://in-toto.io/Statement/v2" }));
  test("a predicate type that is not a text", () =>
    bound("STATEMENT_INVALID", {
      payload: JSON.stringify({ _type: "https://in-toto.io/Statement/v1", subject: subjects, predicateType: 1 }),
    }));
  test("the first version of statements", () =>
    bound("verified", { statementType: "https://in-toto.io/Statement/v0.1" }));

  test("registry-wrapper-type-lies", async () => {
    const sbom = await attest({ predicateType: "https://spdx.dev/Document" });
    expect(outcome(sbom, { roots, statedPredicateType: "https://slsa.dev/provenance/v1" })).toBe(
      "PREDICATE_TYPE_MISMATCH",
    );
    expect(
      outcome(message, { roots, statedPredicateType: "https://slsa.dev/provenance/v1", subject: { ...locked, bytes } }),
    ).toBe("PREDICATE_TYPE_MISMATCH");
    const verdict = judged(sbom, { roots, statedPredicateType: "https://spdx.dev/Document" });
    expect(verdict).toMatchObject({ status: "verified", attestation: { predicateType: "https://spdx.dev/Document" } });
  });

  test("two-dsse-signatures", () => {
    const two = edited(good, (b) => b.dsseEnvelope.signatures.push(b.dsseEnvelope.signatures[0]));
    expect(outcome(two, { roots })).toBe("BUNDLE_MALFORMED");
    expect(
      outcome(
        edited(good, (b) => void (b.dsseEnvelope.signatures = [])),
        { roots },
      ),
    ).toBe("BUNDLE_MALFORMED");
  });

  test("both a message signature and an envelope", () => {
    expect(outcome({ ...good, messageSignature: message["messageSignature"] }, { roots })).toBe("BUNDLE_MALFORMED");
  });

  test("the unsigned keyid neither helps nor harms", () => {
    expect(
      outcome(
        edited(good, (b) => void (b.dsseEnvelope.signatures[0].keyid = "SHA256:x")),
        { roots },
      ),
    ).toBe("verified");
  });

  test("a message signature over other bytes", () => {
    expect(outcome(message, { roots, subject: { names: [], digests: [], bytes: Buffer.from("evil") } })).toBe(
      "SIGNATURE_INVALID",
    );
    expect(
      outcome(message, { roots, subject: { names: [], digests: [{ ...sha256, hex: "ab".repeat(32) }], bytes: null } }),
    ).toBe("SUBJECT_MISMATCH");
    expect(outcome(message, { roots, subject: { names: [], digests: [{ ...sha512, hex: other }], bytes } })).toBe(
      "SUBJECT_MISMATCH",
    );
  });

  test("a message signature over a digest, without the bytes", () => {
    const subject = { names: [], digests: [sha256], bytes: null };
    expect(outcome(message, { roots, subject })).toBe("verified");
    expect(outcome(message, { roots, subject: { ...subject, digests: [sha512] } })).toBe("needs-bytes");
    const forged = edited(message, (b) => void (b.messageSignature.messageDigest.digest = "a".repeat(43) + "="));
    expect(outcome(forged, { roots, subject })).not.toBe("verified");
  });

  test("type-confusion", () => {
    for (const bundle of [null, undefined, [], "x", 1, true, {}, { mediaType: good["mediaType"] }, [good]]) {
      expect(outcome(bundle, { roots })).toBe("BUNDLE_MALFORMED");
    }
    for (const json of [
      "{}",
      "[]",
      "null",
      '"x"',
      "1",
      "",
      "{",
      '{"tlogs":"no"}',
      '{"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1"}',
    ]) {
      expect(() => loadTrustRoot(Buffer.from(json), "x", root.thresholds), json).toThrow("trust root x");
    }
  });
});

describe("bundle shape", () => {
  const shaped = (expected: string, edit: Parameters<typeof edited>[1]) =>
    expect(outcome(edited(good, edit), { roots })).toBe(expected);

  test("unknown members", () => {
    shaped("BUNDLE_MALFORMED", (b) => void (b.extra = 1));
    shaped("BUNDLE_MALFORMED", (b) => void (b.verificationMaterial.extra = 1));
    shaped("BUNDLE_MALFORMED", (b) => void (b.verificationMaterial.tlogEntries[0].extra = 1));
    shaped("BUNDLE_MALFORMED", (b) => void (b.dsseEnvelope.extra = 1));
  });
  test("unknown media types", () => {
    for (const mediaType of [
      "application/vnd.dev.sigstore.bundle.v9.9+json",
      "application/vnd.dev.sigstore.bundle.v0.3+json; x",
      "constructor",
    ]) {
      shaped("BUNDLE_VERSION", (b) => void (b.mediaType = mediaType));
    }
  });
  test("base64 in any other spelling", () => {
    shaped("BUNDLE_MALFORMED", (b) => void (b.dsseEnvelope.payload += "\n"));
    shaped(
      "BUNDLE_MALFORMED",
      (b) => void (b.dsseEnvelope.payload = Buffer.from(b.dsseEnvelope.payload, "base64").toString("base64url") + "_"),
    );
    shaped(
      "BUNDLE_MALFORMED",
      (b) => void (b.dsseEnvelope.signatures[0].sig = b.dsseEnvelope.signatures[0].sig.replace(/=+$/, "") + "===="),
    );
  });
  test("null stands for absent, as protobuf writes JSON", () => {
    shaped("verified", (b) => void (b.verificationMaterial.timestampVerificationData = null));
  });
  test("a chain in a version 0.3 bundle, two kinds of signer, none", async () => {
    expect(outcome(await attest({ chain: true }), { roots })).toBe("BUNDLE_MALFORMED");
    shaped("BUNDLE_MALFORMED", (b) => void (b.verificationMaterial.publicKey = { hint: "x" }));
    shaped("BUNDLE_MALFORMED", (b) => void delete b.verificationMaterial.certificate);
  });
  test("older versions with their chain", async () => {
    for (const version of ["0.1", "0.2"]) {
      const mediaType = `application/vnd.dev.sigstore.bundle+json;version=${version}`;
      expect(outcome(await attest({ chain: true, mediaType }), { roots })).toBe("verified");
    }
  });
});

describe("bounds, before any cryptography", () => {
  test("200-timestamps", async () => {
    const stamped = await attest({ timestamps: 1 });
    const many = (count: number) =>
      edited(stamped, (b) => {
        const [stamp] = b.verificationMaterial.timestampVerificationData.rfc3161Timestamps;
        b.verificationMaterial.timestampVerificationData.rfc3161Timestamps = Array.from({ length: count }, () => stamp);
      });
    expect(outcome(many(200), { roots })).toBe("BUNDLE_TOO_LARGE");
    expect(outcome(many(LIMITS.timestamps + 1), { roots })).toBe("BUNDLE_TOO_LARGE");
    expect(outcome(many(1), { roots })).toBe("verified");
  });
  test("many log entries, hashes, certificates", () => {
    const filled = (edit: Parameters<typeof edited>[1]) => outcome(edited(good, edit), { roots });
    expect(
      filled(
        (b) =>
          void (b.verificationMaterial.tlogEntries = Array.from(
            { length: 33 },
            () => b.verificationMaterial.tlogEntries[0],
          )),
      ),
    ).toBe("BUNDLE_TOO_LARGE");
    expect(
      filled(
        (b) =>
          void (b.verificationMaterial.tlogEntries[0].inclusionProof.hashes = Array.from({ length: 65 }, () => "x")),
      ),
    ).toBe("BUNDLE_TOO_LARGE");
    expect(filled((b) => void (b.dsseEnvelope.payload = "A".repeat(6_000_000)))).toBe("BUNDLE_TOO_LARGE");
    expect(filled((b) => void (b.verificationMaterial.certificate.rawBytes = "A".repeat(200_000)))).toBe(
      "BUNDLE_TOO_LARGE",
    );
  });
  test("huge-bundle: the sum of parts that are each allowed", async () => {
    const stamped = await attest({ timestamps: 1 });
    const filled = (count: number) =>
      edited(stamped, (b) => {
        b.dsseEnvelope.payload = Buffer.alloc(3_900_000).toString("base64");
        const signedTimestamp = Buffer.alloc(60_000).toString("base64");
        const rfc3161Timestamps = Array.from({ length: count }, () => ({ signedTimestamp }));
        b.verificationMaterial.timestampVerificationData = { rfc3161Timestamps };
      });
    expect(outcome(filled(3), { roots })).toBe("BUNDLE_TOO_LARGE");
    expect(outcome(filled(1), { roots })).not.toBe("BUNDLE_TOO_LARGE");
  });
  test("many-subjects-digests", async () => {
    const crowd = Array.from({ length: LIMITS.subjects + 1 }, (_, n) => ({ name: `x${n}`, digest: { sha512: other } }));
    expect(outcome(await attest({ subjects: crowd }), { roots })).toBe("BUNDLE_TOO_LARGE");
    const digest = Object.fromEntries(Array.from({ length: LIMITS.digestsPerSubject + 1 }, (_, n) => [`d${n}`, "ab"]));
    expect(outcome(await attest({ subjects: [{ name, digest }] }), { roots })).toBe("BUNDLE_TOO_LARGE");
  });
  test("deep JSON in a statement", async () => {
    const payload = statementWith(subjects).replace(
      '"predicate":{}',
      `"predicate":${"[".repeat(5000)}${"]".repeat(5000)}`,
    );
    expect(outcome(await attest({ payload }), { roots })).toBe("STATEMENT_INVALID");
  });
});

describe("transparency log", () => {
  const logged = async (log: NonNullable<Statement["log"]>, what: Statement = {}) =>
    outcome(await attest({ ...what, log }), { roots });
  const otherLeaf = (by: Instance = instance) =>
    issueLeaf(by.intermediate, { key: newKey() }, identity, new Date(), {});

  test("entry-mismatched-artifact", async () => {
    const another = await attest({ subjects: [{ name: "x", digest: { sha512: other } }] });
    const swapped = edited(
      good,
      (b) => void (b.verificationMaterial.tlogEntries = (another as typeof b).verificationMaterial.tlogEntries),
    );
    expect(outcome(swapped, { roots })).toBe("LOG_MISMATCH");
  });
  test.each([
    ["dsse", 1],
    ["intoto", 1],
    ["hashedrekord", 2],
    ["dsse", 2],
  ] as const)("entry-same-sig-other-cert: %s in Rekor v%d", async (kind, version) => {
    const { key, certificate } = otherLeaf();
    const what = { timestamps: 1 };
    expect(await logged([{ kind, version }], what)).toBe("verified");
    const recorded = { verifier: { label: "CERTIFICATE", der: certificate, key } } as const;
    expect(await logged([{ kind, version, recorded }], what)).toBe("LOG_MISMATCH");
  });
  test.each([
    ["dsse", 1],
    ["intoto", 1],
    ["hashedrekord", 2],
    ["dsse", 2],
  ] as const)("the entry records another payload: %s in Rekor v%d", async (kind, version) => {
    const content = { payloadType: "application/vnd.in-toto+json", payload: Buffer.from("{}") };
    expect(await logged([{ kind, version, recorded: { content } }], { timestamps: 1 })).toBe("LOG_MISMATCH");
  });
  test("the entry records the certificate's bare key", async () => {
    const key = newKey();
    const recorded = { verifier: { label: "PUBLIC KEY", der: key.spki, key } } as const;
    expect(await logged([{ recorded }], { leaf: { key } })).toBe("LOG_MISMATCH");
  });
  test("signature-malleated", () => {
    const malleated = edited(
      good,
      (b) => void (b.dsseEnvelope.signatures[0].sig = malleate(b.dsseEnvelope.signatures[0].sig)),
    );
    expect(outcome(malleated, { roots })).toBe("LOG_MISMATCH");
  });
  test("bad-SET", () => {
    const flipped = edited(good, (b) => {
      const promise = b.verificationMaterial.tlogEntries[0].inclusionPromise;
      const set = Buffer.from(promise.signedEntryTimestamp, "base64");
      set[set.length - 1]! ^= 1;
      promise.signedEntryTimestamp = set.toString("base64");
    });
    expect(outcome(flipped, { roots })).toBe("LOG_INVALID");
  });
  test("integratedTime-without-promise", async () => {
    const at = new Date("2025-06-01T00:00:00Z");
    expect(await logged([{ promise: false }], { at })).toBe("TIME_INVALID");
    const bundle = await attest({
      at,
      log: [{ promise: false, integratedTime: new Date("2030-01-01T00:00:00Z") }],
      timestamps: 1,
    });
    expect(judged(bundle, { roots })).toMatchObject({ status: "verified", attestation: { signedAt: at } });
  });
  test("no-proof-v02", async () => {
    expect(await logged([{ proof: false }])).toBe("BUNDLE_MALFORMED");
    expect(
      await logged([{ proof: false }], { mediaType: "application/vnd.dev.sigstore.bundle+json;version=0.2" }),
    ).toBe("BUNDLE_MALFORMED");
    expect(
      await logged([{ proof: false }], { mediaType: "application/vnd.dev.sigstore.bundle+json;version=0.1" }),
    ).toBe("verified");
    expect(
      await logged([{ promise: false }], { mediaType: "application/vnd.dev.sigstore.bundle+json;version=0.1" }),
    ).toBe("BUNDLE_MALFORMED");
  });
  test("wrong-root-corrupt-hash-extra-hash-neg-index", async () => {
    await attest();
    const bundle = await attest();
    const proof = (edit: (proof: Record<string, unknown> & { hashes: string[] }) => void) =>
      outcome(
        edited(bundle, (b) => edit(b.verificationMaterial.tlogEntries[0].inclusionProof)),
        { roots },
      );
    expect(proof(() => {})).toBe("verified");
    const zero = Buffer.alloc(32).toString("base64");
    expect(proof((p) => void (p["rootHash"] = zero))).toBe("LOG_INVALID");
    expect(proof((p) => void (p.hashes[0] = zero))).toBe("LOG_INVALID");
    expect(proof((p) => void p.hashes.push(zero))).toBe("LOG_INVALID");
    expect(proof((p) => void p.hashes.pop())).toBe("LOG_INVALID");
    expect(proof((p) => void (p["logIndex"] = "0"))).toBe("LOG_INVALID");
    expect(proof((p) => void (p["treeSize"] = "1"))).toBe("LOG_INVALID");
    for (const index of ["-1", "1.5", "0x1", " 1", "1e3", "99999999999999999999"]) {
      expect(proof((p) => void (p["logIndex"] = index))).toBe("BUNDLE_MALFORMED");
    }
  });
  test("the stated root is another than the signed checkpoint's", async () => {
    expect(await logged([{ statedRoot: createHash("sha256").update("x").digest() }])).toBe("LOG_INVALID");
  });
  test.each([
    ".",
    "rekor",
    "sigstore.test",
    "(a+)+$",
    "(([a-z])+.)+[A-Z]([a-z])+$aaa",
    "(.*)*x(.*)*y(.*)*z(.*)*w(.*)*",
  ])("checkpoint-name-regex: %s", async (checkpointName) => {
    expect(await logged([{ checkpointName }])).toBe("LOG_INVALID");
  });
  test("a checkpoint that is not a signed note", () => {
    for (const envelope of [
      "",
      "\n\n",
      "x\n1\nAA==\n\n",
      "x\n1\n\n\u2014 a b\n",
      `x\n1\nAA==\n\n\u2014 ${"a".repeat(50_000)}\n`,
    ]) {
      const bad = edited(
        good,
        (b) => void (b.verificationMaterial.tlogEntries[0].inclusionProof.checkpoint.envelope = envelope),
      );
      expect(outcome(bad, { roots })).not.toBe("verified");
    }
  });
  test("log-key-expired-proof-only", async () => {
    const at = new Date("2025-06-01T00:00:00Z");
    const bundle = await attest({ at, log: [{ version: 2 }], timestamps: 1 });
    const expiring = (end: string) => {
      const json = JSON.parse(JSON.stringify(instance.trustedRoot)) as {
        tlogs: { publicKey: { validFor: { end?: string } } }[];
      };
      json.tlogs.at(-1)!.publicKey.validFor.end = end;
      return [loadTrustRoot(Buffer.from(JSON.stringify(json)), "x", root.thresholds)];
    };
    expect(outcome(bundle, { roots: expiring("2025-06-01T00:00:00Z") })).toBe("verified");
    expect(outcome(bundle, { roots: expiring("2025-05-31T23:59:59Z") })).toBe("LOG_INVALID");
  });
  test("duplicate-entries-threshold: logs are counted, not entries", async () => {
    const later = new Date(Date.now() + 5000);
    const two = [rootOf(instance, { tlog: 2, sct: 1, timestamps: 1 })];
    expect(outcome(await attest({ log: [{}, { by: 1 }] }), { roots: two })).toBe("verified");
    expect(outcome(await attest({ log: [{}, { integratedTime: later }] }), { roots: two })).toBe("LOG_INVALID");
    expect(outcome(await attest({ log: [{}, { kind: "intoto", integratedTime: later }] }), { roots: two })).toBe(
      "LOG_INVALID",
    );
    expect(outcome(good, { roots: two })).toBe("LOG_INVALID");
  });
  test("times are counted by who vouches for them", async () => {
    const two = [rootOf(instance, { tlog: 1, sct: 1, timestamps: 2 })];
    expect(outcome(await attest({ timestamps: 1 }), { roots: two })).toBe("verified");
    const at = new Date("2025-06-01T00:00:00Z");
    const stamps = [at, new Date("2025-06-01T00:00:01Z")];
    expect(outcome(await attest({ at, log: [{ version: 2 }], timestamps: stamps }), { roots: two })).toBe(
      "TIME_INVALID",
    );
  });
  test("trust-root-missing-validity-start", () => {
    const without = (edit: (json: never) => void) => {
      const json: unknown = JSON.parse(JSON.stringify(instance.trustedRoot));
      edit(json as never);
      return () => loadTrustRoot(Buffer.from(JSON.stringify(json)), "x", root.thresholds);
    };
    type Root = {
      tlogs: { publicKey: { validFor: { start?: string } } }[];
      certificateAuthorities: { validFor: { start?: string } }[];
    };
    expect(without(() => {})).not.toThrow();
    expect(without((json: Root) => void delete json.tlogs[0]!.publicKey.validFor.start)).toThrow("no start");
    expect(without((json: Root) => void delete json.certificateAuthorities[0]!.validFor.start)).toThrow("no start");
    expect(without((json: Root) => void (json.tlogs[0]!.publicKey.validFor.start = "yesterday"))).toThrow("not a time");
  });
  test("an unknown log, and no log at all", async () => {
    const foreign = await stranger.attest({ subjects, identity });
    const entries = (foreign as { verificationMaterial: { tlogEntries: unknown } }).verificationMaterial.tlogEntries;
    expect(
      outcome(
        edited(good, (b) => void (b.verificationMaterial.tlogEntries = entries)),
        { roots },
      ),
    ).toBe("LOG_INVALID");
    expect(await logged("none", { timestamps: 1 })).toBe("LOG_INVALID");
  });
});

describe("certificate", () => {
  const leaf = async (knobs: NonNullable<Statement["leaf"]>) => outcome(await attest({ leaf: knobs }), { roots });
  const extra = (oid: string, value: Buffer, critical = false) => ({ extensions: [{ oid, value, critical }] });

  test("expired-at-signing", async () => {
    expect(
      await leaf({ notBefore: new Date("2020-01-01T00:00:00Z"), notAfter: new Date("2020-01-02T00:00:00Z") }),
    ).toBe("CERTIFICATE_INVALID");
    expect(
      await leaf({ notBefore: new Date(Date.now() + 86_400_000), notAfter: new Date(Date.now() + 2 * 86_400_000) }),
    ).toBe("CERTIFICATE_INVALID");
  });
  test("no-SCT", async () => {
    const bundle = await attest({ leaf: { sct: "none" } });
    expect(outcome(bundle, { roots })).toBe("CERTIFICATE_INVALID");
    expect(outcome(bundle, { roots: [rootOf(instance, { tlog: 1, sct: 0, timestamps: 1 })] })).toBe("verified");
  });
  test("SCT-unknown-log", async () => expect(await leaf({ sct: "unknown" })).toBe("CERTIFICATE_INVALID"));
  test("an SCT for another certificate", async () => expect(await leaf({ sct: "other" })).toBe("CERTIFICATE_INVALID"));
  test("no-codeSigning-EKU", async () => {
    expect(await leaf({ extendedKeyUsage: null })).toBe("CERTIFICATE_INVALID");
    expect(await leaf({ extendedKeyUsage: ["1.3.6.1.5.5.7.3.1"] })).toBe("CERTIFICATE_INVALID");
    expect(await leaf({ extendedKeyUsage: ["2.5.29.37.0"] })).toBe("CERTIFICATE_INVALID");
  });
  test("leaf-is-CA", async () => expect(await leaf({ ca: true })).toBe("CERTIFICATE_INVALID"));
  test("key usage", async () => {
    expect(await leaf({ keyUsage: null })).toBe("CERTIFICATE_INVALID");
    expect(await leaf({ keyUsage: 0x40 })).toBe("CERTIFICATE_INVALID");
    expect(await leaf({ keyUsage: 0x84 })).toBe("CERTIFICATE_INVALID");
  });
  test("an unknown critical extension", async () => {
    expect(await leaf(extra("1.2.3.4", der.octets(Buffer.from("x")), true))).toBe("CERTIFICATE_INVALID");
    expect(await leaf(extra("1.2.3.4", der.octets(Buffer.from("x"))))).toBe("verified");
  });
  test("two-SANs", async () => {
    const uri = { type: "uri", value: "https://github.com/acme/widget" } as const;
    expect(await leaf({ sans: [uri, { ...uri, value: "https://github.com/mallory/x" }] })).toBe("SIGNER_AMBIGUOUS");
    expect(await leaf({ sans: [uri, { type: "email", value: "a@example.com" }] })).toBe("SIGNER_AMBIGUOUS");
    expect(await leaf({ sans: [] })).toBe("SIGNER_AMBIGUOUS");
    expect(await leaf({ sans: [{ type: "dns", value: "example.com" }] })).toBe("SIGNER_AMBIGUOUS");
    expect(await leaf({ sans: [{ type: "uri", value: "https://github.com/\u0007" }] })).toBe("CERTIFICATE_INVALID");
  });
  test("a claim twice", async () => {
    expect(await leaf(extra("1.3.6.1.4.1.57264.1.12", der.utf8("https://github.com/mallory/x")))).toBe(
      "SIGNER_AMBIGUOUS",
    );
  });
  test("a claim that is not one UTF8String", async () => {
    expect(await leaf(extra("1.3.6.1.4.1.57264.1.23", Buffer.from("production")))).toBe("CERTIFICATE_INVALID");
    expect(await leaf(extra("1.3.6.1.4.1.57264.1.23", Buffer.concat([der.utf8("a"), der.utf8("b")])))).toBe(
      "CERTIFICATE_INVALID",
    );
  });
  test("issuer-v1-v2-disagree", async () =>
    expect(await leaf({ issuerV1: "https://accounts.example.com" })).toBe("SIGNER_AMBIGUOUS"));
  test("deep-DER-trailing-bytes", async () => {
    expect(await leaf({ trailing: Buffer.from([0]) })).toBe("CERTIFICATE_INVALID");
    let deep: Buffer = Buffer.alloc(0);
    for (let n = 0; n < 8000; n++) deep = der.sequence(deep);
    const nested = edited(good, (b) => void (b.verificationMaterial.certificate.rawBytes = deep.toString("base64")));
    expect(outcome(nested, { roots })).toBe("CERTIFICATE_INVALID");
    expect(["CERTIFICATE_INVALID", "verified"]).toContain(await leaf(extra("1.2.3.4", deep)));
  });
  test("P384-SHA384", async () => {
    for (const log of [[{}], [{ kind: "intoto" as const }], [{ version: 2 as const }]]) {
      const bundle = await attest({ leaf: { key: newKey("P-384") }, log, timestamps: 1 });
      expect(outcome(bundle, { roots })).toBe("verified");
    }
    const signed = await instance.signMessage({
      bytes,
      identity,
      leaf: { key: newKey("P-384") },
      log: [{ version: 2 }],
      timestamps: 1,
    });
    expect(outcome(signed, { roots, subject: { ...locked, bytes } })).toBe("verified");
    const forged = edited(
      await attest({ leaf: { key: newKey("P-384") } }),
      (b) => void (b.dsseEnvelope.payloadType = "application/vnd.in-toto+jsonx"),
    );
    expect(outcome(forged, { roots })).toBe("SIGNATURE_INVALID");
  });
  test("an authority that only has the trusted one's name", async () => {
    const double = await createInstance({ logs: 1 });
    expect(outcome(await double.attest({ subjects, identity }), { roots })).toBe("foreign");
    const forged = issueLeaf(
      { ...double.intermediate, key: { ...double.intermediate.key, spki: instance.intermediate.key.spki } },
      { key: newKey() },
      identity,
      new Date(),
      {},
    );
    const claimed = edited(
      good,
      (b) => void (b.verificationMaterial.certificate.rawBytes = forged.certificate.toString("base64")),
    );
    expect(outcome(claimed, { roots })).toBe("CERTIFICATE_INVALID");
  });
  test("a certificate in the authority's name, with its key id, logged and stamped, that it did not sign", async () => {
    const { name: issuerName, key } = instance.intermediate;
    const forger = {
      ...stranger.intermediate,
      name: issuerName,
      key: { ...stranger.intermediate.key, spki: key.spki },
    };
    expect(await leaf({ issuer: { ...instance.intermediate } })).toBe("verified");
    expect(await leaf({ issuer: forger })).toBe("CERTIFICATE_INVALID");
  });
  test("an intermediate that the trust root's own root did not sign", () => {
    const json = JSON.parse(JSON.stringify(instance.trustedRoot));
    const [, top] = (stranger.trustedRoot as typeof json).certificateAuthorities[0].certChain.certificates;
    json.certificateAuthorities[0].certChain.certificates[1] = top;
    const odd = [loadTrustRoot(Buffer.from(JSON.stringify(json)), "x", root.thresholds)];
    expect(outcome(good, { roots: odd })).toBe("CERTIFICATE_INVALID");
  });
  test("an authority outside of its validity in the trust root", async () => {
    const at = new Date("2025-06-01T00:00:00Z");
    const bundle = await attest({ at });
    const until = (end: string) => {
      const json = JSON.parse(JSON.stringify(instance.trustedRoot));
      json.certificateAuthorities[0].validFor.end = end;
      return [loadTrustRoot(Buffer.from(JSON.stringify(json)), "x", root.thresholds)];
    };
    expect(outcome(bundle, { roots: until("2025-06-01T00:00:00Z") })).toBe("verified");
    expect(outcome(bundle, { roots: until("2025-05-31T23:59:59Z") })).toBe("CERTIFICATE_INVALID");
  });
  test("a stranger's bundle is passed over, and holds under its own root", async () => {
    const foreign = await stranger.attest({ subjects, identity });
    expect(outcome(foreign, { roots })).toBe("foreign");
    const own = rootOf(stranger);
    expect(judged(foreign, { roots: [root, own] })).toMatchObject({ attestation: { roots: [own.id] } });
  });
});

describe("signing time", () => {
  test("no-trusted-time", async () => {
    expect(outcome(await attest({ log: [{ version: 2 }] }), { roots })).toBe("TIME_INVALID");
    const lax = [rootOf(instance, { tlog: 0, sct: 0, timestamps: 0 })];
    expect(outcome(await attest({ log: "none" }), { roots: lax })).toBe("TIME_INVALID");
  });
  test("untrusted-TSA-wrong-payload-outside-validity", async () => {
    const stamped = await attest({ log: [{ version: 2 }], timestamps: 1 });
    const with_ = (from: unknown) =>
      edited(
        stamped,
        (b) =>
          void (b.verificationMaterial.timestampVerificationData = (
            from as typeof b
          ).verificationMaterial.timestampVerificationData),
      );
    expect(outcome(with_(await stranger.attest({ subjects, identity, timestamps: 1 })), { roots })).toBe(
      "TIME_INVALID",
    );
    expect(outcome(with_(await attest({ timestamps: 1 })), { roots })).toBe("TIME_INVALID");
    const early = [new Date("2019-12-31T00:00:00Z")];
    expect(outcome(await attest({ log: [{ version: 2 }], timestamps: early }), { roots })).toBe("TIME_INVALID");
    const garbage = edited(
      stamped,
      (b) => void (b.verificationMaterial.timestampVerificationData.rfc3161Timestamps[0].signedTimestamp = "AAAA"),
    );
    expect(outcome(garbage, { roots })).toBe("TIME_INVALID");
  });
  test("a timestamp that its authority did not grant", async () => {
    const stamped = await attest({ log: [{ version: 2 }], timestamps: 1 });
    const status = (value: number) =>
      edited(stamped, (b) => {
        const [stamp] = b.verificationMaterial.timestampVerificationData.rfc3161Timestamps;
        const token = Buffer.from(stamp.signedTimestamp, "base64");
        token.writeUInt8(value, token.indexOf(Buffer.from("3003020100", "hex")) + 4);
        stamp.signedTimestamp = token.toString("base64");
      });
    expect(outcome(status(1), { roots })).toBe("verified");
    expect(outcome(status(2), { roots })).toBe("TIME_INVALID");
  });
  test("timestamps alone, under a root that needs no log", async () => {
    const at = new Date("2025-06-01T00:00:00Z");
    const bundle = await attest({ at, log: "none", timestamps: 1, leaf: { sct: "none" } });
    expect(judged(bundle, { roots: [rootOf(instance, { tlog: 0, sct: 0, timestamps: 1 })] })).toMatchObject({
      status: "verified",
      attestation: { signedAt: at },
    });
  });
});

describe("held keys", () => {
  const key = newKey();
  const thresholds = { tlog: 1, sct: 0, timestamps: 1 };
  const held = heldKey(key.spki, { usage: "policy", thresholds, hints: ["vendor"] });
  const keys = [held];

  test("a bundle of a held key", async () => {
    const bundle = await instance.attest({ subjects, key, hint: "vendor" });
    expect(judged(bundle, { roots, keys })).toMatchObject({
      status: "verified",
      attestation: { signer: { kind: "key", fingerprint: held.fingerprint, usage: "policy" }, roots: [root.id] },
    });
    expect(outcome(await instance.attest({ subjects, key, hint: held.hints[0]! }), { roots, keys })).toBe("verified");
    expect(outcome(bundle, { roots })).toBe("foreign");
  });
  test("key-hint-forgery", async () => {
    const forged = await instance.attest({ subjects, key: newKey(), hint: "vendor" });
    expect(outcome(forged, { roots, keys })).toBe("SIGNATURE_INVALID");
  });
  test("a key outside its validity", async () => {
    const at = new Date("2025-06-01T00:00:00Z");
    const bundle = await instance.attest({ subjects, key, hint: "vendor", at });
    const within = (start: string, end: string) =>
      outcome(bundle, { roots, keys: [{ ...held, validFor: { start: new Date(start), end: new Date(end) } }] });
    expect(within("2025-01-01T00:00:00Z", "2025-06-01T00:00:00Z")).toBe("verified");
    expect(within("2025-01-01T00:00:00Z", "2025-05-31T00:00:00Z")).toBe("KEY_INVALID");
    expect(within("2025-06-02T00:00:00Z", "2026-01-01T00:00:00Z")).toBe("KEY_INVALID");
  });
  test("a key held for something else verifies no bundle", async () => {
    const bundle = await instance.attest({ subjects, key, hint: "vendor" });
    expect(outcome(bundle, { roots, keys: [{ ...held, usage: "npm:signatures" }] })).toBe("foreign");
  });
  test("a key whose log is of one root only", async () => {
    const bundle = await instance.attest({ subjects, key, hint: "vendor" });
    expect(outcome(bundle, { roots, keys: [{ ...held, roots: ["public-good"] }] })).toBe("foreign");
  });
  test("without log and time only where the key asks for none", async () => {
    const bundle = await instance.attest({ subjects, key, hint: "vendor", log: "none" });
    const alone = { ...held, thresholds: { tlog: 0, sct: 0, timestamps: 0 } };
    expect(outcome(bundle, { roots, keys })).toBe("LOG_INVALID");
    expect(judged(bundle, { roots, keys: [alone] })).toMatchObject({
      status: "verified",
      attestation: { roots: [], signedAt: null },
    });
    expect(outcome(bundle, { roots, keys: [{ ...alone, validFor: { end: new Date("2030-01-01T00:00:00Z") } }] })).toBe(
      "KEY_INVALID",
    );
    const forged = edited(bundle, (b) => void (b.dsseEnvelope.payloadType = "x"));
    expect(outcome(forged, { roots, keys: [alone] })).toBe("SIGNATURE_INVALID");
  });
  test("rotation: two keys under one hint", async () => {
    const next = newKey();
    const both = [held, heldKey(next.spki, { usage: "policy", thresholds, hints: ["vendor"] })];
    const bundle = await instance.attest({ subjects, key: next, hint: "vendor" });
    expect(judged(bundle, { roots, keys: both })).toMatchObject({
      attestation: { signer: { fingerprint: both[1]!.fingerprint } },
    });
  });
  test("Ed25519 keys sign envelopes, and messages when the bytes are there", async () => {
    const ed = newKey("Ed25519");
    const edKeys = [
      heldKey(ed.spki, { usage: "policy", thresholds: { tlog: 0, sct: 0, timestamps: 0 }, hints: ["ed"] }),
    ];
    expect(
      outcome(await instance.attest({ subjects, key: ed, hint: "ed", log: "none" }), { roots, keys: edKeys }),
    ).toBe("verified");
    const signed = await instance.signMessage({ bytes, key: ed, hint: "ed", log: "none" });
    expect(outcome(signed, { roots, keys: edKeys, subject: { names: [], digests: [sha256], bytes: null } })).toBe(
      "needs-bytes",
    );
    expect(outcome(signed, { roots, keys: edKeys, subject: { names: [], digests: [sha256], bytes } })).toBe("verified");
  });
  test("a forged signature over a digest, where no log is asked for", async () => {
    const alone = [{ ...held, thresholds: { tlog: 0, sct: 0, timestamps: 0 } }];
    const subject = { names: [], digests: [sha256], bytes: null };
    const signed = await instance.signMessage({ bytes, key, hint: "vendor", log: "none" });
    const another = await instance.signMessage({ bytes, key: newKey(), hint: "vendor", log: "none" });
    expect(outcome(signed, { roots, keys: alone, subject })).toBe("verified");
    expect(outcome(another, { roots, keys: alone, subject })).toBe("SIGNATURE_INVALID");
    expect(outcome(another, { roots, keys: alone, subject: { ...subject, bytes } })).toBe("SIGNATURE_INVALID");
  });
  test("the entry records another key", async () => {
    const another = newKey();
    const log = [{ recorded: { verifier: { label: "PUBLIC KEY", der: another.spki, key: another } } as const }];
    expect(outcome(await instance.attest({ subjects, key, hint: "vendor", log }), { roots, keys })).toBe(
      "LOG_MISMATCH",
    );
  });
});

/** (r, n-s) is as valid as (r, s). */
function malleate(signature: string): string {
  const n = BigInt("0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
  const raw = Buffer.from(signature, "base64");
  const rLength = raw[3]!;
  const r = raw.subarray(4, 4 + rLength);
  const s = BigInt(`0x${raw.subarray(6 + rLength).toString("hex")}`);
  const flipped = Buffer.from((n - s).toString(16).padStart(64, "0"), "hex");
  const integer = (value: Buffer) => der.integer(value[0] === 0 && value[1]! > 0x7f ? value.subarray(1) : value);
  return der.sequence(integer(r), integer(flipped)).toString("base64");
}

test("each of these verdicts is the same where the authority's signature is checked beside this thread", async () => {
  const all = await besides();
  expect(new Set(all.map(({ verdict }) => verdict.status))).toEqual(
    new Set(["verified", "broken", "foreign", "needs-bytes"]),
  );
  for (const { verdict, beside } of all) expect(beside).toEqual(verdict);
});
