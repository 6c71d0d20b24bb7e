import { safeInstall } from "../support/cli.ts";
import { REAL_PACKAGES, type RealPackage, corpusText, genuineIntegrity, hasCorpus } from "../support/corpus.ts";
import { temporaryFolder } from "../support/folder.ts";
import { writeProject } from "../support/project.ts";
import { startRegistry } from "../support/registry.ts";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";

interface Case {
  readonly name: string;
  readonly version: string;
  readonly answer: string;
  readonly signer: Readonly<Record<string, unknown>>;
}

/** Serves one real answer and checks a lock that names the genuine digest. */
async function check({ name, version, answer, signer }: Case) {
  const registry = await startRegistry();
  onTestFinished(() => registry.close());
  registry.publish({
    name,
    version,
    integrity: genuineIntegrity(name, version),
    attestations: { status: 200, body: corpusText(answer) },
  });
  const project = join(temporaryFolder(), "project");
  writeProject(project, registry, {
    locked: [{ name, version }],
    policy: {
      version: 1,
      signers: { pinned: { githubActions: signer } },
      rules: [{ packages: [`npm:${name}`], signedBy: ["pinned"] }],
    },
  });
  const { exit, stdout } = await safeInstall(["check", "--report", "json"], { cwd: project, home: temporaryFolder() });
  const report = JSON.parse(stdout) as {
    projects: {
      packages: {
        denials: { code: string; details: { name: string }[] }[];
        evidence: { status: string; code?: string; predicateType?: string }[];
      }[];
    }[];
  };
  const one = report.projects[0]?.packages[0];
  return { exit, codes: one?.denials.map(({ code }) => code), denials: one?.denials, evidence: one?.evidence ?? [] };
}

describe.skipIf(!hasCorpus)("real attestations", () => {
  it.each(REAL_PACKAGES)(
    "$name@$version is let in under its real pipeline, and every bundle of the answer holds",
    async (one) => {
      const { exit, evidence } = await check(one);
      expect({ exit, statuses: new Set(evidence.map(({ status }) => status)) }).toEqual({
        exit: 0,
        statuses: new Set(["verified"]),
      });
    },
  );

  const changed = REAL_PACKAGES.flatMap((one) => Object.keys(one.signer).map((claim) => ({ one, claim })));
  it.each(changed)("$one.name@$one.version is refused with another $claim", async ({ one, claim }) => {
    const { exit, codes, denials } = await check({ ...one, signer: { ...one.signer, [claim]: otherThan(one, claim) } });
    expect({ exit, codes }).toEqual({ exit: 65, codes: ["UNTRUSTED_SIGNER"] });
    expect(denials?.[0]?.details.map(({ name }) => name)).toContain(claim);
  });
});

/** A well-formed value that is nearly the real one. */
function otherThan({ signer }: RealPackage, claim: string): string {
  const real = signer[claim] ?? "";
  if (claim === "runner") return "self-hosted";
  if (claim === "ref") return real.includes("{version}") ? "refs/tags/{version}" : "refs/heads/mai";
  if (claim === "workflow") return real.replace(".yml", ".yaml");
  if (claim === "signerWorkflow") return real.replace("v1.6.0", "v1.6.1");
  if (claim === "repositoryId") return "1";
  if (claim === "trigger") return "pull_request";
  return `${real}-evil`;
}

const PROVENANCE_TEST = {
  repository: "laurentsimon/provenance-npm-test",
  workflow: ".github/workflows/release.yml",
  ref: "refs/heads/main",
};
const SIGSTORE_040 = {
  repository: "sigstore/sigstore-js",
  workflow: ".github/workflows/publish.yml",
  ref: "refs/tags/v{version}",
};
const V105 = { ...PROVENANCE_TEST, workflow: ".github/workflows/release-slsa3.yml" };

/** Folder, package, version, who really signed, and what it is refused for: cryptography speaks before the statement is read. */
const NEGATIVES: readonly (readonly [string, string, string, Readonly<Record<string, unknown>>, string])[] = [
  ["payload-type-edited", "@laurentsimon/provenance-npm-test", "1.0.0", PROVENANCE_TEST, "SIGNATURE_INVALID"],
  ["provenance-predicate-edited", "@laurentsimon/provenance-npm-test", "1.0.5", V105, "LOG_MISMATCH"],
  ["publish-predicate-edited", "@laurentsimon/provenance-npm-test", "1.0.5", V105, "LOG_MISMATCH"],
  ["signature-replaced", "sigstore", "0.4.0", SIGSTORE_040, "BUNDLE_MALFORMED"],
  ["statement-predicate-type-edited", "@laurentsimon/provenance-npm-test", "1.0.0", PROVENANCE_TEST, "LOG_MISMATCH"],
  ["statement-type-edited", "@laurentsimon/provenance-npm-test", "1.0.0", PROVENANCE_TEST, "LOG_MISMATCH"],
  ["subject-digest-edited", "@laurentsimon/provenance-npm-test", "1.0.0", PROVENANCE_TEST, "LOG_MISMATCH"],
  ["subject-digest-missing", "sigstore", "0.4.0", SIGSTORE_040, "LOG_MISMATCH"],
  ["subject-missing", "@laurentsimon/provenance-npm-test", "1.0.0", PROVENANCE_TEST, "LOG_MISMATCH"],
  ["subject-name-edited", "sigstore", "0.4.0", SIGSTORE_040, "LOG_MISMATCH"],
  [
    "wrapper-predicate-type-lies",
    "@laurentsimon/provenance-npm-test",
    "1.0.0",
    PROVENANCE_TEST,
    "PREDICATE_TYPE_MISMATCH",
  ],
];

describe.skipIf(!hasCorpus)("altered attestations: the intact neighbour does not help", () => {
  it.each(NEGATIVES)("%s", async (folder, name, version, signer, expected) => {
    const { exit, codes, evidence } = await check({
      name,
      version,
      signer,
      answer: `npm/negative/${folder}/attestations.json`,
    });
    expect(exit).toBe(66);
    expect(codes?.[0]).toBe(expected);
    expect(evidence.some(({ status }) => status === "broken")).toBe(true);
  });
});
