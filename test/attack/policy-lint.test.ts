/** A policy that lets in more than it seems to: `policy lint` says so, and does not end in 0. */
import { safeInstall } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const GITHUB = {
  repository: "acme/widget",
  workflow: ".github/workflows/release.yml",
  ref: "refs/tags/v{version}",
  trigger: "push",
  repositoryId: "1",
  ownerId: "2",
};
const CERTIFICATE = {
  issuer: "https://token.actions.githubusercontent.com",
  sourceRepositoryURI: "https://github.com/acme/widget",
  sourceRepositoryRef: "refs/heads/main",
};
const WIDE = { packages: ["npm:@acme/*"], signedBy: ["w"] };
const INNER = { packages: ["npm:@acme/x"], unsigned: "allow", reason: "r", expires: "2099-01-01" };
const by = (signer: object, ...rules: readonly object[]) => ({ signers: { w: signer }, rules: [WIDE, ...rules] });
const github = (more: object, ...rules: readonly object[]) => by({ githubActions: { ...GITHUB, ...more } }, ...rules);
const certificate = (more: object) => by({ certificate: { ...CERTIFICATE, ...more } });

const OPEN: Readonly<Record<string, readonly [rule: string, policy: object]>> = {
  "any tag that begins with v": ["any-tag", github({ ref: "refs/tags/v*" })],
  "any tag that ends with the version": ["wide-tag", github({ ref: "refs/tags/*{version}" })],
  "one tag for all versions": ["fixed-tag", github({ ref: "refs/tags/v1" })],
  "another owner's workflow at a branch": [
    "foreign-workflow",
    github({ signerWorkflow: "mallory/build/.github/workflows/b.yml@refs/heads/main" }),
  ],
  pull_request_target: ["outside-trigger", certificate({ buildTrigger: "pull_request_target" })],
  repository_dispatch: ["outside-trigger", github({ trigger: "repository_dispatch" })],
  "a certificate without trigger": ["any-trigger", certificate({})],
  "a runner of one's own": ["self-hosted", certificate({ buildTrigger: "push", runnerEnvironment: "self-hosted" })],
  "a baseline for a scope that has a signer": [
    "baseline-beside",
    {
      signers: { w: { githubActions: GITHUB }, npmjs: { npmRegistry: "https://registry.example" } },
      rules: [
        { packages: ["npm:@acme/*"], baseline: ["npmjs"] },
        { packages: ["npm:@acme/x"], signedBy: ["w"] },
      ],
    },
  ],
  "a weaker rule for one name of the scope": ["weaker-inside", github({}, INNER)],
  "a weaker rule for some versions": [
    "weaker-inside",
    {
      signers: { w: { githubActions: GITHUB } },
      rules: [
        { ...WIDE, versions: "<2" },
        { ...INNER, packages: ["npm:@acme/*"], versions: ">=2" },
      ],
    },
  ],
  "an end in 9999": ["far-end", github({}, { ...INNER, packages: ["npm:x"], expires: "9999-12-31" })],
  "a policy that only audits": ["audit", { ...github({}), mode: "audit" }],
  "a rule that only audits": ["audit", github({}, { packages: ["npm:x"], signedBy: ["w"], mode: "audit" })],
  "--audit on the command line": ["audit", { ...github({}), commandLine: { audit: true } }],
  "install scripts of everything": ["all-scripts", { ...github({}), scripts: "all" }],
  "a signed SBOM for provenance": [
    "no-provenance",
    github({}, { packages: ["npm:x"], signedBy: ["w"], predicateTypes: ["https://spdx.dev/Document"] }),
  ],
  "a letter of another script": [
    "strange-letter",
    certificate({ buildTrigger: "push", sourceRepositoryURI: "https://github.com/\u0430cme/widget" }),
  ],
  "a letter without width": ["strange-letter", github({ workflow: ".github/workflows/\u200brelease.yml" })],
  "a revoked run where no evidence is asked for": [
    "revoked-unseen",
    { ...github({}, { ...INNER, packages: ["npm:x"] }), revoked: [{ run: "https://ci.example/1", reason: "r" }] },
  ],
};

test.each(Object.entries(OPEN))("%s", async (_, [rule, policy]) => {
  const [cwd, home] = [temporaryFolder(), temporaryFolder()];
  writeFileSync(join(cwd, ".signing-policy.json"), JSON.stringify({ version: 1, ...policy }));
  const { exit, stdout } = await safeInstall(["policy", "lint"], { cwd, home });
  expect({ exit, stdout }).toEqual({ exit: 78, stdout: expect.stringContaining(`  ${rule}\n`) });
});
