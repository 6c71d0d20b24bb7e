import { surveyPart } from "../../src/author/survey.ts";
import { sightingsOf } from "../../src/author/propose/sighting.ts";
import { standingOf } from "../../src/author/propose/standing.ts";
import { silent } from "../../src/gate/progress.ts";
import type { Artifact } from "../../src/model/artifact.ts";
import { type Digest, parseDigest } from "../../src/model/digest.ts";
import type { Runtime } from "../../src/runtime.ts";
import { temporaryFolder } from "../support/folder.ts";
import { testHost } from "../support/npm-session.ts";
import { part } from "../support/part.ts";
import { artifact, layer, NOW, SHA256, SHA512 } from "../support/policy.ts";
import { createHash } from "node:crypto";
import { expect, it } from "vitest";

const RECORDED = { file: "r.json", reason: "r", expires: "2099-01-01" };
const POLICY = { recorded: RECORDED, rules: [{ packages: ["pypi:*"], unsigned: "recorded" }] };
const CONTENT = Buffer.from("bytes");
const SHA256_OF = `sha256:${createHash("sha256").update(CONTENT).digest("hex")}`;

/** How a version stands that is recorded by SHA-256, and that the lock states by SHA-512. */
async function statusOf(recorded: string): Promise<string | undefined> {
  const digests = [parseDigest(SHA512) as Digest];
  const one: Artifact = { ...artifact("pypi:widget@1.0"), digests };
  const layers = [layer(POLICY, { recordedPackages: { "pkg:pypi/widget@1.0": [recorded] } })];
  const footing = { layers, roots: [], keys: [], notary: [], repositoryRoot: "/", baseline: [] };
  const held = part({ artifacts: [one], obtain: async () => ({ digests, read: async () => CONTENT }) });
  const home = temporaryFolder();
  const means = { runtime: { cwd: home } as Runtime, host: testHost({ home }), progress: silent };
  const { facts } = await surveyPart(held, footing, means);
  const [sighting] = sightingsOf(facts, new Map());
  return sighting === undefined ? undefined : standingOf(sighting, layers, NOW).status;
}

it("a recorded version stated in another algorithm is compared by its bytes: no new version", async () => {
  expect(await statusOf(SHA256)).toBe("broken");
  expect(await statusOf(SHA256_OF)).toBe("held");
});
