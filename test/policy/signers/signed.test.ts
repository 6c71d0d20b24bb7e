import { durationOf, judgeSigned } from "../../../src/policy/signers/signed.ts";
import { NOW, WIDGET, facts, layer, signedBy, verified } from "../../support/policy.ts";
import { describe, expect, it } from "vitest";

const signers = {
  widget: { githubActions: { repository: "acme/widget" } },
  second: { githubActions: { repository: "acme/second" } },
};
const judged = (rule: object, verdicts: Parameters<typeof facts>[1] = {}) => {
  const one = layer({ signers, rules: [{ packages: ["npm:*"], signedBy: ["widget"], ...rule }] });
  const [ours] = one.policy.rules ?? [];
  const ruling = judgeSigned(one, ours ?? { packages: [] }, facts("npm:@acme/widget@2.1.0", verdicts), NOW);
  return "denials" in ruling ? ruling.denials : [];
};

it.each([
  ["30m", 1_800_000],
  ["1h", 3_600_000],
  ["2d", 172_800_000],
  ["1w", 604_800_000],
  ["1y", Number.POSITIVE_INFINITY],
  ["1.5h", Number.POSITIVE_INFINITY],
  ["xh", Number.POSITIVE_INFINITY],
  ["xy", Number.POSITIVE_INFINITY],
  ["7", Number.POSITIVE_INFINITY],
  ["", Number.POSITIVE_INFINITY],
])("%s is %d milliseconds", (text, expected) => {
  expect(durationOf(text)).toBe(expected);
});

describe("why nobody proves anything", () => {
  it("what was looked for is named", () => {
    expect(judged({})[0]?.message).toBe("found no signature or provenance");
    expect(judged({ provenance: { builder: "b" } })[0]?.message).toBe("found no SLSA provenance");
  });

  it("a certificate is nearer than a key, whatever else differs", () => {
    const elsewhere = signedBy({ issuer: "https://elsewhere.example" });
    const key = verified({ signer: { kind: "key", fingerprint: "sha256:x", usage: "policy" } });
    for (const verdicts of [
      [key, elsewhere],
      [elsewhere, key],
    ]) {
      expect(judged({}, { verdicts })[0]?.details.map(({ name }) => name)).toEqual(["issuer", "repository"]);
    }
  });

  it("then the fewest differences", () => {
    const far = signedBy({ issuer: "https://elsewhere.example" });
    const near = signedBy({ ...WIDGET, sourceRepositoryURI: "https://github.com/acme/other" });
    for (const verdicts of [
      [far, near],
      [near, far],
    ]) {
      expect(judged({}, { verdicts })[0]?.details.map(({ name }) => name)).toEqual(["repository"]);
    }
  });

  it("a rule without signers is met by nobody", () => {
    const one = layer({ signers });
    const ruling = judgeSigned(
      one,
      { packages: ["npm:*"] },
      facts("npm:a@1.0.0", { verdicts: [signedBy(WIDGET)] }),
      NOW,
    );
    expect(ruling).toMatchObject({ denials: [{ code: "NO_EVIDENCE" }] });
  });
});

it("who has signed already is told where more are asked for", () => {
  const [denial] = judged({ signedBy: ["widget", "second"], count: 2 }, { verdicts: [signedBy(WIDGET)] });
  expect(denial).toMatchObject({
    code: "COUNT_NOT_MET",
    details: [{ name: "signers", expected: "2 of widget, second", found: "widget" }],
  });
});

describe("a trust root that is missing", () => {
  const lacking = { location: "https://tuf.example", reason: "the trust root public-good was never fetched" };
  const missingRoots = new Map([["public-good", lacking]]);
  const githubActions = { repository: "acme/widget" };
  const key = { publicKey: { files: ["a.pem"], tlog: 0 } };
  const code = (signer: object, more: object) => {
    const own = layer({ signers: { a: signer }, rules: [{ packages: ["npm:x"], signedBy: ["a"] }] });
    const ruling = judgeSigned(own, own.policy.rules![0]!, facts("npm:x@1.0.0", more), NOW);
    return "denials" in ruling ? ruling.denials.map((one) => [one.code, one.location]) : ruling.ground.kind;
  };

  it("makes what rests on it unavailable, whatever evidence there is", () => {
    const verdicts = [signedBy({ issuer: "https://elsewhere.example" })];
    expect(code({ githubActions }, { missingRoots })).toEqual([["EVIDENCE_UNAVAILABLE", lacking.location]]);
    expect(code({ githubActions }, { missingRoots, verdicts })).toEqual([["EVIDENCE_UNAVAILABLE", lacking.location]]);
  });

  it("and nothing else", () => {
    expect(code({ githubActions }, {})).toEqual([["NO_EVIDENCE", undefined]]);
    expect(code(key, { missingRoots })).toEqual([["NO_EVIDENCE", undefined]]);
    expect(code({ githubActions }, { missingRoots: new Map([["github", lacking]]) })).toEqual([
      ["NO_EVIDENCE", undefined],
    ]);
  });
});
