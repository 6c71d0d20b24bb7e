/** The commands of docs/signing.md, each block typed in a shell as it stands. */
import { page } from "../support/pages.ts";
import { openssl, type SigningWorld, signingWorld } from "../support/signing.ts";
import { createInstance } from "../support/sigstore.ts";
import { serveSigstore } from "../support/sigstore/services.ts";
import { makeTarball } from "../support/tarball.ts";
import { GITHUB_CLAIMS, GITHUB_ENV, tokenOf } from "../support/tokens.ts";
import { hasToken, tokenAt } from "../support/token.ts";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const { blocks } = page("docs/signing.md");
const PASSWORD = "correct horse of the tests";
const env = { SAFE_INSTALL_KEY_PASSWORD: PASSWORD, PIN: "1234", KEY: "the/name-of-the-key" };

/** What of the clouds' own programs the recipes use, over a key of OpenSSL's. */
const STAND_INS: Readonly<Record<string, string>> = {
  aws: `
    case "$1 $2" in
      "kms get-public-key") [ "$*" = "kms get-public-key --key-id alias/release --query PublicKey --output text" ] &&
        openssl pkey -in "$CLOUD" -pubout -outform DER | base64 -w0 ;;
      "kms sign") [ "$*" = "kms sign --key-id alias/release --message-type DIGEST --signing-algorithm ECDSA_SHA_256 --message fileb:///dev/stdin --query Signature --output text" ] &&
        openssl pkeyutl -sign -inkey "$CLOUD" -in /dev/stdin | base64 -w0 ;;
    esac`,
  // JSON Web Algorithms write r and s; the answer is base64url.
  az: `
    case "$1 $2 $3" in
      "keyvault key download") [ "$*" = "keyvault key download --id $KEY --encoding PEM --file release.pem" ] &&
        openssl pkey -in "$CLOUD" -pubout -out release.pem ;;
      "keyvault key sign") [ "$*" = "keyvault key sign --id $KEY --algorithm ES256 --digest $9 --query signature --output tsv" ] &&
        node -e 'const { createPrivateKey, sign } = require("crypto"), { execFileSync } = require("child_process");
          const der = execFileSync("openssl", ["pkeyutl", "-sign", "-inkey", process.env.CLOUD], { input: Buffer.from(process.argv[1], "base64") });
          const part = (at) => Buffer.concat([Buffer.alloc(32), der.subarray(at + 2, at + 2 + der[at + 1])]).subarray(-32);
          console.log(Buffer.concat([part(2), part(4 + der[3])]).toString("base64url"))' "$9" ;;
    esac`,
  gcloud: `
    case "$2 $3" in
      "keys versions") [ "$*" = "kms keys versions get-public-key 1 --key $KEY --output-file release.pem" ] &&
        openssl pkey -in "$CLOUD" -pubout -out release.pem ;;
      asymmetric-sign*) [ "\${*% *}" = "kms asymmetric-sign --key $KEY --version 1 --digest-algorithm sha256 --input-file /dev/stdin --signature-file" ] &&
        openssl dgst -sha256 -sign "$CLOUD" -out "\${12}" /dev/stdin && echo signed ;;
    esac`,
};

function world(): SigningWorld & { readonly env: Readonly<Record<string, string>> } {
  const made = signingWorld();
  made.put("dist/widget.bin", "what was built\n");
  mkdirSync(join(made.folder, "keys"));
  // Not in the project: a name is not looked for in there.
  const programs = signingWorld();
  for (const [name, text] of Object.entries(STAND_INS)) {
    programs.put(name, `#!/bin/sh\n${text}\n`);
    chmodSync(join(programs.folder, name), 0o755);
  }
  for (const { comment, text } of blocks.filter((one) => one.comment.startsWith("script: "))) {
    const name = comment.slice("script: ".length);
    made.put(name, text);
    chmodSync(join(made.folder, name), 0o755);
  }
  openssl(programs.folder, "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", "cloud.pem");
  const PATH = `${programs.folder}:${process.env["PATH"]}`;
  return { ...made, env: { ...env, PATH, CLOUD: join(programs.folder, "cloud.pem") } };
}

/** Lines of ours run in this process; the others in a shell. */
async function type(text: string, made: ReturnType<typeof world>, more: Readonly<Record<string, string>> = {}) {
  const all = { ...made.env, ...more };
  const exits: number[] = [];
  for (const line of text.trim().split("\n")) {
    const filled = line.replaceAll(/\$([A-Z]+)/g, (_, name: string) => all[name as keyof typeof all] ?? "");
    const [, words] = /^safe-install (.*)$/.exec(filled) ?? [];
    if (words === undefined) execFileSync("sh", ["-ec", line], { cwd: made.folder, env: all, stdio: "pipe" });
    else {
      const { exit, stderr } = await made.run(wordsOf(words), { env: all });
      if (exit !== 0) throw new Error(stderr);
      exits.push(exit);
    }
  }
  return exits;
}

function wordsOf(text: string): readonly string[] {
  return [...text.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "");
}

const BY_KEY: Readonly<Record<string, string>> = {
  file: "keys/release.pem",
  pkcs11: "release.der",
  aws: "release.der",
  az: "release.pem",
  gcloud: "release.pem",
};

describe("the block", () => {
  const named = (name: string) => blocks.filter(({ comment }) => comment === `run: ${name}`);

  it.each(["file", "aws", "az", "gcloud"])("%s signs what verify takes", async (name) => {
    const made = world();
    const [block] = named(name);
    expect(await type(block?.text ?? "", made)).toEqual([0]);
    const judged = [
      "verify",
      "dist/widget.bin",
      "--bundle",
      "dist/widget.bin.sigstore.json",
      "--key",
      BY_KEY[name] ?? "",
    ];
    expect((await made.run([...judged, "--tlog", "0"])).exit).toBe(0);
  });

  it.skipIf(!hasToken())("pkcs11 signs what verify takes", async () => {
    const made = world();
    const token = tokenAt(made.folder, "release");
    token.generate("EC:prime256v1", "01", "release");
    const [block] = named("pkcs11");
    expect(await type(block?.text ?? "", made, token.env)).toEqual([0]);
    const judged = ["verify", "dist/widget.bin", "--bundle", "dist/widget.bin.sigstore.json", "--key", "release.der"];
    expect((await made.run([...judged, "--tlog", "0"])).exit).toBe(0);
  });

  it("audit writes two lines, and no secret", async () => {
    const made = world();
    const [first, second] = [...named("file"), ...named("audit")];
    await type((first?.text ?? "").split("\n")[0] ?? "", made);
    expect(await type(second?.text ?? "", made)).toEqual([0]);
    expect(made.audited("signatures.jsonl").map(({ event }) => event)).toEqual(["intent", "outcome"]);
    expect(JSON.stringify(made.audited("signatures.jsonl"))).not.toContain(PASSWORD);
  });

  it.each(["private", "compared", "check", "vsa"])("%s ends as it says", async (name) => {
    const made = await pipeline();
    if (name === "check" || name === "vsa") await type(named("private")[0]?.text ?? "", made);
    await type(named(name)[0]?.text ?? "", made);
    expect((await made.run(CHECKED)).exit).toBe(0);
  });

  it("the public instance is refused where nobody has said that it may be public", async () => {
    const made = await pipeline();
    await expect(type(named("public, refused")[0]?.text ?? "", made)).rejects.toThrow("PUBLIC_LOG");
  });

  it("each is one of these", () => {
    const runs = blocks.filter(({ language, text }) => language === "sh" && text.includes("safe-install "));
    const names = runs.map(({ comment }) => comment).filter((one) => !one.startsWith("move: "));
    const known = [
      "private",
      "public, refused",
      "compared",
      "check",
      "vsa",
      "file",
      "pkcs11",
      "aws",
      "az",
      "gcloud",
      "audit",
    ];
    expect(names).toEqual(known.map((one) => `run: ${one}`));
  });
});

const instance = await createInstance({ curve: "P-256" });
const CHECKED = ["--offline", "--policy", "consumers/policy.json", "check", "dist/widget-1.0.0.tgz"];

/** A job of GitHub Actions, with an instance of its own and the policy of those who install. */
async function pipeline() {
  const made = world();
  const server = await serveSigstore(instance);
  rmSync(join(made.folder, "dist/widget.bin"));
  made.put("dist/widget-1.0.0.tgz", makeTarball({ name: "widget", version: "1.0.0" }));
  made.put("contoso/signing_config.json", server.signingConfig());
  for (const folder of ["contoso", "consumers/contoso"]) made.put(`${folder}/trusted_root.json`, instance.trustedRoot);
  const [, policy = ""] = /"new": (\{.*\})\n/.exec(moving("policy", 0)) ?? [];
  made.put("consumers/policy.json", {
    version: 1,
    trust: { contoso: { trustedRoot: "contoso/trusted_root.json" } },
    signers: { new: JSON.parse(policy) as object },
    rules: [{ packages: ["npm:widget"], signedBy: ["new"] }],
  });
  const token = { ...GITHUB_ENV, SIGSTORE_ID_TOKEN: tokenOf(GITHUB_CLAIMS) };
  return { ...made, env: { ...made.env, ...token } };
}

function moving(name: string, at: number): string {
  return blocks.filter(({ comment }) => comment.endsWith(`move: ${name}`))[at]?.text ?? "";
}

interface Figures {
  readonly projects: readonly {
    readonly summary: { readonly grounds: { readonly signed: number }; readonly denials: object };
  }[];
}

it("the move from a key to an identity, step by step, with the figures that the page says", async () => {
  const made = await pipeline();
  made.put("dist/gadget-1.0.0.tgz", makeTarball({ name: "gadget", version: "1.0.0" }));
  const all = ["dist/widget-1.0.0.tgz", "dist/gadget-1.0.0.tgz"] as const;
  const [make = ""] = blocks.find(({ comment }) => comment === "run: file")?.text.split("\n") ?? [];
  await type(make, made);
  const before = await made.run(["sign", ...all, "--key", "key.p8", "--public-key-out", "keys/old.pem"], { env });
  expect(before.exit).toBe(0);
  await type(moving("inventory", 0), made);
  const both = moving("both", 0);
  await type(both, made);
  const policy = JSON.parse(moving("policy", 0)) as { rules: object[]; mode: string };
  const judged = async (signedBy: readonly string[], count?: number) => {
    const rules = [{ packages: ["npm:*"], signedBy, ...(count === undefined ? {} : { count }) }];
    made.put(".signing-policy.json", { ...policy, rules });
    const [, words = ""] = /^safe-install (.*)$/m.exec(moving("check", 0)) ?? [];
    const { exit } = await made.run(["--offline", ...wordsOf(words)]);
    const report = JSON.parse(readFileSync(join(made.folder, "report.json"), "utf8")) as Figures;
    const [{ summary } = { summary: null }] = report.projects;
    return { exit, signed: summary?.grounds.signed, denials: summary?.denials };
  };
  expect(policy).toMatchObject({ mode: "audit", rules: [{ packages: ["npm:*"], signedBy: ["old", "new"], count: 2 }] });
  expect(await judged(["old", "new"], 2)).toEqual({ exit: 65, signed: 1, denials: { COUNT_NOT_MET: 1 } });
  await type(both.replaceAll("widget", "gadget"), made);
  expect(await judged(["old", "new"], 2)).toEqual({ exit: 0, signed: 2, denials: {} });
  expect(await judged(["new"])).toEqual({ exit: 0, signed: 2, denials: {} });
});
