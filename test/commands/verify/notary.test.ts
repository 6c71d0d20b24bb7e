import { publicGoodRoot } from "../../../src/project/trust.ts";
import { verifyCommand } from "../../../src/commands/verify/verify.ts";
import { SafeInstallError } from "../../../src/errors.ts";
import { exitOfKind } from "../../../src/exit.ts";
import { temporaryFolder } from "../../support/folder.ts";
import {
  coseOf,
  crlOf,
  crlPoint,
  jwsOf,
  newAuthority,
  newLeaf,
  newUnit,
  pemOf,
  tokenOf,
} from "../../support/notary/mint.ts";
import { writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = newAuthority("root");
const LEAF = newLeaf("release", { issuer: ROOT });
const TSA = newAuthority("tsa");
const UNIT = newUnit("unit", { issuer: TSA });
const CRL = "http://crl.example/a.crl";
const LISTED = newLeaf("release", { issuer: ROOT, serial: 7, extensions: { points: crlPoint(CRL) } });
const content = Buffer.from("the file");
const signing = { by: LEAF, above: [ROOT], content };
const timestamp = (signature: Buffer) => tokenOf(signature, { by: UNIT });
const FILES: Readonly<Record<string, Buffer | string>> = {
  "a.bin": content,
  "b.bin": "another file",
  "a.bin.jws.sig": jwsOf(signing),
  "a.bin.cose.sig": coseOf(signing),
  "renamed.json": jwsOf(signing),
  "renamed.cbor": coseOf(signing),
  "stamped.jws.sig": jwsOf({ ...signing, timestamp }),
  "listed.jws.sig": jwsOf({ ...signing, by: LISTED }),
  "root.pem": pemOf(ROOT),
  "other.pem": pemOf(newAuthority("root")),
  "leaf.pem": pemOf(LEAF),
  "tsa.pem": pemOf(TSA),
};

async function run(words: readonly string[], answer?: Buffer | string) {
  const cwd = temporaryFolder();
  for (const [name, file] of Object.entries(FILES)) writeFileSync(join(cwd, name), file);
  let output = "";
  try {
    const exit = await verifyCommand(words, {
      cwd,
      host: { read: (path) => readFile(resolve(cwd, path)).catch(() => null), now: () => new Date("2026-12-01") },
      write: (text) => void (output += text),
      paint: (_, text) => text,
      columns: 100,
      publicGood: async () => publicGoodRoot(),
      signerNamed: () => Promise.reject(new Error("not asked")),
      ...(answer === undefined ? {} : { revocation: async () => answer }),
    });
    return { exit, output };
  } catch (error) {
    if (!(error instanceof SafeInstallError)) throw error;
    return { exit: exitOfKind(error.kind), output: `${error.code} ${error.message}` };
  }
}

const STORE = ["--notary-trust-store", "root.pem"];
const named = (name: string) => ["--notary-identity", `x509.subject: ${name}`];
const by = (bundle: string, ...more: readonly string[]) => run(["a.bin", "--bundle", bundle, ...more]);

describe("verify FILE --bundle FILE.jws.sig --notary-trust-store", () => {
  it.each(["a.bin.jws.sig", "a.bin.cose.sig", "renamed.json", "renamed.cbor"])("judges %s", async (bundle) => {
    const { exit, output } = await by(bundle, ...STORE, ...named("C=US, O=Contoso, CN=release"));
    expect(exit).toBe(0);
    expect(output).toMatch(/✓ a\.bin\n.*Notary Project, notary\.x509\n/);
    expect(output).toContain("C=US, O=Contoso, CN=release");
  });

  it("says that no identity was compared where none is named", async () => {
    const { exit, output } = await by("a.bin.jws.sig", ...STORE);
    expect([exit, output]).toEqual([0, expect.stringContaining("no identity was compared")]);
  });

  it.each([
    ["another identity", ["a.bin.jws.sig", ...STORE, ...named("O=Fabrikam")], 65, /UNTRUSTED_SIGNER[^]*Fabrikam/],
    ["another store", ["a.bin.jws.sig", "--notary-trust-store", "other.pem"], 65, /in no trust store/],
    ["another type of store", ["a.bin.jws.sig", "--notary-trust-store", "signingAuthority:root.pem"], 65, /no trust/],
    ["another media type", ["a.bin.jws.sig", ...STORE, "--media-type", "application/zip"], 65, /application\/zip/],
    ["no timestamp", ["a.bin.jws.sig", ...STORE, "--notary-trust-store", "tsa:tsa.pem"], 66, /TIME_INVALID/],
    ["what is no envelope", ["tsa.pem", ...STORE], 66, /BUNDLE_MALFORMED/],
    [
      "a leaf as store",
      ["a.bin.jws.sig", "--notary-trust-store", "leaf.pem"],
      78,
      /TRUST_STORE_UNUSABLE.*somebody else/,
    ],
    ["a missing store", ["a.bin.jws.sig", "--notary-trust-store", "no.pem"], 64, /FILE_MISSING/],
    ["a star", ["a.bin.jws.sig", ...STORE, "--notary-identity", "*"], 64, /expected "x509\.subject/],
    ["an identity that is none", ["a.bin.jws.sig", ...STORE, ...named("X=1")], 64, /is no attribute/],
    [
      "a level that is none",
      ["a.bin.jws.sig", ...STORE, "--notary-level", "skip"],
      64,
      /strict or permissive or audit/,
    ],
    ["a time without tsa", ["a.bin.jws.sig", ...STORE, "--notary-timestamp", "always"], 64, /goes with --notary-trust/],
    ["an identity alone", ["a.bin.jws.sig", ...named("O=Contoso")], 64, /goes with --notary-trust-store PEM/],
    ["tsa alone", ["a.bin.jws.sig", "--notary-trust-store", "tsa:tsa.pem"], 64, /goes with --notary-trust-store PEM/],
    ["a key beside it", ["a.bin.jws.sig", ...STORE, "--key", "k.pem"], 64, /--key does not go with/],
  ] as const)("with %s", async (_, [bundle, ...more], exit, output) => {
    expect(await by(bundle, ...more)).toEqual({ exit, output: expect.stringMatching(output) });
  });

  it("is over this file, of which a digest is not enough", async () => {
    expect(await run(["b.bin", "--bundle", "a.bin.jws.sig", ...STORE])).toMatchObject({ exit: 66 });
    const digest = `sha256:${"0".repeat(64)}`;
    expect(await run([digest, "--bundle", "a.bin.jws.sig", ...STORE])).toMatchObject({ exit: 66 });
  });

  it("takes the timestamp's time, where a store asks for one", async () => {
    const stores = [...STORE, "--notary-trust-store", "tsa:tsa.pem"];
    const { exit, output } = await by("stamped.jws.sig", ...stores);
    expect([exit, output]).toEqual([0, expect.stringContaining("2026-06-01T00:00:00.000Z")]);
    const late = await by("a.bin.jws.sig", ...stores, "--notary-timestamp", "afterCertExpiry");
    expect(late.exit).toBe(0);
  });

  it("at the level audit tells of another signer, and calls nothing verified", async () => {
    const audit = [...STORE, "--notary-level", "audit"];
    for (const words of [
      [...audit, ...named("O=Fabrikam")],
      ["--notary-trust-store", "other.pem", ...audit.slice(2)],
    ]) {
      const { exit, output } = await by("a.bin.jws.sig", ...words);
      expect(exit).toBe(0);
      expect(output).toContain("nothing is verified");
      expect(output).not.toContain("✓");
    }
    expect(await run(["b.bin", "--bundle", "a.bin.jws.sig", ...audit])).toMatchObject({ exit: 66 });
  });

  it("asks the authority whether it has taken the certificate back", async () => {
    const words = ["a.bin", "--bundle", "listed.jws.sig", ...STORE];
    expect(await run(words)).toEqual({ exit: 69, output: expect.stringContaining("revocation not checked") });
    expect(await run(words, "answered 503")).toMatchObject({ exit: 69 });
    expect(await run(words, crlOf(ROOT))).toMatchObject({ exit: 0 });
    expect(await run(words, crlOf(ROOT, { revoked: [7] }))).toEqual({
      exit: 66,
      output: expect.stringContaining("CERTIFICATE_REVOKED"),
    });
    const { exit, output } = await run([...words, "--notary-level", "permissive"]);
    expect([exit, output]).toEqual([0, expect.stringContaining("passed over")]);
  });
});
