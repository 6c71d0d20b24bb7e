/**
 * GitHub attests what an immutable release holds, by an authority of its own: who released, not who built. Such an
 * attestation grants nothing, and breaks nothing: its subjects bear the names of a release's files.
 */
import { loadTrustRoot } from "../../src/project/trust.ts";
import { CORPUS, hasCorpus } from "../support/corpus.ts";
import { createInstance } from "../support/sigstore.ts";
import { edited, identity, judged, locked, rootOf, sha512, subjects } from "../verify/judging.ts";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const instance = await createInstance();
const roots = [rootOf(instance, { tlog: 0, sct: 0, timestamps: 1 })];
const BY_GITHUB = { san: { type: "uri", value: "https://dotcom.releases.github.com" }, claims: {} } as const;
const released = (by: typeof BY_GITHUB | typeof identity, type = "https://in-toto.io/attestation/release/v0.2") =>
  instance.attest({
    subjects: [
      { name: "pkg:github/acme/widget@v1", digest: { sha1: "0".repeat(40) } },
      { name: "widget.tar.gz", digest: { sha512: sha512.hex } },
    ],
    identity: by,
    predicateType: type,
    log: "none",
    timestamps: 1,
  });

describe("GitHub's attestation of a release", () => {
  it.each(["https://in-toto.io/attestation/release/v0.1", "https://in-toto.io/attestation/release/v0.2"])(
    "%s is by GitHub alone, whatever its files are called",
    async (type) => {
      const verdict = judged(await released(BY_GITHUB, type), { roots });
      const signer = { kind: "certificate", claims: { subjectAlternativeName: BY_GITHUB.san.value } };
      expect(verdict).toMatchObject({ status: "verified", attestation: { signer, predicateType: type } });
      if (verdict.status !== "verified") return;
      expect(verdict.attestation.signer).toEqual(signer);
    },
  );

  it("by somebody else is a statement like any other", async () => {
    expect(judged(await released(identity), { roots })).toMatchObject({ status: "broken", code: "SUBJECT_MISMATCH" });
    const good = await instance.attest({ subjects, identity, log: "none", timestamps: 1 });
    expect(judged(good, { roots })).toMatchObject({ status: "verified" });
  });

  it("of other bytes is broken", async () => {
    const subject = { ...locked, digests: [{ algorithm: "sha512", hex: "1".repeat(128) } as const] };
    const bundle = await released(BY_GITHUB);
    expect(judged(bundle, { roots, subject })).toMatchObject({ status: "broken", code: "SUBJECT_MISMATCH" });
  });

  it("whose signature does not hold is broken", async () => {
    const bundle = edited(await released(BY_GITHUB), ({ dsseEnvelope }) => {
      dsseEnvelope.payload = Buffer.from("{}").toString("base64");
    });
    expect(judged(bundle, { roots })).toMatchObject({ status: "broken" });
  });

  it.skipIf(!hasCorpus)("a real one", () => {
    const read = (path: string) => readFileSync(join(CORPUS, path));
    const root = loadTrustRoot(read("sigstore/trust/github.trusted_root.json"), "github", {
      tlog: 0,
      sct: 0,
      timestamps: 1,
    });
    const bundle = JSON.parse(read("further/slsa/github-release/github_release_bundle.json").toString()) as unknown;
    const sha256 = "e15b593c6ab8d7725a3cc82226ef816cac6bf9c70eed383bd459295cc65f5ec3";
    const subject = { ...locked, digests: [{ algorithm: "sha256", hex: sha256 } as const] };
    expect(judged(bundle, { roots: [root], subject })).toMatchObject({ status: "verified" });
  });
});
