import type { SignedBy } from "../../../src/model/attestation.ts";
import type { Layer } from "../../../src/policy/layer.ts";
import { isByKeyOf, matchSigner, signerOf } from "../../../src/policy/signers/signer.ts";
import { attestation } from "../../support/attestation.ts";
import { WIDGET, layer } from "../../support/policy.ts";
import { describe, expect, it } from "vitest";

const AUTHOR = `sha256:${"a".repeat(64)}`;
const OTHER = `sha256:${"b".repeat(64)}`;
const signers = {
  vendor: { publicKey: { files: ["v.pem", "w.pem"], tlog: 2 } },
  plain: { publicKey: { files: ["p.pem"] } },
  npmjs: { npmRegistry: "https://npm.example/base" },
  author: { nugetSignature: { kind: "author", fingerprints: [AUTHOR, OTHER] } },
  widget: { githubActions: { repository: "acme/widget", workflow: ".github/workflows/release.yml" } },
};
const KEYS = {
  vendor: [
    { file: "v.pem", id: "v", fingerprint: "sha256:v" },
    { file: "w.pem", id: "w", fingerprint: "sha256:w" },
  ],
  plain: [{ file: "p.pem", id: "p", fingerprint: "sha256:p" }],
};
const LAYER = layer({ signers }, { keys: KEYS });
const key = (fingerprint: string, usage = "policy", more: object = {}): SignedBy => ({
  kind: "key",
  fingerprint,
  usage,
  ...more,
});
const CERTIFICATE: SignedBy = { kind: "certificate", claims: WIDGET };
const differs = (name: string, signer: SignedBy, one: Layer = LAYER) =>
  matchSigner(one, name, attestation({ signer }), "2.1.0");
const EXPECTED = "sha256:v (v.pem) or sha256:w (w.pem)";

describe("a key that the policy names", () => {
  it.each([
    ["held under it", "vendor", key("sha256:v", "policy", { held: ["x", "w"] })],
    ["held, whatever its fingerprint", "plain", key("sha256:z", "elsewhere", { held: ["p"] })],
  ])("%s is the signer's", (_, name, signer) => {
    expect(differs(name, signer)).toEqual([]);
  });

  it.each([
    ["of the policy, resting on less", "vendor", key("sha256:w"), "2 under"],
    ["held under something else", "vendor", key("sha256:v", "policy", { held: ["p"] }), "2 under"],
    ["one log when nothing is said", "plain", key("sha256:p"), "1 under"],
  ])("%s", (_, name, signer, expected) => {
    const found = "fewer logs, or another root's";
    expect(differs(name, signer)).toEqual([{ name: "tlog", expected: `${expected} the signer's trust root`, found }]);
  });

  it.each([
    ["another key", key("sha256:p"), "the key sha256:p (policy)"],
    [
      "the same key, held for something else",
      key("sha256:v", "npm:attestations"),
      "the key sha256:v (npm:attestations)",
    ],
    ["another key for something else", key("sha256:p", "x"), "the key sha256:p (x)"],
    ["a certificate", CERTIFICATE, `a certificate of ${WIDGET.subjectAlternativeName}`],
    ["a certificate of nobody", { kind: "certificate", claims: {} } as const, "a certificate of somebody"],
  ])("%s is told with the keys that were expected", (_, signer, found) => {
    expect(differs("vendor", signer)).toEqual([{ name: "publicKey", expected: EXPECTED, found }]);
  });

  it("keys that were not read are named by their files", () => {
    for (const keys of [{}, { vendor: [] }, undefined]) {
      const one = layer({ signers }, keys === undefined ? {} : { keys });
      expect(differs("vendor", key("sha256:v"), one)[0]?.expected).toBe("v.pem or w.pem");
    }
  });

  it("is found again whatever it rests on", () => {
    const by = (name: string, signer: SignedBy) => isByKeyOf(LAYER, name, attestation({ signer }));
    expect(by("vendor", key("sha256:w", "elsewhere"))).toBe(true);
    expect(by("vendor", key("sha256:p"))).toBe(false);
    expect(by("plain", key("sha256:p"))).toBe(true);
    expect(by("vendor", CERTIFICATE)).toBe(false);
    expect(by("toString", key("sha256:p"))).toBe(false);
    expect(by("npmjs", key("sha256:p"))).toBe(false);
    expect(isByKeyOf(layer({ signers }), "vendor", attestation({ signer: key("sha256:v") }))).toBe(false);
    // A certificate has no fingerprint: a key without one is not its key.
    const none = { ...LAYER, keys: { vendor: [{ file: "v.pem", id: "v" }] } } as unknown as Layer;
    expect(isByKeyOf(none, "vendor", attestation({ signer: CERTIFICATE }))).toBe(false);
  });
});

describe("a registry", () => {
  const from = (registry: string | undefined, usage = "npm:signatures") =>
    differs("npmjs", key("sha256:x", usage, registry === undefined ? {} : { registry }));

  it.each([
    ["https://npm.example/base", true],
    ["https://npm.example/base/", true],
    ["https://npm.example/base/below", true],
    ["https://npm.example/bases", false],
    ["https://npm.example/", false],
    ["https://npm.example/other/base", false],
    ["https://npm.example/other/base/", false],
    ["https://other.example/base", false],
    ["http://npm.example/base", false],
    ["nonsense", false],
    [undefined, false],
  ])("%s: %s", (registry, expected) => {
    const comparison = { name: "npmRegistry", expected: "https://npm.example/base", found: registry ?? "" };
    expect(from(registry)).toEqual(expected ? [] : [comparison]);
  });

  it("nothing but its own signature is it", () => {
    expect(from("https://npm.example/base", "npm:attestations")).toEqual([
      { name: "signer", expected: "npmjs", found: "https://slsa.dev/provenance/v1" },
    ]);
    expect(differs("npmjs", CERTIFICATE)).toEqual([
      { name: "signer", expected: "npmjs", found: "https://slsa.dev/provenance/v1" },
    ]);
    const alike = {
      kind: "certificate",
      claims: WIDGET,
      usage: "npm:signatures",
      registry: "https://npm.example/base",
    };
    expect(differs("npmjs", alike as unknown as SignedBy)).toHaveLength(1);
  });

  it("a base that is no address has nothing below it", () => {
    const one = { ...LAYER, policy: { ...LAYER.policy, signers: { npmjs: { npmRegistry: "nonsense" } } } };
    const signer = key("sha256:x", "npm:signatures", { registry: "https://npm.example" });
    expect(differs("npmjs", signer, one)).toHaveLength(1);
  });
});

describe("NuGet's own signatures", () => {
  it.each([
    [key(OTHER, "nuget:author"), []],
    [key("sha256:x", "nuget:author"), [{ name: "fingerprint", expected: `${AUTHOR} or ${OTHER}`, found: "sha256:x" }]],
    [
      key(AUTHOR, "nuget:repository"),
      [{ name: "signer", expected: "author: NuGet's author signature", found: "a signature of kind nuget:repository" }],
    ],
    [CERTIFICATE, [{ name: "signer", expected: "author: NuGet's author signature", found: "a Sigstore certificate" }]],
  ])("%j", (signer, expected) => {
    expect(differs("author", signer)).toEqual(expected);
  });
});

describe("claims", () => {
  const CLAIMS = { ...WIDGET };
  const by = (claims: object) => differs("widget", { kind: "certificate", claims });
  const PATH = "https://github.com/acme/widget/.github/workflows/release.yml";

  it("a key has none", () => {
    expect(differs("widget", key("sha256:x"))).toEqual([
      { name: "signer", expected: "widget", found: "the key sha256:x (policy)" },
    ]);
  });

  it("a signer that asks for nothing is met by nobody", () => {
    const one = { ...LAYER, policy: { ...LAYER.policy, signers: { empty: {} } } };
    expect(differs("empty", CERTIFICATE, one)).toEqual([
      { name: "signer", expected: "empty", found: "nothing to compare" },
    ]);
  });

  it("a name that the policy does not have", () => {
    for (const name of ["nobody", "constructor"]) {
      expect(signerOf(LAYER, name)).toBeNull();
      expect(differs(name, CERTIFICATE)).toEqual([
        { name: "signer", expected: name, found: "no signer of that name in .signing-policy.json" },
      ]);
    }
    expect(signerOf(layer({}), "widget")).toBeNull();
  });

  it.each([
    [
      "in the policy's words",
      `${PATH}@refs/tags/v2.1.0`.replace("release", "other"),
      ".github/workflows/release.yml",
      ".github/workflows/other.yml",
    ],
    [
      "whole, of another repository",
      "https://github.com/mallory/widget/x.yml@refs/tags/v2.1.0",
      `${PATH}@(ref)`,
      "https://github.com/mallory/widget/x.yml@refs/tags/v2.1.0",
    ],
    ["whole, at another ref", `${PATH}@refs/heads/main`, `${PATH}@(ref)`, `${PATH}@refs/heads/main`],
  ])("a workflow is told %s", (_, buildConfigURI, expected, found) => {
    expect(by({ ...CLAIMS, buildConfigURI })).toEqual([{ name: "workflow", expected, found }]);
  });

  it("a repository elsewhere is told whole", () => {
    const elsewhere = "https://git.example/acme/widget";
    expect(by({ ...CLAIMS, sourceRepositoryURI: elsewhere })).toEqual([
      { name: "repository", expected: "https://github.com/acme/widget", found: elsewhere },
    ]);
  });

  it("what the certificate lacks is not met, be it the claim or its ref", () => {
    const { buildConfigURI: _, ...without } = CLAIMS;
    expect(by(without)).toEqual([
      { name: "workflow", expected: ".github/workflows/release.yml", found: "(the certificate has no such claim)" },
    ]);
    const { sourceRepositoryRef: __, ...unreferred } = CLAIMS;
    expect(by({ ...unreferred, buildConfigURI: `${PATH}@undefined` })).toHaveLength(1);
    expect(by({ ...unreferred, buildConfigURI: PATH })).toHaveLength(1);
    expect(by({ ...unreferred, buildConfigURI: `${PATH}@` })).toHaveLength(1);
  });
});

describe("trust roots", () => {
  it("one that the policy does not have is met by nothing", () => {
    const one = { ...LAYER, roots: {} };
    expect(matchSigner(one, "widget", attestation({ signer: CERTIFICATE, roots: [] }), null)).toEqual([
      { name: "trust", expected: "public-good", found: "another trust root" },
    ]);
    const bare = [undefined as unknown as string];
    expect(matchSigner(one, "widget", attestation({ signer: CERTIFICATE, roots: bare }), null)).toHaveLength(1);
  });
});
