import { publicGoodRoot } from "../../../src/project/trust.ts";
import { signatureRows } from "../../../src/commands/verify/own-signatures.ts";
import type { ExpectedSigner } from "../../../src/commands/verify/expectation.ts";
import { verifyCommand } from "../../../src/commands/verify/verify.ts";
import { SafeInstallError } from "../../../src/errors.ts";
import { exitOfKind } from "../../../src/exit.ts";
import { attestation } from "../../support/attestation.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { contentFor, mintSignature, newParty } from "../../support/nuget/cms.ts";
import { makePackage } from "../../support/nuget/package.ts";
import { addSignature } from "../../support/nuget/signed.ts";
import { writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const AUTHOR = newParty("author");
const ROOT = newParty("tsa root", { purpose: "none", ca: true });
const timestamp = { by: newParty("tsa", { purpose: "timeStamping", issuer: ROOT }), chain: [ROOT] };
const unsigned = makePackage({ id: "Acme.Widget", version: "1.0.0" });
const signedOver = (content: Buffer) =>
  addSignature(unsigned, mintSignature(contentFor(content), { by: AUTHOR, kind: "author", timestamp }));

async function run(file: Buffer, args: readonly string[] = [], signerNamed?: () => Promise<ExpectedSigner>) {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "a.nupkg"), file);
  let output = "";
  try {
    const exit = await verifyCommand(["a.nupkg", ...args], {
      cwd,
      host: { read: (path) => readFile(resolve(cwd, path)).catch(() => null), now: () => new Date() },
      write: (text) => void (output += text),
      paint: (_, text) => text,
      columns: 100,
      publicGood: async () => publicGoodRoot(),
      signerNamed: signerNamed ?? (() => Promise.reject(new Error("not asked"))),
    });
    return { exit, output };
  } catch (error) {
    if (!(error instanceof SafeInstallError)) throw error;
    return { exit: exitOfKind(error.kind), output: `${error.code} ${error.message}` };
  }
}

describe("verify PACKAGE.nupkg, by the signatures that lie in it (those that hold: test/real/nuget-signatures)", () => {
  it.each([
    ["that are not there", unsigned, [], 65, /NO_EVIDENCE/],
    ["whose time nobody known vouches for", signedOver(unsigned), [], 65, /UNTRUSTED_SIGNER[^]*authority/],
    ["over another content", signedOver(Buffer.from("other")), [], 66, /SUBJECT_MISMATCH/],
    ["of what is no package", Buffer.from("text"), [], 64, /NOT_A_PACKAGE/],
    ["beside a key", unsigned, ["--key", "k.pem"], 64, /with --signer NAME alone/],
    ["beside a threshold", unsigned, ["--tlog", "0"], 64, /--tlog goes with --bundle/],
  ] as const)("%s", async (_, file, args, exit, output) => {
    expect(await run(file, args)).toEqual({ exit, output: expect.stringMatching(output) });
  });

  it("asks the policy for the signer that is named", async () => {
    const signer = { roots: [], keys: [], compare: () => [] };
    expect(await run(signedOver(Buffer.from("other")), ["--signer", "x"], async () => signer)).toMatchObject({
      exit: 66,
    });
    await expect(run(unsigned, ["--signer", "x"])).rejects.toThrow("not asked");
  });

  it("another kind of file is compared with a bundle", async () => {
    await expect(verifyCommand(["a.tgz"], {} as unknown as Parameters<typeof verifyCommand>[1])).rejects.toThrow(
      "--bundle FILE",
    );
  });
});

describe("what is said of a signature that holds", () => {
  it("kind, certificate, subject, issuer, and the time that is vouched for", () => {
    const certificate = { subject: "CN=Acme", issuer: "CN=Authority" };
    const signer = { kind: "key", fingerprint: "sha256:x", usage: "nuget:author", certificate } as const;
    const signedAt = new Date("2026-01-01T00:00:00Z");
    expect(signatureRows(attestation({ signer, signedAt }))).toEqual([
      ["signature", "NuGet's, of the author"],
      ["certificate", "sha256:x"],
      ["subject", "CN=Acme"],
      ["issuer", "CN=Authority"],
      ["timestamp", "2026-01-01T00:00:00.000Z"],
    ]);
  });

  it("nothing of the kind of another key", () => {
    const signer = { kind: "key", fingerprint: "sha256:x", usage: "policy" } as const;
    expect(signatureRows(attestation({ signer }))).toEqual([]);
  });
});
