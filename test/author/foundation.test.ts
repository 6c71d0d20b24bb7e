import { parseAsked } from "../../src/author/arguments.ts";
import { findFoundation } from "../../src/author/foundation.ts";
import type { Runtime } from "../../src/runtime.ts";
import { temporaryFolder } from "../support/folder.ts";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const SIGNERS = {
  npmjs: { npmRegistry: "https://npm.example" },
  feed: { nugetSignature: { kind: "repository", fingerprints: [`sha256:${"a".repeat(64)}`] } },
};
const RECORDED = { file: "r.json", reason: "r", expires: "2027-05-01" };
const NPM = { packages: ["npm:*"], baseline: ["npmjs"] };
const NUGET = { packages: ["nuget:*"], baseline: ["feed"] };

async function baseline(policy: object | null, args: readonly string[] = []) {
  const cwd = temporaryFolder();
  if (policy !== null) writeFileSync(join(cwd, ".signing-policy.json"), JSON.stringify({ version: 1, ...policy }));
  writeFileSync(join(cwd, "r.json"), JSON.stringify({ version: 1, packages: {} }));
  const found = await findFoundation(parseAsked(args, ["record"], "init"), { cwd } as unknown as Runtime);
  return found.baseline;
}

describe("whether what nobody signs rests on the registry's own signature", () => {
  it.each([
    ["a first policy", null, ["nuget", "npm"]],
    ["one that has chosen it for both", { signers: SIGNERS, rules: [NPM, NUGET] }, ["nuget", "npm"]],
    ["one that is silent about the other", { signers: { npmjs: SIGNERS.npmjs }, rules: [NPM] }, ["nuget", "npm"]],
    [
      "one that records the other's bytes",
      {
        signers: { npmjs: SIGNERS.npmjs },
        rules: [NPM, { packages: ["nuget:*"], unsigned: "recorded" }],
        recorded: RECORDED,
      },
      ["npm"],
    ],
    ["one that records", { rules: [{ packages: ["npm:*"], unsigned: "recorded" }], recorded: RECORDED }, []],
  ])("%s", async (_, policy, expected) => {
    expect((await baseline(policy)).toSorted()).toEqual([...expected].toSorted());
  });

  it("--record: nothing does", async () => {
    expect(await baseline(null, ["--record"])).toEqual([]);
  });
});
