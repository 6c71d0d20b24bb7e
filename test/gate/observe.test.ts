import { observer } from "../../src/gate/observe.ts";
import type { Wanted } from "../../src/model/wanted.ts";
import { BROKEN, FOREIGN, WIDGET, artifact, facts, signedBy, verified } from "../support/policy.ts";
import { describe, expect, it } from "vitest";

const DIRECTORY = { kind: "directory", path: "/bundles" } as const;
const GITHUB = { kind: "github", repositories: ["acme/widget"] } as const;
const ONE = artifact("npm:widget@1.0.0");

describe("what an observer asks for", () => {
  const asks = (wanted: Wanted) =>
    observer({
      verify: () => ({ status: "needs-bytes" }),
      offline: false,
      wanted: () => wanted,
      sources: () => [DIRECTORY],
    }).judge.wanted(ONE);

  it("what the policy asks for, in the same way: else what it lets in would look lost", () => {
    const wanted = { evidence: true, baseline: false, signature: true, sources: [GITHUB] };
    expect(asks(wanted)).toEqual(wanted);
  });

  it("everything there is, where no policy asks who made it", () => {
    const nothing = { evidence: false, baseline: false, signature: false, sources: [] };
    expect(asks(nothing)).toEqual({ ...nothing, evidence: true, signature: true, sources: [DIRECTORY] });
  });
});

describe("what an observer concludes", () => {
  const KEY = { kind: "key", fingerprint: "sha256:x", usage: "npm:signatures" } as const;
  const MADE = signedBy(WIDGET);
  const watch = () =>
    observer({
      verify: () => ({ status: "needs-bytes" }),
      offline: true,
      wanted: () => ({ evidence: false, baseline: false, signature: false, sources: [] }),
      sources: () => [],
    });
  const FAULT = { code: "ARCHIVE_INVALID", message: "", details: [] } as const;
  const published = verified({ signer: KEY, predicateType: null });

  it("asks for no bytes beyond what evidence needs, and compares none", () => {
    const { judge } = watch();
    expect([judge.wantsBytes, judge.offline, judge.compares(ONE)]).toEqual([false, true, []]);
  });

  it.each([
    ["nothing", {}, false],
    ["somebody who made it", { verdicts: [MADE] }, true],
    ["among others", { verdicts: [FOREIGN, published, MADE] }, true],
    ["only who published it", { verdicts: [published] }, false],
    ["a stranger's bundle", { verdicts: [FOREIGN] }, false],
    ["a broken bundle beside it", { verdicts: [MADE, BROKEN] }, false],
    ["a broken bundle alone", { verdicts: [BROKEN] }, false],
  ])("%s", (_, more, made) => {
    const seen = facts("npm:widget@1.0.0", more);
    const { artifact: one, verdicts, unavailable } = seen;
    const denials = made ? [] : [{ code: "NO_EVIDENCE", message: "nobody says who made it", details: [] }];
    const outcome = made ? "allowed" : "audited";
    expect(watch().judge.decide(seen)).toEqual({ artifact: one, verdicts, unavailable, outcome, layers: [], denials });
  });

  it("a fault of the bytes: there is nothing to hand back, whoever made them", () => {
    const seen = facts("npm:widget@1.0.0", { verdicts: [MADE], faults: [FAULT] });
    expect(watch().judge.decide(seen)).toMatchObject({ outcome: "denied", denials: [FAULT] });
  });

  it("remembers the last that it was told of each artifact", () => {
    const watching = watch();
    const told = () => watching.facts();
    expect(told()).toEqual([]);
    const one = facts("npm:widget@1.0.0");
    const later = { ...one, verdicts: [MADE] };
    const other = facts("npm:other@1.0.0");
    for (const fact of [one, other, later]) watching.judge.decide(fact);
    expect(told()).toEqual([later, other]);
  });
});
