import { appendWhole } from "../../src/io/files.ts";
import { decisionLog } from "../../src/report/log.ts";
import { temporaryFolder } from "../support/folder.ts";
import { sampleReport } from "../support/report.ts";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const NOW = new Date("2026-11-21T12:00:00Z");
const lines = (text: string) =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe("decision log", () => {
  it("each line says what was decided, by which rule of which policy, on which evidence", () => {
    const [forked, gadget, widget] = lines(decisionLog(sampleReport(), { now: NOW, version: "1.2.3" }));
    expect(forked).toMatchObject({ outcome: "denied", package: null, location: "node_modules/forked" });
    expect(widget).toMatchObject({
      schemaVersion: 1,
      time: "2026-11-21T12:00:00.000Z",
      tool: "safe-install 1.2.3",
      command: "npm ci",
      package: "pkg:npm/widget@1.0.0",
      outcome: "allowed",
      ground: "signed",
      layers: [
        {
          policy: ".signing-policy.json",
          policyDigest: `sha256:${"0".repeat(64)}`,
          rule: "rules[0] npm:widget",
          ground: { kind: "signed", signers: ["widget"] },
        },
      ],
      evidence: [{ source: "registry", status: "verified", bundle: expect.stringMatching(/^sha256:/) }],
    });
    expect(gadget).toMatchObject({ outcome: "denied", denials: [{ code: "UNTRUSTED_SIGNER" }] });
  });

  it("runs that write at the same time do not tear each other's lines", async () => {
    const file = join(temporaryFolder(), "decisions.jsonl");
    const text = decisionLog(sampleReport(), { now: NOW, version: "1.2.3" }).repeat(400);
    await Promise.all(Array.from({ length: 8 }, () => appendWhole(file, text)));
    expect(lines(readFileSync(file, "utf8"))).toHaveLength(8 * 400 * 3);
  });

  it("a log that cannot be written stops the run", async () => {
    const taken = join(temporaryFolder(), "taken");
    writeFileSync(taken, "");
    await expect(appendWhole(join(taken, "log.jsonl"), "x")).rejects.toMatchObject({
      kind: "unavailable",
      code: "LOG_UNWRITABLE",
    });
  });
});
