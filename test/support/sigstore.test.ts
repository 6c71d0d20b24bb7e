import { bundleFromJSON } from "@sigstore/bundle";
import { TrustedRoot } from "@sigstore/protobuf-specs";
import { Verifier, toSignedEntity, toTrustMaterial } from "@sigstore/verify";
import { describe, expect, test } from "vitest";
import { createInstance, githubIdentity, newKey } from "./sigstore.ts";

const identity = githubIdentity({
  repository: "acme/widget",
  workflow: ".github/workflows/release.yml",
  ref: "refs/tags/v1",
});
const subjects = [{ name: "pkg:npm/widget@1.0.0", digest: { sha512: "ab".repeat(64) } }];

describe("the test instance satisfies the library that the program builds on", async () => {
  const instance = await createInstance({ logs: 2 });
  const key = newKey();
  const verify = (bundle: unknown, bytes?: Buffer, thresholds = {}) =>
    new Verifier(
      toTrustMaterial(TrustedRoot.fromJSON(instance.trustedRoot), () => ({
        publicKey: key.publicKey,
        validFor: () => true,
      })),
      thresholds,
    ).verify(toSignedEntity(bundleFromJSON(bundle), bytes));
  const bytes = Buffer.from("bytes");

  test.each([
    ["a Rekor v1 dsse entry", () => instance.attest({ subjects, identity })],
    ["an intoto entry", () => instance.attest({ subjects, identity, log: [{ kind: "intoto" }] })],
    [
      "a Rekor v2 entry and a timestamp",
      () => instance.attest({ subjects, identity, log: [{ version: 2 }], timestamps: 1 }),
    ],
    [
      "a Rekor v2 dsse entry",
      () => instance.attest({ subjects, identity, log: [{ version: 2, kind: "dsse" }], timestamps: 1 }),
    ],
    ["two logs", () => instance.attest({ subjects, identity, log: [{}, { by: 1 }] })],
    ["a bare key", () => instance.attest({ subjects, key, hint: "k" })],
    ["a message", () => instance.signMessage({ bytes, identity })],
    ["a message in Rekor v2", () => instance.signMessage({ bytes, identity, log: [{ version: 2 }], timestamps: 1 })],
    [
      "a v0.2 bundle with chain",
      () =>
        instance.attest({
          subjects,
          identity,
          chain: true,
          mediaType: "application/vnd.dev.sigstore.bundle+json;version=0.2",
        }),
    ],
  ])("%s", async (_, mint) => {
    expect(verify(await mint(), bytes)).toBeDefined();
  });

  test("timestamps alone", async () => {
    const bundle = await instance.attest({ subjects, identity, log: "none", timestamps: 1 });
    expect(verify(bundle, undefined, { tlogThreshold: 0 })).toBeDefined();
    expect(() => verify(bundle)).toThrow();
  });

  test("many entries", async () => {
    let last: unknown;
    for (let n = 0; n < 20; n++) last = await instance.attest({ subjects, identity });
    expect(verify(last)).toBeDefined();
  });
});
