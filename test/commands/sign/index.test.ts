/** `safe-install sign` with keys, each signature judged by `verify` and by OpenSSL's own program. */
import { signingWorld, openssl, type SigningWorld } from "../../support/signing.ts";
import { CORPUS, hasCorpus } from "../../verify/corpus.ts";
import { createHash, generateKeyPairSync } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const PASSWORD = "correct horse of the tests";
const secret = { SAFE_INSTALL_KEY_PASSWORD: PASSWORD };
type Kind = "P-256" | "P-384" | "RSA" | "Ed25519";

const made = new Map<Kind, ReturnType<typeof newPair>>();

/** One of each kind for all: making them takes longer than what they are for. */
function pairOf(kind: Kind) {
  const pair = made.get(kind) ?? newPair(kind);
  made.set(kind, pair);
  return pair;
}

function newPair(kind: Kind) {
  if (kind === "RSA") return generateKeyPairSync("rsa", { modulusLength: 2048 });
  return kind === "Ed25519" ? generateKeyPairSync("ed25519") : generateKeyPairSync("ec", { namedCurve: kind });
}

/** A file to sign, and a key in an encrypted file and in a plain one, for programs. */
function world(kind: Kind = "P-256"): SigningWorld {
  const made = signingWorld();
  const { privateKey, publicKey } = pairOf(kind);
  made.put("widget.bin", Buffer.from("what was built\n"));
  made.put(
    "key.p8",
    privateKey.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: PASSWORD }).toString(),
  );
  made.put("plain.pem", privateKey.export({ type: "pkcs8", format: "pem" }).toString());
  made.put("key.pub", publicKey.export({ type: "spki", format: "pem" }).toString());
  return made;
}

interface KeyBundle {
  readonly verificationMaterial: { readonly publicKey: { readonly hint: string } };
  readonly messageSignature: { readonly signature: string };
  readonly dsseEnvelope: {
    readonly payload: string;
    readonly payloadType: string;
    readonly signatures: readonly { readonly sig: string }[];
  };
}

const bundleIn = (made: SigningWorld) => made.bundle("widget.bin") as unknown as KeyBundle;

/** By our own command, under the public key, where no log knows it. */
async function verified(made: SigningWorld, key = "key.pub", file = "widget.bin") {
  const asked = ["verify", file, "--bundle", `${file}.sigstore.json`, "--key", key, "--tlog", "0"];
  return (await made.run(asked)).exit;
}

function verifiedByOpenssl(made: SigningWorld, kind: Kind, options: readonly string[] = []): string {
  made.put("signature", Buffer.from(bundleIn(made).messageSignature.signature, "base64"));
  if (kind === "Ed25519")
    return openssl(
      made.folder,
      "pkeyutl",
      "-verify",
      "-rawin",
      "-pubin",
      "-inkey",
      "key.pub",
      "-in",
      "widget.bin",
      "-sigfile",
      "signature",
    );
  const digest = kind === "P-384" ? "-sha384" : "-sha256";
  return openssl(
    made.folder,
    "dgst",
    digest,
    ...options,
    "-verify",
    "key.pub",
    "-signature",
    "signature",
    "widget.bin",
  );
}

describe("a key file", () => {
  it.each(["P-256", "P-384", "RSA", "Ed25519"] as const)("%s: OpenSSL and verify take what it signs", async (kind) => {
    const made = world(kind);
    expect(await made.run(["sign", "widget.bin", "--key", "key.p8"], { env: secret })).toMatchObject({
      exit: 0,
      stderr: "",
    });
    expect(await verified(made)).toBe(0);
    expect(verifiedByOpenssl(made, kind)).toMatch(/Verified OK|Verified Successfully/);
    const spki = generateSpki(made);
    expect(bundleIn(made).verificationMaterial.publicKey.hint).toBe(createHash("sha256").update(spki).digest("base64"));
  });

  it("RSA padded as PSS: by the key that --public-key-out writes", async () => {
    const made = world("RSA");
    const words = ["sign", "widget.bin", "--key", "key.p8", "--padding", "pss", "--public-key-out", "pss.pub"];
    expect((await made.run(words, { env: secret })).exit).toBe(0);
    expect(await verified(made, "pss.pub")).toBe(0);
    expect(await verified(made, "key.pub")).not.toBe(0);
    const pss = ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32"];
    expect(verifiedByOpenssl(made, "RSA", pss)).toContain("Verified OK");
  });

  it("asks for the password where nobody has said it, and says where none can be asked", async () => {
    const made = world();
    const askSecret = async (question: string) => (question.includes("key.p8") ? PASSWORD : "");
    expect((await made.run(["sign", "widget.bin", "--key", "key.p8"], { askSecret })).exit).toBe(0);
    const alone = world();
    const { exit, stderr } = await alone.run(["sign", "widget.bin", "--key", "key.p8"]);
    expect([exit, alone.files().includes("widget.bin.sigstore.json")]).toEqual([64, false]);
    expect(stderr).toContain("SAFE_INSTALL_KEY_PASSWORD");
  });

  it.skipIf(!hasCorpus)("cosign's own key file is refused by its name", async () => {
    const made = world();
    made.put("cosign.key", readFileSync(join(CORPUS, "further/key-command/encrypted/cosign.key")));
    const { exit, stderr } = await made.run(["sign", "widget.bin", "--key", "cosign.key"], { env: secret });
    expect([exit, stderr.includes("cosign's own kind")]).toEqual([64, true]);
  });
});

function generateSpki(made: SigningWorld): Buffer {
  return Buffer.from(
    readFileSync(join(made.folder, "key.pub"), "utf8").replaceAll(/-----[^-]+-----|\s/g, ""),
    "base64",
  );
}

describe("what is signed", () => {
  it("a statement with a predicate of one's own, by the package's own name", async () => {
    const made = world();
    made.put("sbom.json", { spdxVersion: "SPDX-2.3" });
    const type = "https://spdx.dev/Document";
    const words = ["sign", "widget.bin", "--key", "key.p8", "--predicate", "sbom.json", "--type", type];
    expect((await made.run(words, { env: secret })).exit).toBe(0);
    expect(await verified(made)).toBe(0);
    const { payload, payloadType, signatures } = bundleIn(made).dsseEnvelope;
    const body = Buffer.from(payload, "base64");
    expect(JSON.parse(body.toString())).toMatchObject({
      subject: [
        { name: "widget.bin", digest: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/), sha512: expect.anything() } },
      ],
      predicateType: type,
      predicate: { spdxVersion: "SPDX-2.3" },
    });
    made.put(
      "signed",
      Buffer.concat([Buffer.from(`DSSEv1 ${payloadType.length} ${payloadType} ${body.length} `), body]),
    );
    made.put("signature", Buffer.from(signatures[0]?.sig ?? "", "base64"));
    expect(
      openssl(made.folder, "dgst", "-sha256", "-verify", "key.pub", "-signature", "signature", "signed"),
    ).toContain("OK");
  });

  it.each([
    ["no JSON", "{", "PREDICATE_INVALID"],
    ["a member twice", '{"a":1,"a":2}', "PREDICATE_INVALID"],
    ["a list", "[]", "PREDICATE_INVALID"],
  ])("a predicate that is %s is refused", async (_, text, code) => {
    const made = world();
    made.put("predicate.json", text);
    const words = [
      "sign",
      "widget.bin",
      "--key",
      "key.p8",
      "--predicate",
      "predicate.json",
      "--type",
      "https://a.example/b",
    ];
    const { exit, stderr } = await made.run(words, { env: secret });
    expect([exit, stderr.includes(code), made.files().includes("widget.bin.sigstore.json")]).toEqual([64, true, false]);
  });

  it("a bundle that is there is never replaced; --append writes one more, and both are judged", async () => {
    const made = world();
    await made.run(["sign", "widget.bin", "--key", "key.p8"], { env: secret });
    const before = readFileSync(join(made.folder, "widget.bin.sigstore.json"), "utf8");
    expect((await made.run(["sign", "widget.bin", "--key", "key.p8"], { env: secret })).exit).toBe(64);
    expect(readFileSync(join(made.folder, "widget.bin.sigstore.json"), "utf8")).toBe(before);
    // As others write it: over several lines.
    made.put("widget.bin.sigstore.json", JSON.stringify(JSON.parse(before), null, 2));
    made.put(
      "other.p8",
      pairOf("Ed25519")
        .privateKey.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: PASSWORD })
        .toString(),
    );
    expect((await made.run(["sign", "widget.bin", "--key", "other.p8", "--append"], { env: secret })).exit).toBe(0);
    const lines = readFileSync(join(made.folder, "widget.bin.sigstore.json"), "utf8").trimEnd().split("\n");
    expect([lines.length, JSON.parse(lines[0] ?? "")]).toEqual([2, JSON.parse(before)]);
    const signer = { publicKey: { files: ["key.pub"], tlog: 0 } };
    made.put(".signing-policy.json", { version: 1, signers: { us: signer }, rules: [] });
    const judged = ["verify", "widget.bin", "--bundle", "widget.bin.sigstore.json", "--signer", "us"];
    expect(await made.run(judged)).toMatchObject({ exit: 0 });
  });

  it("nothing is written through a link, and nothing is signed for that place", async () => {
    const made = world();
    symlinkSync(join(made.folder, "elsewhere"), join(made.folder, "widget.bin.sigstore.json"));
    const words = ["sign", "widget.bin", "--key", "key.p8", "--audit-log", "audit.jsonl"];
    expect((await made.run(words, { env: secret })).exit).toBe(64);
    expect(existsSync(join(made.folder, "elsewhere"))).toBe(false);
    expect(existsSync(join(made.folder, "audit.jsonl"))).toBe(false);
  });

  it("a file by two spellings of its name is one", async () => {
    const made = world();
    const { exit, stderr } = await made.run(["sign", "widget.bin", "./widget.bin", "--key", "key.p8"], { env: secret });
    expect([exit, stderr.includes("named twice"), made.files().includes("widget.bin.sigstore.json")]).toEqual([
      64,
      true,
      false,
    ]);
  });

  it("a bundle that somebody else writes meanwhile stays; --append comes after it", async () => {
    const made = world();
    made.put(
      "meanwhile",
      '#!/bin/sh\necho "{}" >> widget.bin.sigstore.json\nexec openssl pkeyutl -sign -inkey plain.pem\n',
    );
    chmodSync(join(made.folder, "meanwhile"), 0o755);
    const words = ["sign", "widget.bin", "--public-key", "key.pub", "--key-command", "./meanwhile"];
    const { exit, stderr } = await made.run(words);
    expect([exit, stderr.includes("ALREADY_SIGNED")]).toEqual([64, true]);
    expect(readFileSync(join(made.folder, "widget.bin.sigstore.json"), "utf8")).toBe("{}\n");
    expect((await made.run([...words, "--append"])).exit).toBe(0);
    const lines = readFileSync(join(made.folder, "widget.bin.sigstore.json"), "utf8").trimEnd().split("\n");
    expect([lines.length, lines.slice(0, 2), lines[2]?.includes("messageSignature")]).toEqual([3, ["{}", "{}"], true]);
  });
});

const DIGEST = ["sign", "widget.bin", "--public-key", "key.pub", "--key-command"];

describe("a program that signs", () => {
  it.each([
    ["P-256", "openssl pkeyutl -sign -inkey plain.pem", []],
    ["P-384", "openssl pkeyutl -sign -inkey plain.pem", []],
    ["RSA", "openssl pkeyutl -sign -inkey plain.pem -pkeyopt digest:sha256", []],
    ["RSA", "openssl dgst -sha256 -sign plain.pem", ["--key-input", "message"]],
    ["Ed25519", "openssl pkeyutl -sign -rawin -inkey plain.pem -in /dev/stdin", []],
    ["RSA", "openssl pkeyutl -sign -inkey plain.pem", ["--key-input", "digestinfo"]],
  ] as const)("%s: %s", async (kind, command, more) => {
    const made = world(kind);
    expect(await made.run([...DIGEST, command, ...more]), command).toMatchObject({ exit: 0, stderr: "" });
    expect(await verified(made)).toBe(0);
    expect(verifiedByOpenssl(made, kind)).toMatch(/Verified OK|Verified Successfully/);
  });

  it("wrong key behind a label: refused, said so, nothing written", async () => {
    const made = world();
    made.put("plain.pem", newPair("P-256").privateKey.export({ type: "pkcs8", format: "pem" }).toString());
    const { exit, stderr } = await made.run([
      ...DIGEST,
      "openssl pkeyutl -sign -inkey plain.pem",
      "--audit-log",
      "audit.jsonl",
      "--public-key-out",
      "release.pem",
    ]);
    expect([exit, made.files().includes("widget.bin.sigstore.json")]).toEqual([66, false]);
    expect(made.files()).not.toContain("release.pem");
    expect(stderr).toContain("another key than the label names");
    expect(made.audited().map(({ event, outcome, code }) => [event, outcome, code])).toEqual([
      ["intent", undefined, undefined],
      ["outcome", "failed", "SIGNATURE_INVALID"],
    ]);
  });

  it("one that fails, or is not there: said, nothing written", async () => {
    const made = world();
    expect((await made.run([...DIGEST, "false"])).exit).toBe(69);
    expect((await made.run([...DIGEST, "no-such-program-of-ours"])).stderr).toContain("not on PATH");
    expect((await made.run([...DIGEST, "./no-such-program"])).exit).toBe(69);
    expect(made.files().includes("widget.bin.sigstore.json")).toBe(false);
  });

  it("a name is not looked for in the repository, and the password is not in its environment", async () => {
    const made = world();
    mkdirSync(join(made.folder, "bin"));
    made.put("bin/mysign", "#!/bin/sh\nenv > seen\nexec openssl pkeyutl -sign -inkey plain.pem\n");
    chmodSync(join(made.folder, "bin/mysign"), 0o755);
    const PATH = `${join(made.folder, "bin")}:${process.env["PATH"]}`;
    expect((await made.run([...DIGEST, "mysign"], { env: { PATH } })).stderr).toContain("not on PATH");
    expect((await made.run([...DIGEST, "./bin/mysign"], { env: { PATH, ...secret } })).exit).toBe(0);
    expect(readFileSync(join(made.folder, "seen"), "utf8")).not.toContain(PASSWORD);
  });
});

describe("the log of signatures", () => {
  const logged = ["sign", "widget.bin", "--key", "key.p8", "--audit-log", "audit.jsonl"];

  it("has a line before and one after, of one signature, and no secret", async () => {
    const made = world();
    await made.run(logged, { env: secret });
    const [intent, outcome] = made.audited();
    expect(intent).toMatchObject({
      event: "intent",
      file: "widget.bin",
      caller: { user: expect.any(String) },
      by: { key: expect.stringMatching(/^sha256:/) },
      predicateType: null,
    });
    const written = readFileSync(join(made.folder, "widget.bin.sigstore.json"));
    const bundle = `sha256:${createHash("sha256").update(written.subarray(0, -1)).digest("hex")}`;
    expect(outcome).toMatchObject({ event: "outcome", outcome: "signed", id: intent?.["id"], bundle });
    expect(readFileSync(join(made.folder, "audit.jsonl"), "utf8")).not.toContain(PASSWORD);
  });

  it.skipIf(!existsSync("/dev/full"))("on a full disk nothing is signed", async () => {
    const made = world();
    made.put("sign.sh", "#!/bin/sh\ntouch was-asked\nexec openssl pkeyutl -sign -inkey plain.pem\n");
    chmodSync(join(made.folder, "sign.sh"), 0o755);
    const { exit, stderr } = await made.run([...DIGEST, "./sign.sh", "--audit-log", "/dev/full"]);
    expect([exit, stderr.includes("AUDIT_UNWRITABLE")]).toEqual([69, true]);
    expect(made.files()).not.toContain("was-asked");
    expect(made.files()).not.toContain("widget.bin.sigstore.json");
  });

  it("that cannot be written any more, once signed: no bundle", async () => {
    const made = world();
    made.put(
      "sign.sh",
      "#!/bin/sh\nrm audit.jsonl && mkdir audit.jsonl\nexec openssl pkeyutl -sign -inkey plain.pem\n",
    );
    chmodSync(join(made.folder, "sign.sh"), 0o755);
    const { exit } = await made.run([...DIGEST, "./sign.sh", "--audit-log", "audit.jsonl"]);
    expect([exit, made.files().includes("widget.bin.sigstore.json")]).toEqual([69, false]);
  });
});

it.each([
  ["no file", ["sign", "--key", "key.p8"]],
  ["both kinds of key", ["sign", "a", "--key", "k", "--key-command", "c"]],
  ["a program without its key", ["sign", "a", "--key-command", "c"]],
  ["a file's key announced", ["sign", "a", "--key", "k", "--public-key", "p"]],
  ["a type without a predicate", ["sign", "a", "--key", "k", "--type", "https://a.example"]],
  ["a type that is no URI", ["sign", "a", "--key", "k", "--predicate", "p", "--type", "spdx"]],
  ["bytes and a statement", ["sign", "a", "--key", "k", "--blob", "--predicate", "p", "--type", "https://a.example"]],
  ["a format that there is not", ["sign", "a", "--key-command", "c", "--public-key", "p", "--key-format", "raw"]],
  ["a file twice", ["sign", "widget.bin", "widget.bin", "--key", "key.p8"]],
  ["a file that is not there", ["sign", "no-such-file", "--key", "key.p8"]],
])("%s is refused", async (_, words) => {
  const made = world();
  expect((await made.run(words, { env: secret })).exit).toBe(64);
});
