/** What was signed, judged by the policy of those who install; and the summary of a verification. */
import { isoDay, signingWorld } from "../../support/signing.ts";
import { createInstance } from "../../support/sigstore.ts";
import { serveSigstore } from "../../support/sigstore/services.ts";
import { makeTarball } from "../../support/tarball.ts";
import { GITHUB_CLAIMS, GITHUB_ENV, tokenOf } from "../../support/tokens.ts";
import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";

const FILE = "dist/widget-1.0.0.tgz";
const instance = await createInstance({ curve: "P-256" });
const env = { ...GITHUB_ENV, SIGSTORE_ID_TOKEN: tokenOf(GITHUB_CLAIMS) };
const secret = { SAFE_INSTALL_KEY_PASSWORD: "a password" };
const github = { repository: "acme/widget", workflow: ".github/workflows/release.yml", ref: "refs/tags/v{version}" };
const policy = (signer: object, rule: object = {}) => ({
  version: 1,
  trust: { ours: { trustedRoot: "root.json" } },
  signers: { ours: { trust: "ours", ...signer } },
  rules: [{ packages: ["npm:widget"], signedBy: ["ours"], ...rule }],
});

async function signed() {
  const made = signingWorld();
  const server = await serveSigstore(instance);
  made.put(FILE, makeTarball({ name: "widget", version: "1.0.0" }));
  made.put("root.json", instance.trustedRoot);
  made.put("instance.json", server.signingConfig());
  const words = ["sign", FILE, "--signing-config", "instance.json", "--trusted-root", "root.json"];
  expect(await made.run(words, { env })).toMatchObject({ exit: 0 });
  return made;
}

function withKey() {
  const made = signingWorld();
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const encrypted = { cipher: "aes-256-cbc", passphrase: "a password" };
  made.put("key.p8", privateKey.export({ type: "pkcs8", format: "pem", ...encrypted }).toString());
  made.put("key.pub", publicKey.export({ type: "spki", format: "pem" }).toString());
  made.put(FILE, makeTarball({ name: "widget", version: "1.0.0" }));
  return made;
}

describe("sign --check", () => {
  it("by the policy that pins its signer", async () => {
    const made = await signed();
    made.put("consumer.json", policy({ githubActions: github }));
    const { exit, stdout } = await made.run(["sign", "--check", FILE, "--policy", "consumer.json"]);
    expect([exit, stdout.includes("signed by ours")]).toEqual([0, true]);
  });

  it.each([
    ["there is no policy", [], 0],
    ["the policy pins another one", ["--policy", "consumer.json"], 65],
  ] as const)("where %s, the entry is said, and with it the file is allowed", async (_, words, exit) => {
    const made = await signed();
    made.put("consumer.json", policy({ githubActions: { ...github, repository: "acme/other" } }));
    const root = words.length === 0 ? ["--trusted-root", "root.json"] : [];
    const ran = await made.run(["--json", "sign", "--check", FILE, ...words, ...root]);
    expect(ran.exit).toBe(exit);
    const { checked } = JSON.parse(ran.stdout) as { checked: readonly { readonly entry: object }[] };
    const [{ entry } = { entry: {} }] = checked;
    expect(entry).toMatchObject({ githubActions: { ...github, runner: "github-hosted", trigger: "push" } });
    const shown = await made.run(["sign", "--check", FILE, ...words, ...root]);
    expect(shown.stdout).toContain(JSON.stringify(entry));
    made.put("consumer.json", policy({ ...entry, trust: "ours" }));
    expect((await made.run(["sign", "--check", FILE, "--policy", "consumer.json"])).exit).toBe(0);
    expect((await made.run(["--offline", "--policy", "consumer.json", "check", FILE])).exit).toBe(0);
  });

  it("bytes that changed, and a file without a bundle, are said", async () => {
    const made = await signed();
    made.put(FILE, makeTarball({ name: "widget", version: "1.0.1" }));
    const words = ["sign", "--check", FILE, "--trusted-root", "root.json"];
    expect((await made.run(words)).exit).toBe(66);
    made.put("bare.bin", "nothing beside it");
    const { exit, stdout } = await made.run(["sign", "--check", "bare.bin"]);
    expect([exit, stdout.includes("no bundle beside")]).toEqual([66, true]);
  });

  it("a key's: by the policy that names it, or the entry for it", async () => {
    const made = withKey();
    await made.run(["sign", FILE, "--key", "key.p8"], { env: secret });
    const { exit, stdout } = await made.run(["sign", "--check", FILE, "--public-key", "key.pub"]);
    expect([exit, stdout.includes('{"publicKey":{"files":["key.pub"],"tlog":0}}')]).toEqual([0, true]);
    made.put("consumer.json", {
      version: 1,
      signers: { us: { publicKey: { files: ["key.pub"], tlog: 0 } } },
      rules: [],
    });
    const by = await made.run(["sign", "--check", FILE, "--policy", "consumer.json"]);
    expect([by.exit, by.stdout.includes("signed by us")]).toEqual([0, true]);
  });

  it("a signer of the policy, but not of the package's rule, is not who is pinned", async () => {
    const made = await signed();
    const other = { githubActions: { ...github, repository: "acme/other" }, trust: "ours" };
    made.put("consumer.json", {
      ...policy({}),
      signers: { ours: { githubActions: github, trust: "ours" }, other },
      rules: [{ packages: ["npm:widget"], signedBy: ["other"] }],
    });
    const { exit, stdout } = await made.run(["sign", "--check", FILE, "--policy", "consumer.json"]);
    expect([exit, stdout.includes("signed by ours")]).toEqual([65, false]);
  });

  it("signs nothing, whatever else is said", async () => {
    const made = withKey();
    expect((await made.run(["sign", "--check", FILE, "--key", "key.p8"], { env: secret })).exit).toBe(64);
  });
});

describe("dual signing", () => {
  it("a key and an identity in one file: any of them, or both by count", async () => {
    const made = await signed();
    const { privateKey, publicKey } = generateKeyPairSync("ed25519");
    const encrypted = { cipher: "aes-256-cbc", passphrase: "a password" };
    made.put("key.p8", privateKey.export({ type: "pkcs8", format: "pem", ...encrypted }).toString());
    made.put("key.pub", publicKey.export({ type: "spki", format: "pem" }).toString());
    expect((await made.run(["sign", FILE, "--key", "key.p8", "--append"], { env: secret })).exit).toBe(0);
    const signers = {
      old: { publicKey: { files: ["key.pub"], tlog: 0 } },
      new: { githubActions: github, trust: "ours" },
      other: { githubActions: { ...github, repository: "acme/other" }, trust: "ours" },
    };
    const judged = async (rule: object) => {
      made.put(".signing-policy.json", { ...policy({}), signers, rules: [{ packages: ["npm:widget"], ...rule }] });
      return (await made.run(["--offline", "check", FILE])).exit;
    };
    expect(await judged({ signedBy: ["old"] })).toBe(0);
    expect(await judged({ signedBy: ["new"] })).toBe(0);
    expect(await judged({ signedBy: ["old", "new"], count: 2 })).toBe(0);
    expect(await judged({ signedBy: ["old", "other"] })).toBe(0);
    expect(await judged({ signedBy: ["new", "other"], count: 2 })).toBe(65);
  });
});

describe("sign --vsa", () => {
  const VSA = ["--vsa", "report.json", "--verifier", "https://verify.acme.example"];

  it("states what check let through, by which policy, at the level that it asked for", async () => {
    const made = await signed();
    made.put(".signing-policy.json", policy({ githubActions: github }, { slsa: { buildLevel: 2 } }));
    expect((await made.run(["--offline", "check", FILE, "--report", "json=report.json"])).exit).toBe(0);
    const { privateKey } = generateKeyPairSync("ed25519");
    const encrypted = { cipher: "aes-256-cbc", passphrase: "a password" };
    made.put("key.p8", privateKey.export({ type: "pkcs8", format: "pem", ...encrypted }).toString());
    expect(await made.run(["sign", FILE, "--key", "key.p8", "--append", ...VSA], { env: secret })).toMatchObject({
      exit: 0,
    });
    const { readFileSync } = await import("node:fs");
    const [, line = ""] = readFileSync(`${made.folder}/${FILE}.sigstore.json`, "utf8").trimEnd().split("\n");
    const { dsseEnvelope } = JSON.parse(line) as { dsseEnvelope: { payload: string } };
    expect(JSON.parse(Buffer.from(dsseEnvelope.payload, "base64").toString())).toMatchObject({
      predicateType: "https://slsa.dev/verification_summary/v1",
      predicate: {
        verifier: { id: "https://verify.acme.example" },
        resourceUri: "pkg:npm/widget@1.0.0",
        policy: { uri: ".signing-policy.json", digest: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/) } },
        inputAttestations: [{ digest: { sha256: expect.anything() } }],
        verificationResult: "PASSED",
        verifiedLevels: ["SLSA_BUILD_LEVEL_2"],
      },
    });
  });

  it.each([
    ["a report that denies it", { githubActions: { ...github, repository: "acme/other" } }, "denied"],
    ["a report of other bytes", null, "does not say"],
  ])("%s is no ground for one", async (_, signer, words) => {
    const made = await signed();
    made.put(".signing-policy.json", policy(signer ?? { githubActions: github }));
    await made.run(["--offline", "check", FILE, "--report", "json=report.json"]);
    made.put("key.p8", withKeyFile());
    if (signer === null) made.put(FILE, makeTarball({ name: "widget", version: "1.0.1" }));
    const { exit, stderr } = await made.run(["sign", FILE, "--key", "key.p8", "--append", ...VSA], { env: secret });
    expect([exit, stderr.includes("NOT_SUMMED_UP"), stderr.includes(words)]).toEqual([64, true, true]);
  });

  it("a report that judges the same bytes twice, once to let them in, is no ground; and the time is the report's", async () => {
    const made = await signed();
    made.put(".signing-policy.json", policy({ githubActions: github }));
    await made.run(["--offline", "check", FILE, "--report", "json=report.json"]);
    const { readFileSync } = await import("node:fs");
    const report = JSON.parse(readFileSync(`${made.folder}/report.json`, "utf8")) as {
      time: string;
      projects: [{ packages: [{ outcome: string }] }];
    };
    report.time = "2026-01-02T03:04:05.000Z";
    made.put("report.json", report);
    made.put("key.p8", withKeyFile());
    const words = ["sign", FILE, "--key", "key.p8", "--append", ...VSA];
    expect((await made.run(words, { env: secret })).exit).toBe(0);
    const [, line = ""] = readFileSync(`${made.folder}/${FILE}.sigstore.json`, "utf8").trimEnd().split("\n");
    const { dsseEnvelope } = JSON.parse(line) as { dsseEnvelope: { payload: string } };
    expect(JSON.parse(Buffer.from(dsseEnvelope.payload, "base64").toString())).toMatchObject({
      predicate: { timeVerified: "2026-01-02T03:04:05.000Z" },
    });
    const { packages } = report.projects[0];
    packages.push({ ...packages[0], outcome: "denied" });
    made.put("report.json", report);
    expect((await made.run(words, { env: secret })).stderr).toContain("NOT_SUMMED_UP");
  });

  it("no report is none", async () => {
    const made = withKey();
    made.put("report.json", "[");
    expect((await made.run(["sign", FILE, "--key", "key.p8", ...VSA], { env: secret })).exit).toBe(64);
  });
});

function withKeyFile(): string {
  const { privateKey } = generateKeyPairSync("ed25519");
  return privateKey
    .export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "a password" })
    .toString();
}

describe("what ends", () => {
  it.each([
    [62, 0, ""],
    [59, 0, "in less than 60 days"],
    [6, 0, "in less than 7 days"],
    [0, 64, "expired"],
  ])("a key in %i days", async (days, exit, words) => {
    const made = withKey();
    const ran = await made.run(["sign", FILE, "--key", "key.p8", "--key-ends", isoDay(days)], { env: secret });
    expect([ran.exit, words === "" ? ran.stderr : ran.stderr.includes(words)]).toEqual([
      exit,
      words === "" ? "" : true,
    ]);
  });

  it("a trust root that ends is warned about at every signing", async () => {
    const made = signingWorld();
    const validFor = { start: new Date("2020-01-01T00:00:00Z"), end: new Date(Date.now() + 20 * 86_400_000) };
    const ending = await createInstance({ curve: "P-256", validFor });
    made.put(FILE, makeTarball({ name: "widget", version: "1.0.0" }));
    made.put("root.json", ending.trustedRoot);
    made.put("instance.json", (await serveSigstore(ending)).signingConfig());
    const words = ["sign", FILE, "--signing-config", "instance.json", "--trusted-root", "root.json"];
    const { exit, stderr } = await made.run(words, { env });
    expect([exit, stderr.includes("in less than 30 days")]).toEqual([0, true]);
  });
});
