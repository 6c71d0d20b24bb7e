import { layRepository } from "../support/repository.ts";
import { decide } from "../../src/policy/decide.ts";
import { loadLayers } from "../../src/project/policy-file.ts";
import { loadTrustRoot } from "../../src/project/trust.ts";
import { temporaryFolder } from "../support/folder.ts";
import { facts, layer, NOW, SHA512 } from "../support/policy.ts";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

it("$schema, approvedBy and since are words for people and editors: they change nothing", () => {
  const exception = {
    package: "pkg:npm/left-pad@1.3.0",
    digests: [SHA512],
    excuses: ["NO_RULE"],
    reason: "reviewed",
    expires: "2999-01-01",
  };
  const plain = layer({ exceptions: [exception] });
  const worded = layer({
    $schema: "./node_modules/safe-install/signing-policy.schema.json",
    exceptions: [{ ...exception, approvedBy: "platform-security", since: "2026-11-01" }],
  });
  const decided = [plain, worded].map((one) => decide([one], facts("npm:left-pad@1.3.0"), NOW));
  expect(decided[0]).toEqual(decided[1]);
  expect(decided[0]?.outcome).toBe("allowed");
});

it.each([
  [
    "pypi",
    { integrity: "https://pypi.example/integrity" },
    { kind: "integrity", url: "https://pypi.example/integrity" },
  ],
  ["nuget", { companion: "{id}.Sigstore" }, { kind: "companion", template: "{id}.Sigstore" }],
  ["npm", { github: true }, { kind: "github" }],
  ["npm", { beside: true }, { kind: "beside" }],
] as const)("a source of %s: %j", async (ecosystem, source, expected) => {
  const project = temporaryFolder();
  layRepository(project);
  writeFileSync(
    join(project, ".signing-policy.json"),
    JSON.stringify({ version: 1, sources: { [ecosystem]: [source] } }),
  );
  const { layers } = await loadLayers({ project, loadTrustRoot });
  expect(layers[0]?.sources[ecosystem]).toEqual([expected]);
});
