/** Keys that a policy names: which bundles are theirs, whatever a hint says, and what they rest on. */
import { heldKey, type HeldKey } from "../../../src/verify/trust/held-key.ts";
import { createInstance, newKey, pem, type Key } from "../../support/sigstore.ts";
import { bytes, edited, judged, name, outcome, rootOf, sha256, sha512, subjects } from "../judging.ts";
import { createPrivateKey, createPublicKey, ECDH, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { describe, expect, test } from "vitest";

const instance = await createInstance();
const root = rootOf(instance);
const roots = [root];
const LOGGED = { tlog: 1, sct: 0, timestamps: 1 };
const ALONE = { tlog: 0, sct: 0, timestamps: 0 };
const hold = (key: Key, thresholds = LOGGED): HeldKey =>
  heldKey(Buffer.from(pem("PUBLIC KEY", key.spki)), { usage: "policy", thresholds, roots: [root.id] });
const file = { names: [name], digests: [sha256, sha512], bytes };

describe("whose a bundle is", () => {
  const [key, other] = [newKey(), newKey()];
  const attest = (hint: string, by = key) => instance.attest({ subjects, key: by, hint });

  test.each(["", "awskms:///alias/release", "2026.pem"])("the hint %j does not matter", async (hint) => {
    const verdict = judged(await attest(hint), { roots, keys: [hold(other), hold(key)] });
    expect(verdict).toMatchObject({
      status: "verified",
      attestation: { signer: { kind: "key", fingerprint: hold(key).fingerprint, held: [hold(key).id] } },
    });
  });

  test("nobody's that is held: passed over, whoever's it is", async () => {
    expect(outcome(await attest("release"), { roots, keys: [hold(other)] })).toBe("foreign");
    expect(outcome(await attest("release"), { roots, keys: [] })).toBe("foreign");
  });

  test("a key that rests on a root which is not there is nobody's, but where it rests on none", async () => {
    const resting = (thresholds: typeof LOGGED) => [{ ...hold(key, thresholds), roots: ["not there"] }];
    const unlogged = await instance.attest({ subjects, key, hint: "", log: "none" });
    for (const thresholds of [LOGGED, { ...ALONE, tlog: 1 }, { ...ALONE, timestamps: 1 }])
      expect(outcome(unlogged, { roots, keys: resting(thresholds) })).toBe("foreign");
    expect(outcome(unlogged, { roots, keys: resting(ALONE) })).toBe("verified");
  });

  test("a hint that names another held key decides nothing: the signature says whose it is", async () => {
    const [hint = ""] = hold(other).hints;
    expect(judged(await attest(hint), { roots, keys: [hold(key), hold(other)] })).toMatchObject({
      attestation: { signer: { fingerprint: hold(key).fingerprint } },
    });
    expect(outcome(await attest(hint), { roots, keys: [hold(other)] })).toBe("SIGNATURE_INVALID");
  });

  test("a registry's key is never tried", async () => {
    const keys = [{ ...hold(key), usage: "npm:attestations" }];
    expect(outcome(await attest("release"), { roots, keys })).toBe("foreign");
  });

  test("once it is a held key's, everything must hold", async () => {
    const bundle = await attest("release");
    const keys = [hold(key)];
    const proofless = edited(bundle, (b) => void (b.verificationMaterial.tlogEntries = []));
    expect(outcome(proofless, { roots, keys })).toBe("LOG_INVALID");
    const elsewhere = { ...file, names: ["pkg:npm/%40acme/other@1.0.0"] };
    expect(outcome(bundle, { roots, keys, subject: elsewhere })).toBe("SUBJECT_MISMATCH");
  });
});

describe("what a key rests on", () => {
  const key = newKey();

  test("a key that signs the bytes themselves needs them, and no others", async () => {
    const own = newKey("Ed25519");
    const keys = [hold(own, ALONE)];
    const bundle = await instance.signMessage({ bytes, key: own, log: "none" });
    expect(outcome(bundle, { roots, keys, subject: file })).toBe("verified");
    const others = { ...file, bytes: Buffer.from("others") };
    expect(outcome(bundle, { roots, keys, subject: others })).not.toBe("verified");
  });

  test("one key under two thresholds: each bundle says under which it holds", async () => {
    const [logged, alone] = [hold(key), hold(key, ALONE)];
    const held = async (log: "none" | undefined) => {
      const bundle = await instance.attest({ subjects, key, ...(log === undefined ? {} : { log }) });
      const verdict = judged(bundle, { roots, keys: [logged, alone] });
      return verdict.status === "verified" && verdict.attestation.signer.kind === "key"
        ? verdict.attestation.signer.held
        : verdict;
    };
    expect(logged.id).not.toBe(alone.id);
    expect(await held("none")).toEqual([alone.id]);
    expect(await held(undefined)).toEqual([logged.id, alone.id]);
  });

  test("one key in two spellings is one key", async () => {
    const written = newKey();
    // The uncompressed point is the end of the SubjectPublicKeyInfo.
    const point = written.spki.subarray(-65);
    const short = ECDH.convertKey(point, "prime256v1", undefined, undefined, "compressed") as Buffer;
    const algorithm = written.spki.subarray(2, 2 + 21);
    const bits = Buffer.concat([Buffer.from([0x03, short.length + 1, 0]), short]);
    const spki = Buffer.concat([Buffer.from([0x30, algorithm.length + bits.length]), algorithm, bits]);
    const [one, other] = [hold(written), heldKey(spki, { usage: "policy", thresholds: LOGGED, roots: [root.id] })];
    expect(createPublicKey({ key: spki, format: "der", type: "spki" }).asymmetricKeyType).toBe("ec");
    expect(other).toEqual(one);
    expect(outcome(await instance.attest({ subjects, key: written }), { roots, keys: [other] })).toBe("verified");
  });

  test("without a log there is no time, and with one there is", async () => {
    const at = new Date("2025-06-01T00:00:00Z");
    const bundle = (more: object) => instance.attest({ subjects, key, at, ...more });
    expect(judged(await bundle({ log: "none" }), { roots, keys: [hold(key, ALONE)] })).toMatchObject({
      attestation: { signedAt: null, roots: [] },
    });
    expect(judged(await bundle({}), { roots, keys: [hold(key)] })).toMatchObject({
      attestation: { signedAt: at, roots: [root.id] },
    });
    expect(outcome(await bundle({ log: [{ version: 2 }] }), { roots, keys: [hold(key)] })).toBe("TIME_INVALID");
    const stamped = await bundle({ log: [{ version: 2 }], timestamps: 1 });
    expect(outcome(stamped, { roots, keys: [hold(key)] })).toBe("verified");
  });

  test("a log of another root does not vouch", async () => {
    const elsewhere = await createInstance({ name: "elsewhere.test" });
    const bundle = await elsewhere.attest({ subjects, key });
    expect(outcome(bundle, { roots: [root, rootOf(elsewhere)], keys: [hold(key)] })).toBe("LOG_INVALID");
  });
});

describe("kinds of keys", () => {
  test.each(["P-256", "P-384", "Ed25519"] as const)("%s: envelopes and files", async (curve) => {
    const key = newKey(curve);
    const keys = [hold(key, ALONE)];
    const [envelope, message] = [
      { subjects, key },
      { bytes, key },
    ];
    expect(outcome(await instance.attest({ ...envelope, log: "none" }), { roots, keys })).toBe("verified");
    const signed = await instance.signMessage({ ...message, log: "none" });
    expect(outcome(signed, { roots, keys, subject: file })).toBe("verified");
    expect(outcome(signed, { roots, keys: [hold(newKey(curve), ALONE)], subject: file })).toBe("foreign");
    const changed = { ...file, bytes: Buffer.from("other"), digests: [] };
    expect(outcome(signed, { roots, keys, subject: changed })).not.toBe("verified");
  });

  test.each([2048, 3072])("RSA of %d bits: envelopes and files", { timeout: 60_000 }, async (modulusLength) => {
    const pair = generateKeyPairSync("rsa", { modulusLength });
    const keys = [rsa(pair.publicKey)];
    const envelope = await instance.attest({ subjects, key: newKey(), log: "none" });
    const payload = Buffer.from((envelope["dsseEnvelope"] as { payload: string }).payload, "base64");
    const encoded = Buffer.concat([Buffer.from(`DSSEv1 28 application/vnd.in-toto+json ${payload.length} `), payload]);
    const signature = (data: Buffer) => sign("sha256", data, pair.privateKey).toString("base64");
    const own = edited(envelope, (b) => void (b.dsseEnvelope.signatures[0].sig = signature(encoded)));
    expect(outcome(own, { roots, keys })).toBe("verified");
    const message = await instance.signMessage({ bytes, key: newKey(), log: "none" });
    const signed = edited(message, (b) => void (b.messageSignature.signature = signature(bytes)));
    expect(outcome(signed, { roots, keys, subject: file })).toBe("verified");
    expect(outcome(signed, { roots, keys, subject: { ...file, bytes: null } })).toBe("needs-bytes");
  });

  function rsa(key: KeyObject): HeldKey {
    const encoded = Buffer.from(key.export({ format: "pem", type: "spki" }));
    return heldKey(encoded, { usage: "policy", thresholds: ALONE, roots: [root.id] });
  }

  test.each([
    ["too short an RSA key", generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey],
    ["a curve that is none of Sigstore's", generateKeyPairSync("ec", { namedCurve: "secp256k1" }).publicKey],
    ["Ed448", generateKeyPairSync("ed448").publicKey],
    ["a key for agreement only", generateKeyPairSync("x25519").publicKey],
  ])("%s is refused", (_, key) => {
    expect(() => rsa(key)).toThrow("not one that signs here");
  });

  const good = pem("PUBLIC KEY", newKey().spki);
  const secret = createPrivateKey(newKey().privateKey.export({ format: "pem", type: "pkcs8" }));
  test.each([
    ["two keys in one file", `${good}${pem("PUBLIC KEY", newKey().spki)}`],
    ["a private key", String(secret.export({ format: "pem", type: "pkcs8" }))],
    ["something before it", `key:\n${good}`],
    ["nothing", ""],
  ])("%s is no key file", (_, text) => {
    expect(() => heldKey(Buffer.from(text), { usage: "policy", thresholds: ALONE })).toThrow("not one public key");
  });
});
