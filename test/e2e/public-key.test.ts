/** Keys of a KMS, an HSM or a person as signers: rotation, logs, age, revocation, and what init and explain say. */
import { runAt } from "../support/author.ts";
import { temporaryFolder } from "../support/folder.ts";
import { commitAll } from "../support/git.ts";
import { npmStage } from "../support/npm-stage.ts";
import { writeProject } from "../support/project.ts";
import { subjectOf } from "../support/signed.ts";
import { type Instance, type Key, newKey, pem } from "../support/sigstore.ts";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";

const stage = npmStage(async () => {});

const [OLD, NEW, OTHER] = [newKey("P-256"), newKey("P-384"), newKey("Ed25519")];
const AT = new Date("2026-06-01T00:00:00Z");

type How = Partial<Parameters<Instance["attest"]>[0]> & { readonly hint?: string };

/** Publishes `widget`, signed with a key as a KMS would: SLSA provenance in a bundle that names no certificate. */
async function publish(key: Key, how: How = {}): Promise<void> {
  stage.registry.publish({ name: "widget", version: "1.0.0" });
  const bundle = await stage.instance.attest({
    key,
    subjects: [subjectOf(stage.registry, "widget", "1.0.0")],
    at: AT,
    ...how,
  });
  stage.registry.setAttestations("widget", "1.0.0", {
    bundles: [{ predicateType: "https://slsa.dev/provenance/v1", bundle }],
  });
}

const vendor = (files: readonly string[], more: object = {}) => ({ publicKey: { files, ...more }, trust: "test" });

function lay(signers: object, rule: object = { signedBy: ["vendor"] }, more: object = {}): void {
  const policy = {
    version: 1,
    trust: { test: { trustedRoot: "trust/root.json" } },
    signers,
    rules: [{ packages: ["npm:widget"], ...rule }],
    ...more,
  };
  writeProject(stage.project, stage.registry, {
    locked: [{ name: "widget", version: "1.0.0" }],
    policy,
    files: {
      "trust/root.json": stage.instance.trustedRoot,
      "keys/old.pem": pem("PUBLIC KEY", OLD.spki),
      "keys/new.pem": pem("PUBLIC KEY", NEW.spki),
      "keys/other.pem": pem("PUBLIC KEY", OTHER.spki),
    },
  });
}

interface Report {
  readonly projects: readonly {
    readonly packages: readonly { readonly ground?: string; readonly denials: readonly { readonly code: string }[] }[];
  }[];
}

const run = (...args: string[]) => runAt(stage.project, stage.home, args);
async function check(...args: string[]) {
  const { exit, stdout, stderr } = await run("check", "--report", "json", ...args);
  if (stdout === "") return { exit, stderr };
  const [one] = (JSON.parse(stdout) as Report).projects.flatMap(({ packages }) => packages);
  return { exit, ground: one?.ground, codes: one?.denials.map(({ code }) => code) };
}
const SIGNED = { exit: 0, ground: "signed", codes: [] };
const denied = (code: string, exit = 65) => ({ exit, ground: "denied", codes: [code] });
const both = { vendor: vendor(["keys/old.pem", "keys/new.pem"]) };

describe("a publicKey signer", () => {
  it.each([
    ["the old key", OLD],
    ["the new key", NEW],
  ])("rotation by listing both: %s", async (_, key) => {
    await publish(key, { hint: "awskms:///alias/release" });
    lay(both);
    expect(await check()).toMatchObject(SIGNED);
  });

  it("a key that is no longer listed signs for nobody", async () => {
    await publish(OLD);
    lay({ vendor: vendor(["keys/new.pem"]) });
    expect(await check()).toMatchObject(denied("NO_EVIDENCE"));
  });

  it("another signer's key is not this signer's", async () => {
    await publish(NEW);
    const signers = { vendor: vendor(["keys/old.pem"]), else: vendor(["keys/new.pem"]) };
    lay(signers, { signedBy: ["vendor"] });
    expect(await check()).toMatchObject(denied("UNTRUSTED_SIGNER"));
  });

  it("without a word about logs, one must vouch; with tlog 0 none does", async () => {
    await publish(OLD, { log: "none" });
    lay(both);
    expect(await check()).toMatchObject(denied("LOG_INVALID", 66));
    lay({ vendor: vendor(["keys/old.pem"], { tlog: 0 }) });
    expect(await check()).toMatchObject(SIGNED);
  });

  it("the same key under a signer that asks for a log is not met by what another may do without one", async () => {
    await publish(OLD, { log: "none" });
    const signers = { vendor: vendor(["keys/old.pem"]), lax: vendor(["keys/old.pem"], { tlog: 0 }) };
    lay(signers);
    expect(await check()).toMatchObject(denied("UNTRUSTED_SIGNER"));
    lay(signers, { signedBy: ["lax"] });
    expect(await check()).toMatchObject(SIGNED);
  });

  it("age is that of the log's time; without one it is too new", async () => {
    await publish(OLD);
    lay(both, { signedBy: ["vendor"], minimumAge: "72h" });
    expect(await check()).toMatchObject(SIGNED);
    await publish(OLD, { at: new Date() });
    lay(both, { signedBy: ["vendor"], minimumAge: "52w" });
    expect(await check()).toMatchObject(denied("TOO_NEW"));
    await publish(OLD, { log: "none" });
    lay({ vendor: vendor(["keys/old.pem"], { tlog: 0 }) }, { signedBy: ["vendor"], minimumAge: "72h" });
    expect(await check()).toMatchObject(denied("TOO_NEW"));
  });

  it("a stolen key is revoked from a day on; what has no time is inside every window", async () => {
    const revoked = (from: string) => ({ revoked: [{ signer: "vendor", signedFrom: from, reason: "stolen" }] });
    await publish(OLD);
    lay(both, undefined, revoked("2026-06-02T00:00:00Z"));
    expect(await check()).toMatchObject(SIGNED);
    lay(both, undefined, revoked("2026-05-01T00:00:00Z"));
    expect(await check()).toMatchObject(denied("REVOKED", 66));
    stage.home = temporaryFolder();
    await publish(OLD, { log: "none" });
    lay({ vendor: vendor(["keys/old.pem"], { tlog: 0 }) }, undefined, revoked("2030-01-01T00:00:00Z"));
    expect(await check()).toMatchObject(denied("REVOKED", 66));
  });

  it("a stolen key is revoked under every name and threshold that it has", async () => {
    await publish(OLD, { log: "none" });
    const signers = { vendor: vendor(["keys/old.pem"]), lax: vendor(["keys/old.pem"], { tlog: 0 }) };
    const from = { signedFrom: "2030-01-01T00:00:00Z" };
    lay(signers, { signedBy: ["lax"] }, { revoked: [{ signer: "vendor", ...from, reason: "stolen" }] });
    expect(await check()).toMatchObject(denied("REVOKED", 66));
    lay(
      { ...signers, vendor: vendor(["keys/new.pem"]) },
      { signedBy: ["lax"] },
      { revoked: [{ signer: "vendor", reason: "x" }] },
    );
    expect(await check()).toMatchObject(SIGNED);
  });

  it("a key file in DER is one, too", async () => {
    await publish(OLD);
    lay({ vendor: vendor(["keys/old.der"]) });
    mkdirSync(join(stage.project, "keys"), { recursive: true });
    writeFileSync(join(stage.project, "keys/old.der"), OLD.spki);
    expect(await check()).toMatchObject(SIGNED);
  });

  it("changed bytes under a good signature do not hold, and a signed SBOM admits nothing", async () => {
    await publish(OLD, {
      subjects: [{ name: "pkg:npm/widget@1.0.0", digest: { sha512: "ab".repeat(64) } }],
    });
    lay(both);
    expect(await check()).toMatchObject(denied("SUBJECT_MISMATCH", 66));
    await publish(OLD, { predicateType: "https://slsa.dev/provenance/v1" });
    const sbom = await stage.instance.attest({
      key: OLD,
      subjects: [subjectOf(stage.registry, "widget", "1.0.0")],
      predicateType: "https://spdx.dev/Document",
    });
    stage.registry.setAttestations("widget", "1.0.0", {
      bundles: [{ predicateType: "https://spdx.dev/Document", bundle: sbom }],
    });
    expect(await check()).toMatchObject(denied("NO_EVIDENCE"));
  });

  it("a signature over the archive itself, beside it", async () => {
    stage.registry.publish({ name: "widget", version: "1.0.0" });
    const { bytes } = stage.registry.tarballOf("widget", "1.0.0");
    stage.registry.setAttestations("widget", "1.0.0", { status: 404 });
    const { digest } = subjectOf(stage.registry, "widget", "1.0.0");
    for (const key of [OLD, NEW, OTHER]) {
      const bundle = await stage.instance.signMessage({ bytes, key, log: "none" });
      lay({ vendor: vendor(["keys/old.pem", "keys/new.pem", "keys/other.pem"], { tlog: 0 }) }, undefined, {
        sources: { npm: [{ directory: ".bundles" }] },
      });
      put(`.bundles/sha512-${digest.sha512}.sigstore.json`, JSON.stringify(bundle));
      expect(await check()).toMatchObject(SIGNED);
    }
  });

  it("two of them count as two only with two keys", async () => {
    await publish(OLD);
    put("keys/copy.pem", pem("PUBLIC KEY", OLD.spki));
    const two = { signedBy: ["vendor", "second"], count: 2 };
    lay({ vendor: vendor(["keys/old.pem"]), second: vendor(["keys/copy.pem"]) }, two);
    put("keys/copy.pem", pem("PUBLIC KEY", OLD.spki));
    expect(await check()).toMatchObject(denied("COUNT_NOT_MET"));
  });

  it.each([
    ["that is not there", null, "there is no such file"],
    ["that is none", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "not one public key"],
  ])("a key file %s is a wrong policy, and named", async (_, text, words) => {
    lay({ vendor: vendor(["keys/missing.pem"]) });
    if (text !== null) put("keys/missing.pem", text);
    const { exit, stderr } = await run("check");
    expect({ exit, stderr }).toEqual({ exit: 78, stderr: expect.stringContaining("keys/missing.pem") });
    expect(stderr).toContain(words);
  });
});

function put(path: string, text: string): void {
  mkdirSync(dirname(join(stage.project, path)), { recursive: true });
  writeFileSync(join(stage.project, path), text);
}

describe("beside it", () => {
  it("a key that a change replaces does not count under --policy-from, and everything is judged", async () => {
    await publish(NEW);
    lay({ vendor: vendor(["keys/old.pem"]) });
    rmSync(join(stage.project, ".git"), { recursive: true });
    commitAll(stage.project);
    put("keys/old.pem", pem("PUBLIC KEY", NEW.spki));
    expect(await check()).toMatchObject(SIGNED);
    expect(await check("--policy-from", "HEAD")).toMatchObject(denied("UNTRUSTED_SIGNER"));
    const { stdout } = await run("check", "--changed-since", "HEAD", "--report", "json");
    expect(stdout).toContain("everything is judged");
  });

  it("explain shows the key expected and found", async () => {
    await publish(NEW);
    lay({ vendor: vendor(["keys/old.pem"]), else: vendor(["keys/new.pem"]) });
    const { exit, stdout } = await run("explain", "widget");
    expect(exit).toBe(65);
    expect(stdout).toMatch(/publicKey\s+✗ expected\s+sha256:[0-9a-f]{64}\s+\(keys\/old\.pem\)/);
    expect(stdout).toMatch(/found\s+the key sha256:[0-9a-f]{64} \(policy\)/);
  });

  it("init and pin keep what a key vouches for, and never invent one", async () => {
    await publish(OLD);
    lay(both);
    const before = readFileSync(join(stage.project, ".signing-policy.json"), "utf8");
    expect(await run("policy", "pin", "--write")).toMatchObject({
      exit: 0,
      stdout: expect.stringContaining("nothing"),
    });
    expect(readFileSync(join(stage.project, ".signing-policy.json"), "utf8")).toBe(before);
    rmSync(join(stage.project, ".signing-policy.json"));
    expect((await run("init")).exit).toBe(0);
    const { signers } = JSON.parse(readFileSync(join(stage.project, ".signing-policy.json"), "utf8")) as {
      signers?: object;
    };
    expect(signers).toBeUndefined();
  });

  it("lint: a key without a log is a note, and nothing else", async () => {
    await publish(OLD, { log: "none" });
    lay({ vendor: vendor(["keys/old.pem"], { tlog: 0 }) });
    const { exit, stdout } = await run("policy", "lint");
    expect({ exit, stdout }).toMatchObject({ exit: 0, stdout: expect.stringContaining("no-log") });
  });

  it("verify --signer takes no key that the policy has revoked", async () => {
    lay({ vendor: vendor(["keys/old.pem"], { tlog: 0 }) }, undefined, {
      revoked: [{ signer: "vendor", reason: "stolen" }],
    });
    put("file", "content");
    const bytes = Buffer.from("content");
    put("bundle.json", JSON.stringify(await stage.instance.signMessage({ bytes, key: OLD, log: "none" })));
    const { exit, stdout } = await run("verify", "file", "--bundle", "bundle.json", "--signer", "vendor");
    expect({ exit, stdout }).toMatchObject({ exit: 66, stdout: expect.stringContaining("REVOKED") });
    lay({ vendor: vendor(["keys/old.pem"], { tlog: 0 }) });
    expect((await run("verify", "file", "--bundle", "bundle.json", "--signer", "vendor")).exit).toBe(0);
  });

  it("verify --signer takes the policy's key", async () => {
    lay(both);
    stage.registry.publish({ name: "widget", version: "1.0.0" });
    const { bytes } = stage.registry.tarballOf("widget", "1.0.0");
    writeFileSync(join(stage.project, "widget.tgz"), bytes);
    put("widget.json", JSON.stringify(await stage.instance.signMessage({ bytes, key: OLD })));
    const good = await run("verify", "widget.tgz", "--bundle", "widget.json", "--signer", "vendor");
    expect(good, good.stdout + good.stderr).toMatchObject({ exit: 0 });
    put("widget.json", JSON.stringify(await stage.instance.signMessage({ bytes, key: OTHER })));
    expect((await run("verify", "widget.tgz", "--bundle", "widget.json", "--signer", "vendor")).exit).toBe(65);
  });
});
