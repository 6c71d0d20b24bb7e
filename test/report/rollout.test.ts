import type { Decision } from "../../src/model/decision.ts";
import type { ExceptionFigure } from "../../src/model/report.ts";
import { decide } from "../../src/policy/decide.ts";
import { exceptionFigures } from "../../src/policy/exceptions.ts";
import { rolloutLines, shares } from "../../src/report/rollout.ts";
import { facts, layer, NOW, SHA512 } from "../support/policy.ts";
import { allowed, denied, sampleReport } from "../support/report.ts";
import { describe, expect, it } from "vitest";

const project = (decisions: readonly Decision[], exceptions: readonly ExceptionFigure[] = []) => {
  const [one] = sampleReport({ decisions, exceptions, unbound: [] }).projects;
  if (one === undefined) throw new Error("no project");
  return one;
};
const many = (count: number, one: (name: string) => Decision) =>
  Array.from({ length: count }, (_, at) => one(`p${at}`));

const exception = (name: string, more: object = {}) => ({
  package: `pkg:npm/${name}@1.0.0`,
  digests: [SHA512],
  excuses: ["NO_RULE"],
  reason: "agreed",
  expires: "2026-12-01",
  ...more,
});

describe("roll-out", () => {
  it("shares of each ground", () => {
    expect(shares(project([...many(2, allowed), denied("x", "NO_RULE")]))).toMatchObject({
      signed: 0.6667,
      denied: 0.3333,
      recorded: 0,
    });
    expect(shares(project([])).signed).toBe(0);
  });

  it("says how far it is and what stands in the way, most frequent first", () => {
    const decisions = [
      allowed("a"),
      denied("b", "NO_RULE", "audited"),
      denied("c", "NO_EVIDENCE"),
      denied("d", "NO_EVIDENCE", "audited"),
    ];
    expect(rolloutLines(project(decisions))).toEqual([
      "  roll-out: 25 % of the packages by their pinned publisher",
      "  reasons: 2 NO_EVIDENCE, 1 NO_RULE",
    ]);
  });

  it("has nothing to say where all is done", () => {
    expect(rolloutLines(project(many(3, allowed)))).toEqual([]);
    expect(rolloutLines(project([]))).toEqual([]);
  });

  it.each([
    [999, 1, "99.9 %"],
    [1, 999, "0.1 %"],
    [2999, 1, "99.9 %"],
    [1, 2999, "0.1 %"],
    [1, 2, "33 %"],
  ])("%i of %i more: %s", (signed, others, shown) => {
    const decisions = [...many(signed, allowed), ...many(others, (name) => denied(name, "NO_RULE"))];
    expect(rolloutLines(project(decisions))[0]).toContain(`: ${shown} of`);
  });

  it("exceptions by age, expiry and use", () => {
    const layers = [
      layer({
        exceptions: [
          exception("used", { since: "2026-11-01", approvedBy: "security" }),
          exception("elsewhere", { since: "2026-11-21", expires: "2026-11-22" }),
          exception("over", { expires: "2026-11-21" }),
        ],
      }),
    ];
    const decisions = [decide(layers, facts("npm:used@1.0.0"), NOW), decide(layers, facts("npm:over@1.0.0"), NOW)];
    const figures = exceptionFigures(layers, decisions, NOW);
    const { policy, excuses } = { policy: ".signing-policy.json", excuses: ["NO_RULE"] };
    expect(figures).toEqual([
      {
        policy,
        excuses,
        package: "pkg:npm/used@1.0.0",
        approvedBy: "security",
        since: "2026-11-01",
        ageDays: 20,
        expires: "2026-12-01",
        daysLeft: 10,
        uses: 1,
      },
      {
        policy,
        excuses,
        package: "pkg:npm/elsewhere@1.0.0",
        approvedBy: null,
        since: "2026-11-21",
        ageDays: 0,
        expires: "2026-11-22",
        daysLeft: 1,
        uses: 0,
      },
      expect.objectContaining({ package: "pkg:npm/over@1.0.0", ageDays: null, daysLeft: 0, uses: 0 }),
    ]);
    expect(rolloutLines(project([allowed("a")], figures))).toEqual([
      "  3 exceptions: the oldest since 2026-11-01; the next to end: pkg:npm/elsewhere@1.0.0 on 2026-11-22; 1 expired; 1 without effect here",
    ]);
  });

  it("a day that is none is refused", () => {
    expect(() => layer({ exceptions: [exception("x", { since: "2026-02-30" })] })).toThrow(/2026-02-30/);
  });
});
