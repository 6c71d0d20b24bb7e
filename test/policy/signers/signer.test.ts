import { decide } from "../../../src/policy/decide.ts";
import { wanted } from "../../../src/policy/wanted.ts";
import type { Verdict } from "../../../src/model/verdict.ts";
import { attestation } from "../../support/attestation.ts";
import { NOW, WIDGET, facts, layer, signedBy, verified } from "../../support/policy.ts";
import { describe, expect, it } from "vitest";

const GOOD = `sha256:${"a".repeat(64)}`;
const OTHER = `sha256:${"b".repeat(64)}`;
const signers = {
  vendor: { nugetSignature: { kind: "author", fingerprints: [GOOD] } },
  registry: { nugetSignature: { kind: "repository", fingerprints: [GOOD] } },
  widget: { githubActions: { repository: "acme/widget" } },
};
const NAME = "nuget:Acme.Widget@1.0.0";
const made = (usage: string, fingerprint = GOOD) =>
  verified(attestation({ signer: { kind: "key", fingerprint, usage }, predicateType: null, roots: [] }));
const ruled = (rule: object) => layer({ signers, rules: [{ packages: ["nuget:*"], ...rule }] });
const judge = (rule: object, verdicts: readonly Verdict[] = []) => {
  const { outcome, denials, layers } = decide([ruled(rule)], facts(NAME, { verdicts }), NOW);
  const [first] = layers;
  return {
    outcome,
    codes: denials.map(({ code }) => code),
    ground: first?.outcome === "allowed" ? first.ground : null,
  };
};

describe("an author's NuGet signature as signedBy", () => {
  it("is met by a signature of that kind and certificate alone", () => {
    expect(judge({ signedBy: ["vendor"] }, [made("nuget:author")])).toMatchObject({
      outcome: "allowed",
      ground: { kind: "signed", signers: ["vendor"] },
    });
  });

  it.each([
    ["another certificate", made("nuget:author", OTHER)],
    ["a held key of that fingerprint", made("policy")],
    ["npm's key", made("npm:attestations")],
    ["a Sigstore certificate", signedBy(WIDGET)],
  ])("not by %s", (_, verdict) =>
    expect(judge({ signedBy: ["vendor"] }, [verdict]).codes).toEqual(["UNTRUSTED_SIGNER"]),
  );

  it("a repository's signature says nothing about who made it", () => {
    expect(judge({ signedBy: ["vendor"] }, [made("nuget:repository")]).codes).toEqual(["NO_EVIDENCE"]);
  });

  it("does not stand in for a pipeline", () => {
    expect(judge({ signedBy: ["widget"] }, [made("nuget:author")]).codes).toEqual(["UNTRUSTED_SIGNER"]);
  });

  it("is no provenance", () => {
    const rule = { signedBy: ["vendor"], provenance: { builder: "https://github.com/actions/runner/github-hosted" } };
    expect(judge(rule, [made("nuget:author")]).outcome).toBe("denied");
  });
});

describe("a repository's NuGet signature as baseline", () => {
  it("is met, and is called what it is", () => {
    expect(judge({ baseline: ["registry"] }, [made("nuget:repository")])).toMatchObject({
      outcome: "allowed",
      ground: { kind: "baseline", signers: ["registry"] },
    });
  });

  it("not by another certificate, nor by an author's signature", () => {
    expect(judge({ baseline: ["registry"] }, [made("nuget:repository", OTHER)]).codes).toEqual(["UNTRUSTED_SIGNER"]);
    expect(judge({ baseline: ["registry"] }, [made("nuget:author")]).codes).toEqual(["NO_EVIDENCE"]);
  });

  it("without one there is no evidence, whatever pipelines signed", () => {
    expect(judge({ baseline: ["registry"] }).codes).toEqual(["NO_EVIDENCE"]);
    expect(judge({ baseline: ["registry"] }, [signedBy(WIDGET)]).codes).toEqual(["NO_EVIDENCE"]);
  });
});

describe("what is asked for", () => {
  const artifact = facts(NAME).artifact;
  it("the package's own signature only where a signer of the rule is one", () => {
    expect(wanted([ruled({ signedBy: ["vendor"] })], artifact, NOW)).toMatchObject({ evidence: true, signature: true });
    expect(wanted([ruled({ baseline: ["registry"] })], artifact, NOW)).toMatchObject({
      evidence: false,
      baseline: true,
    });
    expect(wanted([ruled({ signedBy: ["widget"] })], artifact, NOW)).toMatchObject({ signature: false });
  });

  it("GitHub's store for the repositories of the rule's signers alone", () => {
    const sources = { nuget: [{ kind: "github" as const }] };
    const more = {
      ...signers,
      exact: {
        certificate: {
          issuer: "https://token.actions.githubusercontent.com",
          sourceRepositoryURI: "https://github.com/acme/exact",
        },
      },
    };
    const one = layer(
      { signers: more, rules: [{ packages: ["nuget:*"], signedBy: ["widget", "exact", "vendor"] }] },
      { sources },
    );
    expect(wanted([one], artifact, NOW).sources).toEqual([
      { kind: "github", repositories: ["acme/widget", "acme/exact"] },
    ]);
  });
});
