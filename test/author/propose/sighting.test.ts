import type { Attestation } from "../../../src/model/attestation.ts";
import { plan, type Base } from "../../../src/author/propose/plan.ts";
import { NUGET_ORG } from "../../../src/author/propose/pin.ts";
import { secondLooks } from "../../../src/author/propose/second-look.ts";
import { sightingsOf } from "../../../src/author/propose/sighting.ts";
import { standingOf } from "../../../src/author/propose/standing.ts";
import type { Facts } from "../../../src/model/facts.ts";
import type { Verdict } from "../../../src/model/verdict.ts";
import { BROKEN, facts, NOW, signedBy, verified, WIDGET } from "../../support/policy.ts";
import { describe, expect, it } from "vitest";

const EMPTY: Base = {
  policy: { version: 1 },
  layer: null,
  recorded: new Map(),
  record: { file: "r.json", reason: "r", expires: "2027-05-01" },
};
const print = (digit: string) => `sha256:${digit.repeat(64)}`;
const signature = (kind: "author" | "repository", fingerprint: string, subject = "CN=Acme, Inc, C=US"): Verdict => {
  const certificate = { subject, issuer: "CN=Some Authority" };
  const signer: Attestation["signer"] = { kind: "key", fingerprint, usage: `nuget:${kind}`, certificate };
  return verified({ signer, predicateType: null, roots: [] });
};
const planned = (...all: readonly Facts[]) =>
  plan(
    sightingsOf(all, new Map()).map((one) => standingOf(one, [], NOW)),
    EMPTY,
    null,
  );
const seen = (...verdicts: readonly Verdict[]) => sightingsOf([facts("nuget:Acme@1.0.0", { verdicts })], new Map())[0];

describe("NuGet's own signatures, as what a policy may rest on", () => {
  it("the author's, by its certificate, in a signer of that name", () => {
    const { policy, recorded } = planned(facts("nuget:Acme@1.0.0", { verdicts: [signature("author", print("a"))] }));
    expect(policy.signers).toEqual({ Acme: { nugetSignature: { kind: "author", fingerprints: [print("a")] } } });
    expect(policy.rules).toEqual([{ packages: ["nuget:Acme"], signedBy: ["Acme"] }]);
    expect(recorded.size).toBe(0);
  });

  it("two certificates of one subject stay two signers: what a certificate calls itself joins nothing", () => {
    const { policy } = planned(
      facts("nuget:Acme@1.0.0", { verdicts: [signature("author", print("a"))] }),
      facts("nuget:Other@1.0.0", { verdicts: [signature("author", print("b"))] }),
    );
    const prints = Object.values(policy.signers ?? {}).map(({ nugetSignature }) => nugetSignature?.fingerprints);
    expect(prints).toEqual([[print("a")], [print("b")]]);
  });

  it("a pipeline's statement comes first, whichever is there first", () => {
    expect(seen(signature("author", print("a")), signedBy(WIDGET))).toMatchObject({
      found: { kind: "pipeline", pin: { githubActions: { repository: "acme/widget" } } },
    });
  });

  it("the registry's, as a baseline: a certificate of nuget.org stands for all of its", () => {
    const [first = ""] = NUGET_ORG;
    const { policy } = planned(facts("nuget:Acme@1.0.0", { verdicts: [signature("repository", first)] }));
    expect(policy.signers).toEqual({
      "nuget.org": { nugetSignature: { kind: "repository", fingerprints: [...NUGET_ORG] } },
    });
    expect(policy.rules).toEqual([{ packages: ["nuget:Acme"], baseline: ["nuget.org"] }]);
  });

  it("another registry's, as that one certificate", () => {
    const said = "CN=NuGet.org Repository by Microsoft";
    const { policy } = planned(facts("nuget:Acme@1.0.0", { verdicts: [signature("repository", print("c"), said)] }));
    expect(Object.entries(policy.signers ?? {})).toEqual([
      ["NuGet.org-Repository-by-Microsoft", { nugetSignature: { kind: "repository", fingerprints: [print("c")] } }],
    ]);
  });

  it("the author before the registry, and nothing beside what does not hold", () => {
    const both = [signature("repository", print("c")), signature("author", print("a"))];
    expect(seen(...both)).toMatchObject({ found: { kind: "pipeline", pin: { nugetSignature: { kind: "author" } } } });
    expect(seen(...both, BROKEN)).toMatchObject({ found: { kind: "broken" } });
  });

  it("a pipeline that could not be asked about: no author is taken in its place", () => {
    const unavailable = [{ location: "https://evidence.example/acme", reason: "answered 503" }];
    const verdicts = [signature("author", print("a"))];
    const [found] = sightingsOf([facts("nuget:Acme@1.0.0", { verdicts, unavailable })], new Map());
    expect(found).toMatchObject({ found: { kind: "unknown", reason: "answered 503" } });
  });

  it("a new author deserves a second look: its name is the certificate's own word", () => {
    const looks = secondLooks(planned(facts("nuget:Acme@1.0.0", { verdicts: [signature("author", print("a"))] })));
    expect(looks).toEqual([
      { about: "Acme", why: expect.stringMatching(/calls itself CN=Acme, Inc, C=US, issued by CN=Some Authority/) },
    ]);
  });

  it("so does a registry whose certificate nobody here knows; nuget.org's own does not", () => {
    const looksOf = (fingerprint: string) =>
      secondLooks(planned(facts("nuget:Acme@1.0.0", { verdicts: [signature("repository", fingerprint)] })));
    expect(looksOf(print("c"))).toEqual([
      {
        about: "Acme",
        why: expect.stringMatching(/^a registry of which nobody here knows: .* calls itself CN=Acme/),
      },
    ]);
    expect(looksOf(NUGET_ORG[0] ?? "")).toEqual([]);
  });
});
