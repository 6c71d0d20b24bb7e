/** Which key algorithms count, each by its name (sigstore/protobuf-specs PublicKeyDetails). */
import { heldKey } from "../../../src/verify/trust/held-key.ts";
import { describeKey, namedKey } from "../../../src/verify/trust/algorithm.ts";
import { algorithmText, PSS } from "../../../src/verify/certificate/signature-algorithm.ts";
import type { Curve } from "../../support/sigstore/keys.ts";
import { createInstance, newKey } from "../../support/sigstore.ts";
import { bytes, identity, judged, name, rootOf, sha256, sha512, subjects } from "../judging.ts";
import { constants, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { describe, expect, test } from "vitest";

const instance = await createInstance({ curve: "P-256" });
const file = { names: [name], digests: [sha256, sha512], bytes };
const ALONE = { tlog: 0, sct: 0, timestamps: 0 };

const ec = (namedCurve: string) => generateKeyPairSync("ec", { namedCurve });
const rsa = (modulusLength: number) => generateKeyPairSync("rsa", { modulusLength });
const pss = (hashAlgorithm: string, modulusLength = 2048) =>
  generateKeyPairSync("rsa-pss", { modulusLength, hashAlgorithm, mgf1HashAlgorithm: hashAlgorithm });
const der = (key: KeyObject) => key.export({ format: "der", type: "spki" });
const RSA = { 1024: rsa(1024), 2048: rsa(2048), 3072: rsa(3072), 4096: rsa(4096) };

type Pair = { readonly publicKey: KeyObject; readonly privateKey: KeyObject };

/** What a signature of the key is worth under a policy that names it. */
function verdictOf({ publicKey, privateKey }: Pair, digest: string | null, padding?: number) {
  const key = heldKey(der(publicKey), { usage: "policy", thresholds: ALONE });
  const payload = Buffer.from(
    JSON.stringify({
      _type: "https://in-toto.io/Statement/v1",
      subject: [{ name, digest: { sha512: sha512.hex } }],
      predicateType: "https://slsa.dev/provenance/v1",
      predicate: {},
    }),
  );
  const type = "application/vnd.in-toto+json";
  const signed = Buffer.concat([Buffer.from(`DSSEv1 ${type.length} ${type} ${payload.length} `), payload]);
  const sig = sign(digest, signed, padding === undefined ? privateKey : { key: privateKey, padding, saltLength: 32 });
  const bundle = {
    mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
    verificationMaterial: { publicKey: { hint: "" } },
    dsseEnvelope: {
      payloadType: type,
      payload: payload.toString("base64"),
      signatures: [{ sig: sig.toString("base64") }],
    },
  };
  const verdict = judged(bundle, { roots: [rootOf(instance)], keys: [key], subject: file });
  return verdict.status === "broken" ? `${verdict.code}: ${verdict.detail}` : verdict.status;
}

describe("keys that sign packages", () => {
  test.each([
    ["P-256 with SHA-256", ec("prime256v1"), "sha256"],
    ["P-384 with SHA-384", ec("secp384r1"), "sha384"],
    ["P-521 with SHA-512", ec("secp521r1"), "sha512"],
    ["Ed25519", generateKeyPairSync("ed25519"), null],
    ["RSA 2048", RSA[2048], "sha256"],
    ["RSA 3072", RSA[3072], "sha256"],
    ["RSA 4096", RSA[4096], "sha256"],
    ["RSA-PSS 2048 with SHA-256", pss("sha256"), "sha256"],
    ["RSA-PSS 3072 with SHA-256", pss("sha256", 3072), "sha256"],
    ["RSA-PSS 4096 with SHA-256", pss("sha256", 4096), "sha256"],
  ] as const)("%s", (_, pair, digest) => expect(verdictOf(pair, digest)).toBe("verified"));

  test.each([
    ["P-384", ec("secp384r1")],
    ["P-521", ec("secp521r1")],
  ] as const)("%s with SHA-256 is refused by its name", (curve, pair) =>
    expect(verdictOf(pair, "sha256")).toMatch(`SIGNATURE_INVALID: signed in ECDSA on ${curve} with SHA-256`),
  );

  test("and so it is of a certificate", async () => {
    const key = newKey("P-384");
    const bundle = await instance.attest({ subjects, identity, leaf: { key } });
    // Its curve decides what the instance hashes with.
    const signed = await instance.attest({ subjects, identity, leaf: { key: { ...key, curve: "P-256" } } });
    expect(judged(bundle, { roots: [rootOf(instance)], subject: file })).toMatchObject({ status: "verified" });
    expect(judged(signed, { roots: [rootOf(instance)], subject: file })).toMatchObject({
      code: "SIGNATURE_INVALID",
      detail: expect.stringContaining("ECDSA on P-384 with SHA-256, which is deprecated"),
    });
    // Where another thing is amiss as well, that is what is said: the signature was not come to.
    const { verificationMaterial: material } = signed as { readonly verificationMaterial: object };
    const unlogged = { ...signed, verificationMaterial: { ...material, tlogEntries: [] } };
    expect(judged(unlogged, { roots: [rootOf(instance)], subject: file })).toMatchObject({
      code: "LOG_INVALID",
      detail: expect.not.stringContaining("deprecated"),
    });
  });

  test.each([
    ["P-256 with SHA-512", ec("prime256v1"), "sha512", undefined],
    ["RSA with SHA-512", RSA[2048], "sha512", undefined],
    ["PSS by a key for PKCS#1 v1.5", RSA[2048], "sha256", constants.RSA_PKCS1_PSS_PADDING],
  ] as const)("%s is nobody's signature", (_, pair, digest, padding) =>
    expect(verdictOf(pair, digest, padding)).toBe("foreign"),
  );

  test.each([
    ["rsa 1024", RSA[1024]],
    ["rsa 2056", rsa(2056)],
    ["rsa-pss 2048 sha512", pss("sha512")],
    ["ec secp256k1", ec("secp256k1")],
    ["ed448", generateKeyPairSync("ed448")],
  ] as const)("%s is refused by its name", (kind, { publicKey }) => {
    expect(describeKey(publicKey)).toBe(kind);
    const hold = () => heldKey(der(publicKey), { usage: "policy", thresholds: ALONE });
    expect(hold).toThrow(expect.objectContaining({ code: "KEY_UNUSABLE", message: expect.stringContaining(kind) }));
  });
});

describe("keys that a trust root names", () => {
  const pkcs1 = RSA[2048].publicKey.export({ format: "der", type: "pkcs1" });
  test.each([
    ["PKIX_ECDSA_P256_SHA_256", der(ec("prime256v1").publicKey)],
    ["PKIX_ECDSA_P384_SHA_256", der(ec("secp384r1").publicKey)],
    ["PKIX_ECDSA_P521_SHA_256", der(ec("secp521r1").publicKey)],
    ["PKIX_ED25519", der(generateKeyPairSync("ed25519").publicKey)],
    ["PKIX_RSA_PKCS1V15_3072_SHA256", der(RSA[3072].publicKey)],
    ["PKIX_RSA_PSS_4096_SHA256", der(RSA[4096].publicKey)],
    ["PKIX_RSA_PSS_2048_SHA256", der(pss("sha256").publicKey)],
    ["PKCS1_RSA_PKCS1V5", pkcs1],
    ["PKCS1_RSA_PSS", pkcs1],
  ] as const)("%s", (details, key) => expect(namedKey(key, details)).toMatchObject({ unusable: null }));

  test.each([
    ["PKIX_ECDSA_P256_HMAC_SHA_256", der(ec("prime256v1").publicKey), "not one that counts"],
    ["PKIX_ED25519_PH", der(generateKeyPairSync("ed25519").publicKey), "not one that counts"],
    ["ML_DSA_65", der(RSA[2048].publicKey), "ML_DSA_65 is not one that counts"],
    ["PKIX_ECDSA_P256_SHA_256", der(ec("secp384r1").publicKey), "the key is ec secp384r1"],
    ["PKIX_RSA_PKCS1V15_4096_SHA256", der(RSA[2048].publicKey), "the key is rsa 2048"],
    ["PKIX_RSA_PKCS1V5", der(RSA[1024].publicKey), "the key is rsa 1024"],
    ["PKIX_ED25519", Buffer.from("no key"), "no readable key"],
    [undefined, der(ec("prime256v1").publicKey), "without an algorithm"],
  ] as const)("refused: %s, case %#", (details, key, words) => expect(namedKey(key, details)).toContain(words));

  type Kept = Record<"tlogs" | "ctlogs", { publicKey: Record<string, unknown> }[]>;

  test.each([
    ["tlogs", "PKIX_ECDSA_P384_SHA_384", "secp384r1"],
    ["tlogs", "PKIX_ECDSA_P521_SHA_512", "secp521r1"],
    ["ctlogs", "PKIX_ECDSA_P384_SHA_384", "secp384r1"],
    ["ctlogs", "PKIX_ECDSA_P521_SHA_512", "secp521r1"],
  ] as const)(
    "one of %s that signs in %s is refused by that name, by whoever it is read",
    async (kind, details, curve) => {
      const bundle = await instance.attest({ subjects, identity });
      const root = structuredClone(instance.trustedRoot) as Kept;
      root[kind][0]!.publicKey["keyDetails"] = details;
      root[kind][0]!.publicKey["rawBytes"] = der(ec(curve).publicKey).toString("base64");
      const roots = [rootOf({ ...instance, trustedRoot: root })];
      expect(judged(bundle, { roots, subject: file })).toMatchObject({
        code: "LOG_INVALID",
        detail: expect.stringContaining(`signs with ${details}, which is not supported for a log`),
      });
      expect(judged(bundle, { roots: [rootOf(instance)], subject: file })).toMatchObject({ status: "verified" });
    },
  );
});

describe("an authority's certificates", () => {
  const under = async (curve: Curve) => {
    const made = await createInstance({ curve, name: "rsa.test" });
    return judged(await made.attest({ subjects, identity }), { roots: [rootOf(made)], subject: file });
  };

  test("signed in RSASSA-PSS hold", async () => expect(await under("RSA-PSS")).toMatchObject({ status: "verified" }));

  test("signed in what does not count are refused by its name", async () =>
    expect(await under("SHA-1")).toMatchObject({
      code: "CERTIFICATE_INVALID",
      detail: expect.stringContaining("signed with 1.2.840.113549.1.1.5, which is not supported"),
    }));

  test("one beside another of its name that signs in what does not count holds", async () => {
    const [old, made] = [
      await createInstance({ curve: "SHA-1", name: "same.test" }),
      await createInstance({ curve: "P-256", name: "same.test" }),
    ];
    type Authorities = { certificateAuthorities: object[] };
    const root = structuredClone(made.trustedRoot) as Authorities;
    root.certificateAuthorities.unshift(...(old.trustedRoot as Authorities).certificateAuthorities);
    const bundle = await made.attest({ subjects, identity });
    const roots = [rootOf({ ...made, trustedRoot: root })];
    expect(judged(bundle, { roots, subject: file })).toMatchObject({ status: "verified" });
  });

  test.each([
    ["2a8648ce3d040303", "1.2.840.10045.4.3.3"],
    ["2b6571", "1.3.101.113"],
    [`0609${PSS}3000`, "RSASSA-PSS with parameters other than"],
  ])("%s is called %s", (hex, words) => expect(algorithmText(hex)).toContain(words));
});

describe("a key of another kind than its root says", () => {
  const keys = {
    ec: der(ec("prime256v1").publicKey),
    ed25519: der(generateKeyPairSync("ed25519").publicKey),
    rsa: der(RSA[2048].publicKey),
    "rsa-pss": der(pss("sha256").publicKey),
  };

  test.each([
    ["PKIX_ED25519", ["ed25519"]],
    ["PKIX_RSA_PKCS1V5", ["rsa"]],
    ["PKIX_RSA_PSS", ["rsa", "rsa-pss"]],
    ["PKIX_ECDSA_P256_SHA_256", ["ec"]],
    ["PKIX_ECDSA_P384_SHA_256", []],
    ["PKIX_RSA_PKCS1V15_3072_SHA256", []],
  ])("%s is one of %j alone", (name, expected) => {
    for (const [kind, spki] of Object.entries(keys)) {
      const found = namedKey(spki, name);
      expect(typeof found === "string", kind).toBe(!expected.includes(kind));
      if (typeof found === "string") expect(found).toMatch(new RegExp(`^says ${name}, and the key is ${kind}`));
    }
  });
});
