import { publicGoodRoot } from "../../../src/project/trust.ts";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { type ExpectedSigner, verifyCommand } from "../../../src/commands/verify/verify.ts";
import { SafeInstallError } from "../../../src/errors.ts";
import { exitOfKind } from "../../../src/exit.ts";
import { createInstance, newKey, pem } from "../../support/sigstore.ts";
import { bytes, edited, identity, rootOf, sha256, subjects } from "../../verify/judging.ts";
import { CORPUS, hasCorpus, jsonFromCorpus } from "../../verify/corpus.ts";

const cwd = mkdtempSync(join(tmpdir(), "safe-install-verify-"));
afterAll(() => rmSync(cwd, { recursive: true }));
const put = (name: string, content: unknown) => {
  writeFileSync(
    join(cwd, name),
    Buffer.isBuffer(content) || typeof content === "string" ? content : JSON.stringify(content),
  );
  return name;
};

interface Stamped {
  readonly verificationMaterial: { readonly timestampVerificationData: unknown };
}

interface Ran {
  readonly exit: number;
  readonly output: string;
}

async function run(
  args: readonly string[],
  signerNamed?: (name: string) => Promise<ExpectedSigner>,
  folder = cwd,
): Promise<Ran> {
  let output = "";
  try {
    const exit = await verifyCommand(args, {
      cwd: folder,
      host: { read: (path) => readFile(resolve(folder, path)).catch(() => null), now: () => new Date() },
      write: (text) => void (output += text),
      paint: (_, text) => text,
      columns: 100,
      publicGood: async () => publicGoodRoot(),
      signerNamed: signerNamed ?? (() => Promise.reject(new Error("not asked"))),
    });
    return { exit, output };
  } catch (error) {
    if (!(error instanceof SafeInstallError)) throw error;
    return { exit: exitOfKind(error.kind), output: error.message };
  }
}

const instance = await createInstance();
const key = newKey();
put("root.json", instance.trustedRoot);
put("artifact", bytes);
put("other", "other bytes");
put("bundle.json", await instance.attest({ subjects, identity }));
put("message.json", await instance.signMessage({ bytes, identity }));
put("keyed.json", await instance.signMessage({ bytes, key, hint: "anything" }));
put("key.pem", pem("PUBLIC KEY", key.spki));
put("another.pem", pem("PUBLIC KEY", newKey().spki));
const san = identity.san.value;
const issuer = identity.claims.issuer!;
const by = ["--certificate-identity", san, "--certificate-oidc-issuer", issuer];
const trusted = ["--trusted-root", "root.json"];

describe("safe-install verify", () => {
  test("accepts the expected signer, by file and by digest", async () => {
    const { exit, output } = await run(["artifact", "--bundle", "bundle.json", ...by, ...trusted]);
    expect(output).toContain(san);
    expect(output).toContain("https://slsa.dev/provenance/v1");
    expect(exit).toBe(0);
    const digest = `sha256:${sha256.hex}`;
    expect((await run(["--bundle", "message.json", ...by, ...trusted, digest])).exit).toBe(0);
    expect(
      (await run([`sha512:${subjects[0]!.digest.sha512}`, "--bundle", "bundle.json", ...by, ...trusted])).exit,
    ).toBe(0);
  });
  test("says which timestamps were passed over: of an authority that nobody named, beside a log that says when", async () => {
    const stranger = await createInstance({ name: "stranger.test", curve: "P-256" });
    const theirs = await stranger.attest({ subjects, identity, log: "none", timestamps: 2 });
    const stamps = (theirs as unknown as Stamped).verificationMaterial.timestampVerificationData;
    const foreign = edited(await instance.attest({ subjects, identity }), ({ verificationMaterial }) => {
      verificationMaterial.timestampVerificationData = stamps;
    });
    put("stamped.json", foreign);
    const { exit, output } = await run(["artifact", "--bundle", "stamped.json", ...by, ...trusted]);
    expect(exit).toBe(0);
    expect(output).toMatch(
      /passed +over 2 timestamps of an authority that no trust root in use holds: the log's time counts/,
    );
    expect((await run(["artifact", "--bundle", "bundle.json", ...by, ...trusted])).output).not.toContain("passed");
  });
  test("compares identity and issuer whole", async () => {
    for (const [one, other] of [
      [`${san}x`, issuer],
      [san.slice(0, -1), issuer],
      [san.replace("acme", "."), issuer],
      [san.toUpperCase(), issuer],
      [san, `${issuer}/hammer-time`],
      [san, issuer.slice(0, -1)],
    ] as const) {
      const ran = await run([
        "artifact",
        "--bundle",
        "bundle.json",
        "--certificate-identity",
        one,
        "--certificate-oidc-issuer",
        other,
        ...trusted,
      ]);
      expect(ran.exit, one).toBe(65);
      expect(ran.output).toContain("UNTRUSTED_SIGNER");
    }
  });
  test("other bytes, and a digest that is not enough", async () => {
    expect(await run(["other", "--bundle", "bundle.json", ...by, ...trusted])).toMatchObject({
      exit: 66,
      output: expect.stringContaining("SUBJECT_MISMATCH"),
    });
    expect(await run([`sha256:${sha256.hex}`, "--bundle", "bundle.json", ...by, ...trusted])).toMatchObject({
      exit: 66,
      output: expect.stringContaining("give the file itself"),
    });
  });
  test("the built-in root does not know a private instance", async () => {
    expect((await run(["artifact", "--bundle", "bundle.json", ...by])).exit).toBe(65);
  });
  test("a key that was chosen by hand, whatever the bundle calls it", async () => {
    expect((await run(["artifact", "--bundle", "keyed.json", "--key", "key.pem", ...trusted])).exit).toBe(0);
    expect((await run(["artifact", "--bundle", "keyed.json", "--key", "another.pem", ...trusted])).exit).toBe(66);
    expect((await run(["artifact", "--bundle", "bundle.json", "--key", "key.pem", ...trusted])).exit).toBe(65);
    expect((await run(["artifact", "--bundle", "keyed.json", ...by, ...trusted])).exit).toBe(65);
    put("broken.pem", "-----BEGIN PUBLIC KEY-----\n+++\n-----END PUBLIC KEY-----\n");
    expect((await run(["artifact", "--bundle", "keyed.json", "--key", "broken.pem", ...trusted])).exit).toBe(78);
  });
  test("a key where there is no log: said on the command line, and in the output", async () => {
    const alone = ["artifact", "--bundle", "unlogged.json", "--key", "key.pem"];
    put("unlogged.json", await instance.signMessage({ bytes, key, log: "none" }));
    put("stamped.json", await instance.signMessage({ bytes, key, log: "none", timestamps: 1 }));
    expect(await run(alone)).toMatchObject({ exit: 66, output: expect.stringContaining("LOG_INVALID") });
    expect(await run([...alone, "--tlog", "0"])).toMatchObject({
      exit: 0,
      output: expect.stringContaining("no log and no timestamp: what was signed alone"),
    });
    // A root that was named is asked, unless it is said too that it is not.
    expect((await run([...alone, ...trusted, "--tlog", "0"])).output).toContain("TIME_INVALID");
    expect((await run([...alone, ...trusted, "--tlog", "0", "--timestamps", "0"])).exit).toBe(0);
    const stamped = ["artifact", "--bundle", "stamped.json", "--key", "key.pem", "--tlog", "0"];
    expect(await run([...stamped, ...trusted])).toMatchObject({
      exit: 0,
      output: expect.stringContaining("no log and 1 time vouched for by the trust root root.json"),
    });
    expect(await run(stamped)).toMatchObject({
      exit: 66,
      output: expect.stringContaining("not in the trust root public-good"),
    });
    // A log's entry without a time would never grow too old.
    put("timeless.json", await instance.signMessage({ bytes, key, log: [{ version: 2 }] }));
    const timeless = ["artifact", "--bundle", "timeless.json", "--key", "key.pem", ...trusted, "--timestamps", "0"];
    expect((await run(timeless)).output).toContain("TIME_INVALID");
  });
  test("thresholds belong to a root that was named", async () => {
    put("bare.json", await instance.attest({ subjects, identity, log: "none", timestamps: 1 }));
    const bare = ["artifact", "--bundle", "bare.json", ...by, ...trusted];
    expect((await run(bare)).output).toContain("LOG_INVALID");
    expect((await run([...bare, "--tlog", "0"])).exit).toBe(0);
    expect((await run([...bare, "--tlog", "0", "--timestamps", "2"])).output).toContain("TIME_INVALID");
    expect((await run([...bare, "--tlog", "0", "--sct", "9"])).exit).toBe(66);
    for (const more of [
      [...by, "--tlog", "0"],
      ["--signer", "x", "--tlog", "0"],
      ["--key", "key.pem", "--sct", "0"],
      [...by, ...trusted, "--tlog", "none"],
      [...by, ...trusted, "--tlog", "-1"],
      [...by, ...trusted, "--tlog", "100"],
    ]) {
      expect((await run(["artifact", "--bundle", "bare.json", ...more])).exit, more.join(" ")).toBe(64);
    }
  });
  test("cosign's older signature file is called so", async () => {
    put("older.json", { base64Signature: "AAAA", cert: "-----BEGIN", rekorBundle: {} });
    const { exit, output } = await run(["artifact", "--bundle", "older.json", ...by, ...trusted]);
    expect({ exit, output: output.replaceAll(/\s+/g, " ") }).toMatchObject({
      exit: 66,
      output: expect.stringContaining("cosign's older form"),
    });
  });
  test("a distribution bears the name that an index's attestation has", async () => {
    const WHEEL = "widget-1.0-py3-none-any.whl";
    const signed = [{ name: WHEEL, digest: { sha256: sha256.hex } }];
    const predicateType = "https://docs.pypi.org/attestations/publish/v1";
    put("publish.json", await instance.attest({ subjects: signed, identity, predicateType, predicate: null }));
    put("other.json", await instance.attest({ subjects: signed, identity }));
    const ask = async (file: string, bundle = "publish.json") => {
      put(file, bytes);
      return run([file, "--bundle", bundle, ...by, ...trusted]);
    };
    expect((await ask(WHEEL)).exit).toBe(0);
    expect((await ask("Widget-1.0.0-py3-none-any.whl")).exit).toBe(0);
    for (const file of ["gadget-1.0-py3-none-any.whl", "widget-1.1-py3-none-any.whl", "widget-1.0.tar.gz", "renamed"])
      expect(await ask(file), file).toMatchObject({ exit: 66, output: expect.stringContaining("SUBJECT_MISMATCH") });
    expect((await run([`sha256:${sha256.hex}`, "--bundle", "publish.json", ...by, ...trusted])).exit).toBe(0);
  });
  test("a distribution bears the name that another attestation has, if that is a distribution's", async () => {
    const digest = { sha256: sha256.hex };
    const others = [{ name: "checksums.txt", digest: { sha256: "0".repeat(64) } }];
    const about = async (name: string) =>
      put("slsa.json", await instance.attest({ subjects: [{ name, digest }, ...others], identity }));
    const ask = async (file: string) => {
      put(file, bytes);
      return run([file, "--bundle", "slsa.json", ...by, ...trusted]);
    };
    for (const name of ["widget-1.0-py3-none-any.whl", "dist/Widget-1.0.0-py3-none-any.whl"]) {
      await about(name);
      for (const file of ["widget-1.0-py3-none-any.whl", "renamed", "widget-1.0-py3-none-any (1).whl"])
        expect((await ask(file)).exit, file).toBe(0);
      for (const file of ["gadget-1.0-py3-none-any.whl", "widget-1.1-py3-none-any.whl", "widget-1.0.tar.gz"])
        expect(await ask(file), file).toMatchObject({ exit: 66, output: expect.stringContaining("SUBJECT_MISMATCH") });
    }
    for (const name of ["artifact", "pkg:pypi/widget@1.0", "widget.whl"]) {
      await about(name);
      expect((await ask("gadget-1.0-py3-none-any.whl")).exit, name).toBe(0);
    }
  });
  test("a signer of the policy", async () => {
    const asked: string[] = [];
    const named = (found: string) => async (name: string) => {
      asked.push(name);
      return {
        roots: [rootOf(instance)],
        keys: [],
        compare: () => (found === "acme" ? [] : [{ name: "repository", expected: "acme", found }]),
      };
    };
    expect((await run(["artifact", "--bundle", "bundle.json", "--signer", "widget"], named("acme"))).exit).toBe(0);
    const denied = await run(["artifact", "--bundle", "bundle.json", "--signer", "widget"], named("mallory"));
    expect(denied).toMatchObject({ exit: 65, output: expect.stringContaining("mallory") });
    expect(asked).toEqual(["widget", "widget"]);
  });
  test("several bundles: one that does not hold outweighs the others", async () => {
    const good = await instance.attest({ subjects, identity });
    const bad = await instance.attest({ subjects: [{ name: "x", digest: { sha512: "ab".repeat(64) } }], identity });
    put("two.jsonl", `${JSON.stringify(good)}\n${JSON.stringify(good)}\n`);
    put("mixed.jsonl", `${JSON.stringify(good)}\n${JSON.stringify(bad)}\n`);
    expect((await run(["artifact", "--bundle", "two.jsonl", ...by, ...trusted])).exit).toBe(0);
    expect((await run(["artifact", "--bundle", "mixed.jsonl", ...by, ...trusted])).exit).toBe(66);
  });
  test("no bundle in the file is no evidence, not success", async () => {
    put("none.json", { attestations: [] });
    expect((await run(["artifact", "--bundle", "none.json", ...by, ...trusted])).exit).toBe(65);
    put("empty.json", "");
    expect((await run(["artifact", "--bundle", "empty.json", ...by, ...trusted])).exit).toBe(66);
  });
  test("who must have signed cannot be left open", async () => {
    const b = ["artifact", "--bundle", "bundle.json"];
    for (const args of [
      b,
      [...b, "--certificate-identity", san],
      [...b, "--certificate-oidc-issuer", issuer],
      [...b, "--certificate-identity", "", "--certificate-oidc-issuer", issuer],
      [...b, ...by, "--key", "key.pem"],
      [...b, "--signer", "x", ...trusted],
      [...b, ...by, "second"],
      [...b, ...by, "--unknown"],
      ["--bundle", "bundle.json", ...by],
      ["artifact", ...by],
      ["missing", "--bundle", "bundle.json", ...by],
      ["artifact", "--bundle", "missing", ...by],
    ]) {
      expect((await run(args)).exit, args.join(" ")).toBe(64);
    }
  });
  test("a trust root that is not one", async () => {
    put("rootless.json", {});
    expect((await run(["artifact", "--bundle", "bundle.json", ...by, "--trusted-root", "rootless.json"])).exit).toBe(
      78,
    );
  });
});

interface Case {
  readonly name: string;
  readonly expect: "pass" | "fail";
  readonly bundle: string;
  readonly artifact: string;
  readonly artifactSha256: string;
  readonly identity: string | null;
  readonly issuer: string | null;
  readonly key: string | null;
  readonly trustedRoot: string;
}

const { cases } = (hasCorpus ? jsonFromCorpus("sigstore/conformance/cases.json") : { cases: [] }) as { cases: Case[] };

const REAL = "pypi/sigstore-4.5.0/sigstore-4.5.0-py3-none-any.whl";
const RELEASE = "https://github.com/sigstore/sigstore-python/.github/workflows/release.yml@refs/tags/v4.5.0";

test.skipIf(!hasCorpus)("a real wheel, and the same renamed", async () => {
  const bundle = ["--bundle", join(CORPUS, `${REAL}.provenance.json`)];
  const who = [
    "--certificate-identity",
    RELEASE,
    "--certificate-oidc-issuer",
    "https://token.actions.githubusercontent.com",
  ];
  const wheel = await readFile(join(CORPUS, REAL));
  for (const [name, exit] of [
    ["sigstore-4.5.0-py3-none-any.whl", 0],
    ["sigstore-4.5.1-py3-none-any.whl", 66],
  ] as const)
    expect((await run([put(name, wheel), ...bundle, ...who])).exit, name).toBe(exit);
});

describe.skipIf(!hasCorpus)("sigstore-conformance, as its command line has it", () => {
  test.each(cases.flatMap((one) => ["PATH", "DIGEST"].map((mode) => [one.name, mode, one] as const)))(
    "%s %s",
    async (_, mode, one) => {
      const who =
        one.key === null
          ? ["--certificate-identity", one.identity!, "--certificate-oidc-issuer", one.issuer!]
          : ["--key", one.key];
      const root = one.trustedRoot.startsWith("sigstore/trust/public-good") ? [] : ["--trusted-root", one.trustedRoot];
      const artifact = mode === "PATH" ? one.artifact : `sha256:${one.artifactSha256}`;
      const { exit, output } = await run(["--bundle", one.bundle, ...who, ...root, artifact], undefined, CORPUS);
      if (one.expect === "pass") expect(exit, output).toBe(0);
      else expect([65, 66, 78]).toContain(exit);
    },
  );
});
