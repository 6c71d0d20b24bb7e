import { verifyNugetSignature } from "../../../src/verify/nuget/signature.ts";
import { kindsIn } from "../../../plugins/dotnet/bytes/package.ts";
import { stripSignature } from "../../../plugins/dotnet/bytes/strip.ts";
import { CORPUS, hasCorpus } from "../../support/corpus.ts";
import { contentFor, mintSignature, newParty, type Signing } from "../../support/nuget/cms.ts";
import { derMutants } from "../../support/der-mutants.ts";
import { makePackage } from "../../support/nuget/package.ts";
import { addSignature } from "../../support/nuget/signed.ts";
import fc from "fast-check";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const AUTHOR = newParty("author");
const REGISTRY = newParty("registry");
const TSA_ROOT = newParty("tsa root", { purpose: "none", ca: true });
const TSA = newParty("tsa", { purpose: "timeStamping", issuer: TSA_ROOT });
const ROOTS = new Set([TSA_ROOT.spki]);
const timestamp = { by: TSA, chain: [TSA_ROOT] };

const unsigned = makePackage({ id: "Acme.Widget", version: "1.0.0" });
const TEXT = contentFor(unsigned);
const author = (more: Partial<Signing> = {}): Signing => ({ by: AUTHOR, kind: "author", timestamp, ...more });
const registry = (more: Partial<Signing> = {}): Signing => ({ by: REGISTRY, kind: "repository", timestamp, ...more });

function judge(cms: Buffer, kind: "author" | "repository", bytes: Buffer | null = unsigned, now = new Date()) {
  const evidence = { source: "package", location: "here", nugetSignature: { kind, cms } };
  const digests = bytes === null ? [{ algorithm: "sha512", hex: "0".repeat(128) } as const] : [];
  const verdict = verifyNugetSignature(evidence, { names: [], digests, bytes }, now, ROOTS);
  if (verdict.status === "verified")
    return {
      status: verdict.status,
      signer: verdict.attestation.signer,
      at: verdict.attestation.signedAt?.toISOString(),
    };
  return {
    status: verdict.status,
    code: "code" in verdict ? verdict.code : null,
    detail: "detail" in verdict ? verdict.detail : null,
  };
}

describe("a NuGet signature that holds", () => {
  it("an author's: by the certificate, at the time that the authority says", () => {
    expect(judge(mintSignature(TEXT, author()), "author")).toEqual({
      status: "verified",
      signer: {
        kind: "key",
        fingerprint: AUTHOR.fingerprint,
        usage: "nuget:author",
        certificate: { subject: "CN=author", issuer: "CN=author" },
        words: expect.objectContaining({ authorities: [], policies: ["1.3.6.1.5.5.7.3.3"] }),
      },
      at: "2026-01-01T00:00:00.000Z",
    });
  });

  it("never by a time after now, but for what clocks may differ", () => {
    const signature = mintSignature(TEXT, author());
    const before = new Date("2025-12-31T23:49:59Z");
    expect(judge(signature, "author", unsigned, before)).toMatchObject({ status: "broken", code: "TIME_AFTER_NOW" });
    const near = new Date("2025-12-31T23:50:01Z");
    expect(judge(signature, "author", unsigned, near)).toMatchObject({ status: "verified" });
  });

  it("a repository's, as the only one or over an author's", () => {
    const signer = { kind: "key", fingerprint: REGISTRY.fingerprint, usage: "nuget:repository" };
    expect(judge(mintSignature(TEXT, registry()), "repository")).toMatchObject({ status: "verified", signer });
    const both = mintSignature(TEXT, author(), registry());
    expect(judge(both, "repository")).toMatchObject({ status: "verified", signer });
    expect(judge(both, "author")).toMatchObject({ status: "verified", signer: { fingerprint: AUTHOR.fingerprint } });
    expect(kindsIn(both)).toEqual(["author", "repository"]);
  });

  it("asks for the bytes where no known digest is of the signed kind", () => {
    expect(judge(mintSignature(TEXT, author()), "author", null)).toMatchObject({ status: "needs-bytes" });
  });

  it("is over what the strip leaves of the signed package", () => {
    const { content, signature } = stripSignature(addSignature(unsigned, mintSignature(TEXT, author())));
    expect(judge(signature ?? Buffer.alloc(0), "author", content)).toMatchObject({ status: "verified" });
  });
});

describe("a NuGet signature that proves nothing", () => {
  const other = newParty("other tsa", { purpose: "timeStamping" });
  it.each<[string, Buffer, "author" | "repository"]>([
    ["of the other kind", mintSignature(TEXT, author()), "repository"],
    ["of no kind", mintSignature(TEXT, author({ kind: "none" })), "author"],
    ["without a timestamp", mintSignature(TEXT, author({ timestamp: null })), "author"],
    ["with a timestamp of an unknown authority", mintSignature(TEXT, author({ timestamp: { by: other } })), "author"],
    ["with an authority whose chain is not there", mintSignature(TEXT, author({ timestamp: { by: TSA } })), "author"],
    [
      "with a countersignature of a repository that is an author's",
      mintSignature(TEXT, author(), author()),
      "repository",
    ],
  ])("%s", (_, cms, kind) => expect(judge(cms, kind)).toMatchObject({ status: "foreign" }));
});

describe("a NuGet signature that does not hold", () => {
  const expired = newParty("expired", { to: new Date("2021-01-01") });
  const weak = newParty("weak", { bits: 1024 });
  it.each<[string, Buffer, "author" | "repository", string]>([
    ["over another content", mintSignature(contentFor(Buffer.from("x")), author()), "author", "SUBJECT_MISMATCH"],
    [
      "whose digest is of something else",
      mintSignature(TEXT, author({ digestOf: Buffer.from("x") })),
      "author",
      "SIGNATURE_INVALID",
    ],
    [
      "with a signature of something else",
      mintSignature(TEXT, author({ signature: Buffer.alloc(256, 1) })),
      "author",
      "SIGNATURE_INVALID",
    ],
    [
      "made by another key than the certificate's",
      mintSignature(TEXT, author({ by: { ...AUTHOR, key: REGISTRY.key } })),
      "author",
      "SIGNATURE_INVALID",
    ],
    [
      "that names another certificate",
      mintSignature(TEXT, author({ names: REGISTRY.certificate })),
      "author",
      "CERTIFICATE_INVALID",
    ],
    ["that names no certificate", mintSignature(TEXT, author({ names: null })), "author", "SIGNATURE_INVALID"],
    ["by a certificate for something else", mintSignature(TEXT, author({ by: TSA })), "author", "CERTIFICATE_INVALID"],
    [
      "by an authority's certificate",
      mintSignature(TEXT, author({ by: newParty("ca", { ca: true }) })),
      "author",
      "CERTIFICATE_INVALID",
    ],
    ["by a key that is too short", mintSignature(TEXT, author({ by: weak })), "author", "SIGNATURE_INVALID"],
    ["by a certificate that had expired", mintSignature(TEXT, author({ by: expired })), "author", "TIME_INVALID"],
    ["with an attribute twice", mintSignature(TEXT, author({ twice: true })), "author", "SIGNATURE_INVALID"],
    [
      "of another type of content",
      mintSignature(TEXT, author({ contentType: "1.2.3" })),
      "author",
      "SIGNATURE_INVALID",
    ],
    ["over other text than NuGet writes", mintSignature(`${TEXT}more`, author()), "author", "STATEMENT_INVALID"],
    [
      "of another version",
      mintSignature(TEXT.replace("Version:1", "Version:2"), author()),
      "author",
      "STATEMENT_INVALID",
    ],
    [
      "with a timestamp over something else",
      mintSignature(TEXT, author({ timestamp: { ...timestamp, over: Buffer.from("x") } })),
      "author",
      "TIME_INVALID",
    ],
    [
      "with a timestamp by no authority",
      mintSignature(TEXT, author({ timestamp: { by: AUTHOR } })),
      "author",
      "TIME_INVALID",
    ],
    [
      "with a timestamp from after the authority's end",
      mintSignature(TEXT, author({ timestamp: { ...timestamp, at: new Date("2041-01-01T00:00:00Z") } })),
      "author",
      "TIME_INVALID",
    ],
    [
      "whose countersignature is over something else",
      mintSignature(TEXT, author(), registry({ digestOf: Buffer.from("x") })),
      "repository",
      "SIGNATURE_INVALID",
    ],
    [
      "whose author's part is broken under a good countersignature",
      mintSignature(TEXT, author({ digestOf: Buffer.from("x") }), registry()),
      "repository",
      "SIGNATURE_INVALID",
    ],
    ["that is no DER", Buffer.from("nothing"), "author", "BUNDLE_MALFORMED"],
    ["that is no CMS", Buffer.from([0x30, 2, 5, 0]), "author", "BUNDLE_MALFORMED"],
  ])("%s", (_, cms, kind, code) => expect(judge(cms, kind)).toMatchObject({ status: "broken", code }));

  it("every element that is otherwise has a code of its own", () => {
    const cms = mintSignature(TEXT, author(), registry());
    const found = derMutants(cms).filter((_, n) => n % 11 === 0);
    const verdicts = found.map(({ der }) => judge(der, "author"));
    expect(verdicts.length).toBeGreaterThan(250);
    expect(verdicts.filter(({ detail }) => /could not be read|the certificate is not/.test(detail ?? ""))).toEqual([]);
  });

  it("every element of a timestamp that is otherwise is wrong about the time", () => {
    const inToken = ({ name }: { readonly name: string }) => name.startsWith("0.1.0.4.0.6.0.1.0.");
    const found = derMutants(mintSignature(TEXT, author()))
      .filter(inToken)
      .filter((_, n) => n % 5 === 0);
    expect(found.length).toBeGreaterThan(100);
    const verdicts = found.map(({ name, der }) => ({ name, ...judge(der, "author") }));
    const known = ["verified", "foreign", "TIME_INVALID"];
    expect(verdicts.filter(({ status, code }) => !known.includes(code ?? status))).toEqual([]);
  });

  it("no changed byte makes another signer, and none crashes", () => {
    const cms = mintSignature(TEXT, author(), registry());
    fc.assert(
      fc.property(fc.nat(cms.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
        const changed = Buffer.from(cms);
        changed[at] = (changed[at] ?? 0) ^ by;
        const verdict = judge(changed, "author");
        if (verdict.status === "verified") expect(verdict.signer).toMatchObject({ fingerprint: AUTHOR.fingerprint });
      }),
      { numRuns: 500 },
    );
  });
});

describe.skipIf(!hasCorpus)("real signatures", () => {
  it.each(["Autofac.6.5.0", "jQuery.3.4.1", "nuget.versioning.5.0.0", "Microsoft.Bcl.AsyncInterfaces.1.1.0"])(
    "%s",
    (name) => {
      const cms = readFileSync(join(CORPUS, "nuget", "p7s", `${name}.signature.p7s`));
      for (const kind of kindsIn(cms)) {
        const evidence = { source: "package", location: name, nugetSignature: { kind, cms } };
        const stated = hashStated(cms);
        const verdict = verifyNugetSignature(
          evidence,
          {
            names: [],
            digests: [{ algorithm: "sha256", hex: stated }],
            bytes: null,
          },
          new Date(),
        );
        expect(verdict).toMatchObject({ status: "verified", attestation: { signer: { usage: `nuget:${kind}` } } });
        const other = verifyNugetSignature(
          evidence,
          {
            names: [],
            digests: [{ algorithm: "sha256", hex: "0".repeat(64) }],
            bytes: null,
          },
          new Date(),
        );
        expect(other).toMatchObject({ status: "broken", code: "SUBJECT_MISMATCH" });
      }
    },
  );

  it("a package whose timestamp nobody trusts proves nothing", () => {
    const { content, signature } = stripSignature(
      readFileSync(join(CORPUS, "nuget", "nupkg", "UntrustedTimestampPackage.nupkg")),
    );
    const evidence = {
      source: "package",
      location: "",
      nugetSignature: { kind: "author" as const, cms: signature ?? Buffer.alloc(0) },
    };
    expect(verifyNugetSignature(evidence, { names: [], digests: [], bytes: content }, new Date())).toMatchObject({
      status: "foreign",
    });
  });

  function hashStated(cms: Buffer): string {
    const [, base64 = ""] = /Hash:([A-Za-z0-9+/=]+)/.exec(cms.toString("latin1")) ?? [];
    return Buffer.from(base64, "base64").toString("hex");
  }
});
