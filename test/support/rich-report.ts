import type { Claims } from "../../src/model/claims.ts";
import type { Code } from "../../src/model/codes.ts";
import type { Decision, Ground, LayerDecision } from "../../src/model/decision.ts";
import type { ProjectReport, Report } from "../../src/model/report.ts";
import type { EarlierRun } from "../../src/report/earlier/since.ts";
import { attestation } from "./attestation.ts";
import { createHash } from "node:crypto";

/** For tests and pictures of reports: a project as it may be half-way through a roll-out. */
export function richReport(part: Partial<ProjectReport> = {}): Report {
  const decisions = [
    ...signedBy("acme", 41),
    ...signedBy("octo-org", 96),
    ...signedBy("webkit-tools", 63),
    ...["left-pad", "is-odd", "array-flatten", "inherits", "ms", "wrappy"].map((name) => baseline(name)),
    ...Array.from({ length: 38 }, (_, at) => recorded(`recorded-${at + 1}`, at % 13 === 0)),
    excepted("@acme/legacy-build"),
    ...["@evil-fork/react", "colour-names"].map((name) => denied(name, "UNTRUSTED_SIGNER", "octo-org")),
    ...["tiny-invariant", "fresh-tool", "@acme/new-thing"].map((name) => denied(name, "NO_EVIDENCE")),
  ];
  const project: ProjectReport = {
    project: ".",
    lockfile: "package-lock.json",
    root: "/repository",
    policies: [
      { name: ".signing-policy.json", digest: `sha256:${hexOf("policy")}`, mode: "enforce" },
      { name: "packages/app/.signing-policy.json", digest: `sha256:${hexOf("inner")}`, mode: "enforce" },
    ],
    decisions,
    unbound: [
      {
        package: null,
        location: "node_modules/forked",
        denial: {
          code: "GIT_DEPENDENCY",
          message: "a git dependency has no archive that could be proven",
          details: [],
          hint: "publish it, or depend on the released version",
        },
      },
    ],
    notGated: [
      { kind: "workspace", name: "packages/app" },
      { kind: "workspace", name: "packages/site" },
      { kind: "other-platform", name: "node_modules/fsevents" },
    ],
    exceptions: [
      {
        policy: ".signing-policy.json",
        package: "pkg:npm/%40acme/legacy-build@1.0.0",
        excuses: ["NO_EVIDENCE"],
        approvedBy: "security@acme.example",
        since: "2026-09-01",
        ageDays: 89,
        expires: "2026-12-04",
        daysLeft: 5,
        uses: 1,
      },
    ],
    endings: [
      { policy: ".signing-policy.json", what: "rules[2] npm:legacy-*", expires: "2026-12-20", daysLeft: 21 },
      { policy: ".signing-policy.json", what: "recorded .signing-recorded.json", expires: "2027-05-28", daysLeft: 180 },
      { policy: ".signing-policy.json", what: "trust root public-good", expires: "2031-03-01", daysLeft: 1553 },
    ],
    notes: [".signing-policy.json: exceptions[0] expires on 2026-12-04, in less than 7 days"],
    outcome: "denied",
    exit: 66,
    ...part,
  };
  return { command: "check", projects: [project], outcome: project.outcome, exit: project.exit };
}

/** The run before it: some of what is signed now was only known by its hash. */
export function runBefore({ projects: [project] }: Report): EarlierRun {
  const decisions = project?.decisions.slice(8) ?? [];
  return {
    time: "2026-11-20T09:30:00.000Z",
    command: "check",
    exit: 65,
    project: ".",
    lockfile: "package-lock.json",
    isPart: false,
    unbound: [],
    packages: decisions.map(({ artifact, outcome }, at) => ({
      purl: artifact.package.purl,
      ground: outcome === "denied" ? "denied" : at < 30 ? "recorded" : at < 192 ? "signed" : "recorded",
      denials: [],
    })),
  };
}

export function hexOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function signedBy(owner: string, count: number): readonly Decision[] {
  return Array.from({ length: count }, (_, at) => {
    const name = owner === "acme" ? `@acme/widget-${at + 1}` : `${owner}-${at + 1}`;
    const look = owner === "webkit-tools" ? { runnerEnvironment: "self-hosted" } : {};
    return decision(name, { kind: "signed", signers: [owner] }, claimsOf(owner, look), at % 20 === 3);
  });
}

function claimsOf(owner: string, further: Claims = {}): Claims {
  const repository = `https://github.com/${owner}/${owner === "acme" ? "widgets" : "monorepo"}`;
  return {
    issuer: "https://token.actions.githubusercontent.com",
    subjectAlternativeName: `${repository}/.github/workflows/release.yml@refs/tags/v1.0.0`,
    buildSignerURI: `${repository}/.github/workflows/release.yml@refs/tags/v1.0.0`,
    sourceRepositoryURI: repository,
    sourceRepositoryRef: "refs/tags/v1.0.0",
    buildTrigger: "push",
    runnerEnvironment: "github-hosted",
    runInvocationURI: `${repository}/actions/runs/17001234567/attempts/1`,
    ...further,
  };
}

function baseline(name: string): Decision {
  const found = decision(name, { kind: "baseline", signers: ["npmjs"] }, null, false);
  const evidence = { source: "registrySignature", location: `https://npm.example/${name}`, bundle: {} };
  const signer = {
    kind: "key",
    fingerprint: `sha256:${hexOf("npm")}`,
    usage: "npm:signatures",
    registry: "https://npm.example/",
  } as const;
  return {
    ...found,
    verdicts: [{ status: "verified", evidence, attestation: attestation({ signer, predicateType: null }) }],
  };
}

function recorded(name: string, runsScripts: boolean): Decision {
  return decision(name, { kind: "recorded" }, null, runsScripts);
}

function excepted(name: string): Decision {
  const ground = {
    kind: "excepted",
    excuses: ["NO_EVIDENCE"],
    reason: "the old pipeline goes in December",
    expires: "2026-12-04",
  } as const;
  return decision(name, ground, null, true);
}

function denied(name: string, code: Code, owner?: string): Decision {
  const allowed = decision(name, { kind: "recorded" }, owner === undefined ? null : claimsOf(owner), false);
  const denial = {
    code,
    message:
      code === "NO_EVIDENCE"
        ? "the rule asks for a signature and none was found"
        : "signed, but not by a signer that the rule names",
    details: owner === undefined ? [] : [{ name: "repository", expected: "acme/widgets", found: `${owner}/monorepo` }],
    hint: `safe-install policy ${code === "NO_EVIDENCE" ? "pin" : "diff"} npm:${name}`,
  };
  const layers = [
    { layer: ".signing-policy.json", rule: "rules[0] npm:*", outcome: "denied", denials: [denial] },
  ] as const satisfies readonly LayerDecision[];
  return { ...allowed, outcome: "denied", layers, denials: [denial] };
}

function decision(name: string, ground: Ground, claims: Claims | null, runsScripts: boolean): Decision {
  const purl = `pkg:npm/${name.replace("@", "%40")}@1.0.0`;
  const location = `https://npm.example/-/npm/v1/attestations/${name}@1.0.0`;
  return {
    artifact: {
      package: { ecosystem: "npm", name, version: "1.0.0", purl },
      digests: [{ algorithm: "sha512", hex: createHash("sha512").update(name).digest("hex") }],
      locations: [`node_modules/${name}`],
      subjectNames: [purl],
      runsScripts,
      licence: "MIT",
    },
    outcome: "allowed",
    layers: [{ layer: ".signing-policy.json", rule: `rules[0] npm:${name}`, outcome: "allowed", ground }],
    denials: [],
    verdicts:
      claims === null
        ? []
        : [
            {
              status: "verified",
              evidence: { source: "registry", location, bundle: {} },
              attestation: attestation({
                signer: { kind: "certificate", claims },
                bundleDigest: { algorithm: "sha256", hex: hexOf(name) },
              }),
            },
          ],
    unavailable: [],
  };
}
