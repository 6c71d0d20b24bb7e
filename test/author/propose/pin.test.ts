import type { Attestation } from "../../../src/model/attestation.ts";
import { CLAIM_OIDS, type ClaimName, type Claims } from "../../../src/model/claims.ts";
import { expandSigner } from "../../../src/policy/signers/expand.ts";
import { pinOf } from "../../../src/author/propose/pin.ts";
import type { Signer } from "../../../src/policy/schema/index.ts";
import { matchSigner } from "../../../src/policy/signers/signer.ts";
import {
  azurePipelinesIdentity,
  emailIdentity,
  githubIdentity,
  gitlabIdentity,
  type Identity,
} from "../../support/sigstore.ts";
import { attestation } from "../../support/attestation.ts";
import { layer } from "../../support/policy.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const VERSION = "1.2.3";
const certified = (claims: Claims): Attestation => attestation({ signer: { kind: "certificate", claims } });
const of = ({ san, claims }: Identity): Attestation => certified({ ...claims, subjectAlternativeName: san.value });
const GITHUB = { repository: "acme/widget", workflow: ".github/workflows/release.yml", ref: "refs/tags/v1.2.3" };
const AZURE = {
  organization: "11111111-2222-3333-4444-555555555555",
  project: "66666666-7777-8888-9999-000000000000",
  definitionId: "42",
  ref: "refs/heads/main",
};

/** What the signer does not meet of the attestation, as the policy's own comparison says. */
function mismatches(signer: Signer, one: Attestation): readonly string[] {
  const { trust: _, ...under } = signer;
  return matchSigner(layer({ signers: { s: under } }), "s", one, VERSION).map(({ name }) => name);
}

describe("pinOf: every kind of pipeline", () => {
  it.each([
    ["GitHub Actions", githubIdentity(GITHUB), "githubActions"],
    ["GitHub Actions, by environment", githubIdentity({ ...GITHUB, environment: "release" }), "githubActions"],
    [
      "GitHub Actions, reusable workflow",
      githubIdentity({ ...GITHUB, signerWorkflow: "acme/ci/.github/workflows/sign.yml@refs/heads/main" }),
      "githubActions",
    ],
    [
      "GitHub Actions of an enterprise",
      githubIdentity({ ...GITHUB, issuer: "https://token.actions.githubusercontent.com/acme" }),
      "githubActions",
    ],
    ["gitlab.com", gitlabIdentity({ project: "group/project", ref: "refs/heads/main" }), "gitlab"],
    [
      "another GitLab",
      gitlabIdentity({ project: "group/project", ref: "refs/heads/main", host: "https://gitlab.example.com" }),
      "certificate",
    ],
    ["Azure Pipelines", azurePipelinesIdentity(AZURE), "azurePipelines"],
    ["a person", emailIdentity("jane@example.com"), "certificate"],
  ])("%s: met by its own evidence, and by no other value of any claim that it pins", (_, identity, kind) => {
    const one = of(identity);
    const signer = pinOf(one, VERSION, "public-good");
    expect(Object.keys(signer ?? {})).toEqual([kind]);
    if (signer === null) return;
    expect(mismatches(signer, one)).toEqual([]);
    if (one.signer.kind !== "certificate") return;
    for (const { claim } of expandSigner(signer, { version: VERSION })) {
      const other = certified({ ...one.signer.claims, [claim]: `${one.signer.claims[claim]}x` });
      expect(mismatches(signer, other)).not.toEqual([]);
    }
  });

  it("a reusable workflow of the same repository is the repository's own", () => {
    const own = githubIdentity({
      ...GITHUB,
      signerWorkflow: "acme/widget/.github/workflows/sign.yml@refs/tags/v1.2.3",
    });
    expect(pinOf(of(own), VERSION, "public-good")?.githubActions).not.toHaveProperty("signerWorkflow");
  });

  it("names the trust root, unless it is the built-in one", () => {
    expect(pinOf(of(githubIdentity(GITHUB)), VERSION, "contoso")?.trust).toBe("contoso");
    expect(pinOf(of(githubIdentity(GITHUB)), VERSION, "public-good")).not.toHaveProperty("trust");
  });

  it.each<[string, Claims]>([
    ["no claims", {}],
    ["an issuer for everybody and nothing else", { issuer: "https://token.actions.githubusercontent.com" }],
    [
      "a reusable workflow's name only",
      { issuer: "https://gitlab.com", subjectAlternativeName: "https://gitlab.com/a/b//c@d" },
    ],
  ])("%s: nobody in particular", (_, claims) => {
    expect(pinOf(certified(claims), VERSION, "public-good")).toBeNull();
  });

  it("a key is no pipeline", () => {
    const key = attestation({ signer: { kind: "key", fingerprint: `sha256:${"0".repeat(64)}`, usage: "policy" } });
    expect(pinOf(key, VERSION, "public-good")).toBeNull();
  });

  it("whatever a certificate says: what is pinned is met by it and accepted by the policy's reader", () => {
    const text = fc.constantFrom(
      "https://token.actions.githubusercontent.com",
      "https://gitlab.com",
      "https://github.com/acme/widget",
      "https://github.com/acme/widget/.github/workflows/a.yml@refs/heads/main",
      "https://gitlab.com/group/p",
      "refs/heads/main",
      "refs/tags/v1.2.3",
      "github-hosted",
      "push",
      "12",
      "jane@example.com",
      "",
      "a b",
      "*",
      "{version}",
      "spiffe://x/y",
    );
    const names = [...Object.keys(CLAIM_OIDS), "subjectAlternativeName"] as ClaimName[];
    const claims = fc.record(Object.fromEntries(names.map((name) => [name, text])) as Record<ClaimName, typeof text>, {
      requiredKeys: [],
    });
    let pinned = 0;
    fc.assert(
      fc.property(claims, (all) => {
        const one = certified(all);
        const signer = pinOf(one, VERSION, "public-good");
        if (signer === null) return;
        pinned++;
        expect(mismatches(signer, one)).toEqual([]);
      }),
      { numRuns: 2000 },
    );
    expect(pinned).toBeGreaterThan(20);
  });
});
