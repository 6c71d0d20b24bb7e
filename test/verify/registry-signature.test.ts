import { registryKeys } from "../../src/project/trust.ts";
import { digestOf } from "../../src/model/digest.ts";
import type { RegistrySignature, RegistrySignatureEvidence } from "../../src/model/evidence.ts";
import { type HeldKey, heldKey } from "../../src/verify/trust/held-key.ts";
import { createVerifier } from "../../src/verify/verifier.ts";
import { corpusText, hasCorpus } from "../support/corpus.ts";
import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { describe, expect, it } from "vitest";

const REGISTRY = "https://npm.example/";

function evidenceOf(registrySignature: RegistrySignature): RegistrySignatureEvidence {
  return { source: "registry", location: `${REGISTRY}widget`, registry: REGISTRY, registrySignature };
}

/** Judged as the package of that name, version and integrity, under these keys. */
function judge(
  signed: RegistrySignature,
  keys: readonly HeldKey[],
  about: Pick<RegistrySignature, "name" | "version" | "integrity"> = signed,
  bytes: Buffer | null = null,
) {
  const hex = Buffer.from(about.integrity.slice("sha512-".length), "base64").toString("hex");
  const digest = digestOf("sha512", hex);
  const names = [`pkg:npm/${about.name.replace("@", "%40")}@${about.version}`];
  const subject = { names, digests: digest === null ? [] : [digest], bytes };
  return createVerifier([], keys, new Date()).verify(evidenceOf(signed), subject);
}

function outcome(verdict: ReturnType<typeof judge>): string {
  return verdict.status === "broken" ? verdict.code : verdict.status;
}

/** The first letter changed into another of the alphabet. */
function otherThan(text: string, at = 0): string {
  const letter = text[at] === "A" ? "B" : "A";
  return `${text.slice(0, at)}${letter}${text.slice(at + 1)}`;
}

const keyPair = (namedCurve = "prime256v1") => generateKeyPairSync("ec", { namedCurve });
const held = (publicKey: KeyObject, more: Partial<HeldKey> = {}): HeldKey => ({
  ...heldKey(Buffer.from(publicKey.export({ format: "pem", type: "spki" })), {
    usage: "npm:signatures",
    thresholds: { tlog: 0, sct: 0, timestamps: 0 },
  }),
  ...more,
});

const ours = keyPair();
const KEY = held(ours.publicKey, { hints: ["SHA256:ours"] });
const BYTES = Buffer.from("the archive");
const INTEGRITY = `sha512-${createHash("sha512").update(BYTES).digest("base64")}`;

function signed(more: Partial<RegistrySignature> = {}, keyid = "SHA256:ours", key = ours.privateKey) {
  const about = { name: "@acme/widget", version: "1.0.0", integrity: INTEGRITY, ...more };
  const sig = sign("sha256", Buffer.from(`${about.name}@${about.version}:${about.integrity}`), key).toString("base64");
  return { published: "2025-01-01T00:00:00Z", signatures: [{ keyid, sig }], ...about } satisfies RegistrySignature;
}

describe("a registry's signature", () => {
  it("says which bytes it is over, and which there are", () => {
    const other = `sha512-${createHash("sha512").update("other").digest("base64")}`;
    const [signedHex, otherHex] = [INTEGRITY, other].map((one) => Buffer.from(one.slice(7), "base64").toString("hex"));
    expect(judge(signed(), [KEY], { ...signed(), integrity: other })).toMatchObject({
      code: "SUBJECT_MISMATCH",
      detail: `the registry signed sha512:${signedHex}, not sha512:${otherHex}`,
    });
  });

  it("holds: it names the key, the registry and the bytes, and no time", () => {
    const verdict = judge(signed(), [KEY]);
    expect(verdict).toMatchObject({
      status: "verified",
      attestation: {
        signer: { kind: "key", fingerprint: KEY.fingerprint, usage: "npm:signatures", registry: REGISTRY },
        roots: [],
        predicateType: null,
        signedAt: null,
        leafKey: KEY.fingerprint,
        matched: [{ algorithm: "sha512", hex: createHash("sha512").update(BYTES).digest("hex") }],
      },
    });
  });

  it.each<[string, Partial<RegistrySignature>]>([
    ["name", { name: "@acme/widgets" }],
    ["version", { version: "1.0.1" }],
    ["integrity", { integrity: otherThan(INTEGRITY, 10) }],
  ])("over another %s than it states does not verify", (_, change) => {
    expect(outcome(judge({ ...signed(), ...change }, [KEY]))).toBe("SIGNATURE_INVALID");
  });

  it.each<[string, Partial<RegistrySignature>]>([
    ["package", { name: "@mallory/widget" }],
    ["version", { version: "1.0.1" }],
    ["bytes", { integrity: otherThan(INTEGRITY, 10) }],
  ])("about another %s than the lock's is broken", (_, change) => {
    expect(outcome(judge(signed(change), [KEY], signed()))).toBe("SUBJECT_MISMATCH");
  });

  it.each([
    ["sha1", `sha1-${createHash("sha1").update(BYTES).digest("base64")}`],
    ["two digests", `${INTEGRITY} ${INTEGRITY}`],
    ["options", `${INTEGRITY}?x`],
    ["nothing", ""],
  ])("over an integrity of %s binds nothing", (_, integrity) => {
    expect(outcome(judge(signed({ integrity }), [KEY], signed()))).toBe("STATEMENT_INVALID");
  });

  it("wants the bytes where the lock has no sha512, and compares them", () => {
    const about = { name: "@acme/widget", version: "1.0.0", integrity: "" };
    expect(outcome(judge(signed(), [KEY], about))).toBe("needs-bytes");
    expect(outcome(judge(signed(), [KEY], about, BYTES))).toBe("verified");
    expect(outcome(judge(signed(), [KEY], about, Buffer.from("others")))).toBe("SUBJECT_MISMATCH");
  });

  it("counts for nothing without a name to compare", () => {
    const digest = { algorithm: "sha512", hex: createHash("sha512").update(BYTES).digest("hex") } as const;
    const verdict = createVerifier([], [KEY], new Date()).verify(evidenceOf(signed()), {
      names: [],
      digests: [digest],
      bytes: null,
    });
    expect(outcome(verdict)).toBe("SUBJECT_MISMATCH");
  });
});

describe("the key", () => {
  const other = keyPair();

  it("that is not held proves nothing", () => {
    expect(outcome(judge(signed({}, "SHA256:other", other.privateKey), [KEY]))).toBe("foreign");
    expect(outcome(judge({ ...signed(), signatures: [] }, [KEY]))).toBe("foreign");
  });

  it.each(["npm:attestations", "policy"])("that is held for %s does not count", (usage) => {
    expect(outcome(judge(signed(), [held(ours.publicKey, { usage, hints: ["SHA256:ours"] })]))).toBe("foreign");
  });

  it("of another under our key's name does not verify", () => {
    expect(outcome(judge(signed({}, "SHA256:ours", other.privateKey), [KEY]))).toBe("SIGNATURE_INVALID");
  });

  it("of another curve is none of ours", () => {
    const p384 = keyPair("secp384r1");
    const key = held(p384.publicKey, { hints: ["SHA256:ours"] });
    expect(outcome(judge(signed({}, "SHA256:ours", p384.privateKey), [key]))).toBe("KEY_INVALID");
  });

  it("each that we hold must verify; those of others beside it are passed over", () => {
    const [good] = signed().signatures;
    const bad = { keyid: "SHA256:ours", sig: signed({ version: "9.9.9" }).signatures[0]!.sig };
    expect(outcome(judge({ ...signed(), signatures: [good!, bad] }, [KEY]))).toBe("SIGNATURE_INVALID");
    const stranger = { keyid: "SHA256:other", sig: "AAAA" };
    expect(outcome(judge({ ...signed(), signatures: [stranger, good!] }, [KEY]))).toBe("verified");
  });

  it("signs in base64 only", () => {
    const [{ keyid, sig }] = signed().signatures as [{ keyid: string; sig: string }];
    expect(outcome(judge({ ...signed(), signatures: [{ keyid, sig: `${sig} ` }] }, [KEY]))).toBe("SIGNATURE_INVALID");
  });

  const validFor = { start: new Date("2024-01-01T00:00:00Z"), end: new Date("2025-01-01T00:00:00Z") };
  it.each([
    ["2024-01-01T00:00:00Z", "verified"],
    ["2025-01-01T00:00:00Z", "verified"],
    ["2023-12-31T23:59:59Z", "KEY_INVALID"],
    ["2025-01-01T00:00:01Z", "KEY_INVALID"],
    ["yesterday", "STATEMENT_INVALID"],
    [null, "foreign"],
  ])("that ended, published at %s: %s", (published, expected) => {
    const key = held(ours.publicKey, { hints: ["SHA256:ours"], validFor });
    expect(outcome(judge({ ...signed(), published }, [key]))).toBe(expected);
  });

  it("that has not ended needs no time of publication", () => {
    const key = held(ours.publicKey, { hints: ["SHA256:ours"], validFor: { start: validFor.start } });
    expect(outcome(judge({ ...signed(), published: null }, [key]))).toBe("verified");
  });
});

describe.skipIf(!hasCorpus)("real registry signatures", () => {
  interface Real extends Omit<RegistrySignature, "published"> {
    readonly time: string;
  }
  const real = (): readonly RegistrySignature[] =>
    (JSON.parse(corpusText("npm/registry-signatures.json")) as readonly Real[]).map(
      ({ name, version, integrity, signatures, time }) => ({ name, version, integrity, signatures, published: time }),
    );
  const keys = registryKeys();

  it("all hold under the keys that came with this program", () => {
    const all = real();
    expect(all.length).toBe(509);
    expect(new Set(all.map((one) => outcome(judge(one, keys))))).toEqual(new Set(["verified"]));
  });

  const withSignature = (one: RegistrySignature, change: Partial<RegistrySignature["signatures"][number]>) => ({
    ...one,
    signatures: one.signatures.map((signature) => ({ ...signature, ...change })),
  });
  const first = ({ signatures }: RegistrySignature) => signatures[0]!;
  const keyids = hasCorpus ? [...new Set(real().map((one) => first(one).keyid))] : [];
  it.each<[string, (one: RegistrySignature) => RegistrySignature, string]>([
    ["another name", (one) => ({ ...one, name: `${one.name}x` }), "SIGNATURE_INVALID"],
    ["another version", (one) => ({ ...one, version: `${one.version}0` }), "SIGNATURE_INVALID"],
    ["another integrity", (one) => ({ ...one, integrity: otherThan(one.integrity, 20) }), "SIGNATURE_INVALID"],
    ["another signature", (one) => withSignature(one, { sig: otherThan(first(one).sig, 40) }), "SIGNATURE_INVALID"],
    [
      "the other key's name",
      (one) => withSignature(one, { keyid: keyids.find((id) => id !== first(one).keyid)! }),
      "SIGNATURE_INVALID",
    ],
    ["a name of no key", (one) => withSignature(one, { keyid: otherThan(first(one).keyid, 10) }), "foreign"],
    ["a time before every key", (one) => ({ ...one, published: "1998-12-31T00:00:00Z" }), "KEY_INVALID"],
  ])("none holds with %s", (_, change, expected) => {
    expect(new Set(real().map((one) => outcome(judge(change(one), keys))))).toEqual(new Set([expected]));
  });
});
