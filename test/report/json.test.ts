import { json, toJson } from "../../src/report/json.ts";
import { JsonReport } from "../../src/report/json-schema.ts";
import { allowed, sampleReport } from "../support/report.ts";
import { safeParse, strictObject } from "valibot";
import { describe, expect, it } from "vitest";

const MADE = { version: "1.2.3", now: new Date("2026-11-29T12:00:00Z") };

describe("json", () => {
  it("has the published shape, and nothing beside it", () => {
    const strict = strictObject(JsonReport.entries);
    expect(safeParse(strict, JSON.parse(json(sampleReport(), MADE))).issues).toBeUndefined();
  });

  it("counts what a roll-out needs", () => {
    const report = toJson(sampleReport({ decisions: [allowed("a"), allowed("b")] }), MADE);
    expect(report.projects[0]?.summary).toEqual({
      text: "2 packages: 2 publisher verified",
      packages: 2,
      unbound: 1,
      grounds: { signed: 2, baseline: 0, recorded: 0, archive: 0, unsigned: 0, excepted: 0, audited: 0, denied: 0 },
      shares: { signed: 1, baseline: 0, recorded: 0, archive: 0, unsigned: 0, excepted: 0, audited: 0, denied: 0 },
      exceptions: [],
      endings: [],
      signers: [
        {
          kind: "certificate",
          signer: "a certificate without a name",
          issuer: null,
          repository: null,
          refs: [],
          packages: ["pkg:npm/a@1.0.0", "pkg:npm/b@1.0.0"],
          looks: [],
        },
      ],
      denials: { GIT_DEPENDENCY: 1 },
      notGated: { workspace: 1 },
    });
  });

  it("keeps values as they are: escaping is JSON's", () => {
    const report = toJson(sampleReport(), MADE);
    expect(report.projects[0]?.packages[0]?.denials[0]?.details[0]?.found).toBe("mallory/\u001b[2Jgadget");
  });
});
