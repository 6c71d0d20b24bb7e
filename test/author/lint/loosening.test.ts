/** Every member of the schema that can loosen has a policy here in which lint says so; one without an entry is an error. */
import { lint } from "../../../src/author/lint/index.ts";
import { PolicySchema } from "../../../src/policy/schema/index.ts";
import { layer, NOW } from "../../support/policy.ts";
import { toJsonSchema } from "@valibot/to-json-schema";
import { describe, expect, it } from "vitest";

const GITHUB = {
  repository: "acme/widget",
  workflow: ".github/workflows/release.yml",
  ref: "refs/tags/v{version}",
  trigger: "push",
  repositoryId: "1",
  ownerId: "2",
};
const GITLAB = { project: "acme/widget", ref: "refs/tags/v{version}", trigger: "push" };
const AZURE = { organizationId: "11111111-2222-3333-4444-555555555555", projectId: "p", definitionId: "42" };
const ISSUER = "https://token.actions.githubusercontent.com";
const CERTIFICATE = { issuer: ISSUER, sourceRepositoryURI: "https://github.com/acme/widget" };
const NOTARY = { trustStore: ["root.pem"], identities: ["x509.subject: C=US, O=Contoso"] };
const SIGNED = { packages: ["npm:@acme/*"], signedBy: ["w"] };

const rules = (...all: object[]) => ({ rules: all });
const by = (signer: object, rule: object = SIGNED) => ({ signers: { w: signer }, rules: [rule] });
const github = (more: object) => by({ githubActions: { ...GITHUB, ...more } });
const gitlab = (more: object) => by({ gitlab: { ...GITLAB, ...more } });
const certificate = (more: object) => by({ certificate: { ...CERTIFICATE, ...more } });
const ALLOW = { packages: ["npm:x"], unsigned: "allow", reason: "r", expires: "2026-12-31" };
const ARCHIVE = { sha512: "", reason: "r", expires: "2026-12-31" };
const RECORDED = { file: "r.json", reason: "r", expires: "2026-12-31" };

/** Finding -> policies that have it. */
type Loose = readonly (readonly [rule: string, policy: object])[];
/** Says less, or nothing of what is let in. */
const NARROWS = "narrows";

const SOURCES = Object.fromEntries(
  ["npm", "pypi", "nuget"].flatMap((ecosystem) =>
    "url attestations directory companion integrity github beside"
      .split(" ")
      .map((kind) => [`sources.${ecosystem}[].${kind}`, NARROWS]),
  ),
);
const CERTIFICATES = Object.fromEntries(
  "buildSignerURI buildSignerDigest sourceRepositoryDigest sourceRepositoryIdentifier sourceRepositoryOwnerURI sourceRepositoryOwnerIdentifier buildConfigDigest runInvocationURI sourceRepositoryVisibilityAtSigning deploymentEnvironment tokenSubject"
    .split(" ")
    .map((claim) => [`signers.*.certificate.${claim}`, NARROWS]),
);

const MEMBERS: Readonly<Record<string, Loose | typeof NARROWS>> = {
  $schema: NARROWS,
  version: NARROWS,
  mode: [["audit", { mode: "audit" }]],
  "trust.*.trustedRoot": NARROWS,
  "trust.*.tlog": [["no-log", { trust: { t: { trustedRoot: "r", tlog: 0 } } }]],
  "trust.*.sct": [["no-log", { trust: { t: { trustedRoot: "r", sct: 0 } } }]],
  "trust.*.timestamps": NARROWS,
  "trust.*.tuf.mirror": NARROWS,
  "trust.*.tuf.root": NARROWS,
  "trust.*.maxAge": NARROWS,
  "signers.*.githubActions.repository": [["strange-letter", github({ repository: "аcme/widget" })]],
  "signers.*.githubActions.workflow": [
    ["any-workflow", github({ workflow: ".github/workflows/*" })],
    ["strange-letter", github({ workflow: ".github/workflows/\u200brelease.yml" })],
  ],
  "signers.*.githubActions.ref": [
    ["any-tag", github({ ref: "refs/tags/v*" })],
    ["any-tag", github({ ref: "refs/tags/*" })],
    ["wide-tag", github({ ref: "refs/tags/*{version}" })],
    ["fixed-tag", github({ ref: "refs/tags/latest" })],
    ["any-branch", github({ ref: "refs/heads/*" })],
  ],
  "signers.*.githubActions.enterprise": NARROWS,
  "signers.*.githubActions.environment": NARROWS,
  "signers.*.githubActions.runner": [["self-hosted", github({ runner: "self-hosted" })]],
  "signers.*.githubActions.trigger": [
    ["outside-trigger", github({ trigger: "pull_request_target" })],
    ["outside-trigger", github({ trigger: ["push", "repository_dispatch"] })],
    ["any-trigger", by({ githubActions: { repository: "acme/widget", ref: "refs/heads/main" } })],
  ],
  "signers.*.githubActions.repositoryId": NARROWS,
  "signers.*.githubActions.ownerId": NARROWS,
  "signers.*.githubActions.signerWorkflow": [
    ["foreign-workflow", github({ signerWorkflow: "mallory/build/.github/workflows/b.yml@refs/heads/main" })],
  ],
  "signers.*.gitlab.project": [["strange-letter", gitlab({ project: "acme/widgеt" })]],
  "signers.*.gitlab.configPath": NARROWS,
  "signers.*.gitlab.ref": [
    ["any-tag", gitlab({ ref: "refs/tags/v*" })],
    ["fixed-tag", gitlab({ ref: "refs/tags/v1" })],
  ],
  "signers.*.gitlab.environment": NARROWS,
  "signers.*.gitlab.runner": [["self-hosted", gitlab({ runner: "self-hosted" })]],
  "signers.*.gitlab.trigger": [["outside-trigger", gitlab({ trigger: "pull_request" })]],
  "signers.*.gitlab.projectId": NARROWS,
  "signers.*.gitlab.namespaceId": NARROWS,
  "signers.*.azurePipelines.organizationId": NARROWS,
  "signers.*.azurePipelines.projectId": NARROWS,
  "signers.*.azurePipelines.definitionId": NARROWS,
  "signers.*.azurePipelines.ref": [["fixed-tag", by({ azurePipelines: { ...AZURE, ref: "refs/tags/v1" } })]],
  "signers.*.azurePipelines.tenantId": NARROWS,
  "signers.*.azurePipelines.serviceConnectionId": NARROWS,
  "signers.*.certificate.issuer": [["any-ref", certificate({})]],
  "signers.*.certificate.subjectAlternativeName": [
    ["strange-letter", certificate({ subjectAlternativeName: "https://github.com/аcme" })],
  ],
  "signers.*.certificate.runnerEnvironment": [["self-hosted", certificate({ runnerEnvironment: "self-hosted" })]],
  "signers.*.certificate.sourceRepositoryURI": [
    ["strange-letter", certificate({ sourceRepositoryURI: "https://github.com/acme/widget\u200d" })],
  ],
  "signers.*.certificate.sourceRepositoryRef": [["fixed-tag", certificate({ sourceRepositoryRef: "refs/tags/v1" })]],
  "signers.*.certificate.buildConfigURI": NARROWS,
  "signers.*.certificate.buildTrigger": [
    ["outside-trigger", certificate({ buildTrigger: "pull_request_target" })],
    ["any-trigger", certificate({ sourceRepositoryRef: "refs/heads/main" })],
  ],
  ...CERTIFICATES,
  "signers.*.publicKey.files": NARROWS,
  "signers.*.publicKey.tlog": [["no-log", by({ publicKey: { files: ["k.pem"], tlog: 0 } })]],
  "signers.*.npmRegistry": NARROWS,
  "signers.*.nugetSignature.kind": NARROWS,
  "signers.*.nugetSignature.fingerprints": NARROWS,
  "signers.*.nugetSignature.subject": NARROWS,
  "signers.*.nugetSignature.issuer.subject": NARROWS,
  "signers.*.nugetSignature.issuer.fingerprints": NARROWS,
  "signers.*.nugetSignature.policies": NARROWS,
  "signers.*.notary.trustStore": NARROWS,
  "signers.*.notary.type": NARROWS,
  "signers.*.notary.tsa": NARROWS,
  "signers.*.notary.identities": NARROWS,
  "signers.*.notary.level": [["notary-level", by({ notary: { ...NOTARY, level: "permissive" } })]],
  "signers.*.notary.timestamp": NARROWS,
  "signers.*.trust": NARROWS,
  ...SOURCES,
  "registries.npm": [["further-registry", { registries: { npm: ["https://a.example"] } }]],
  "registries.pypi": [["further-registry", { registries: { pypi: ["https://a.example"] } }]],
  "registries.nuget": [["further-registry", { registries: { nuget: ["https://a.example"] } }]],
  "rules[].packages": [
    ["weaker-inside", rules(SIGNED, { ...ALLOW, packages: ["npm:@acme/x"] })],
    ["weaker-inside", rules(SIGNED, { packages: ["npm:@acme/x*"], baseline: ["n"] })],
    ["wide-allow", rules({ ...ALLOW, packages: ["npm:*"] })],
    ["strange-letter", rules({ packages: ["npm:wіdget"], signedBy: ["w"] })],
  ],
  "rules[].versions": [
    ["weaker-inside", rules({ ...SIGNED, versions: "<2" }, { ...ALLOW, packages: ["npm:@acme/*"], versions: ">=2" })],
  ],
  "rules[].signedBy": [["wide-signer", rules({ packages: ["npm:*"], signedBy: ["w"] })]],
  "rules[].baseline": [
    ["wide-baseline", rules({ packages: ["npm:*"], baseline: ["n"] })],
    [
      "baseline-beside",
      rules({ packages: ["npm:@acme/*"], baseline: ["n"] }, { ...SIGNED, packages: ["npm:@acme/x"] }),
    ],
  ],
  "rules[].unsigned": [["wide-allow", rules({ ...ALLOW, packages: ["npm:x*"] })]],
  "rules[].count": [["weaker-inside", rules({ ...SIGNED, count: 2 }, { ...SIGNED, packages: ["npm:@acme/x"] })]],
  "rules[].provenance.builder": [
    ["weaker-inside", rules({ ...SIGNED, provenance: { builder: "b" } }, { ...SIGNED, packages: ["npm:@acme/x"] })],
  ],
  "rules[].provenance.buildType": NARROWS,
  "rules[].provenance.repository": [
    [
      "weaker-inside",
      rules(
        { ...SIGNED, provenance: { builder: "b", repository: "r" } },
        { ...SIGNED, packages: ["npm:@acme/x"], provenance: { builder: "b" } },
      ),
    ],
  ],
  "rules[].provenance.commit": NARROWS,
  "rules[].provenance.entryPoint": NARROWS,
  "rules[].provenance.parameters.*": NARROWS,
  "rules[].slsa.buildLevel": [
    ["weaker-inside", rules({ ...SIGNED, slsa: { buildLevel: 3 } }, { ...SIGNED, packages: ["npm:@acme/x"] })],
    [
      "weaker-inside",
      rules({ ...SIGNED, slsa: { buildLevel: 3 } }, { ...SIGNED, packages: ["npm:@acme/x"], slsa: { buildLevel: 2 } }),
    ],
  ],
  "rules[].slsa.builders": [
    [
      "weaker-inside",
      rules(
        { ...SIGNED, slsa: { buildLevel: 2, builders: "known" } },
        { ...SIGNED, packages: ["npm:@acme/x"], slsa: { buildLevel: 2 } },
      ),
    ],
  ],
  "rules[].vsa.verifier": [
    ["weaker-inside", rules({ ...SIGNED, vsa: { verifier: "v" } }, { ...SIGNED, packages: ["npm:@acme/x"] })],
  ],
  "rules[].vsa.levels": NARROWS,
  "rules[].vsa.policyDigest": NARROWS,
  "rules[].attestations": [
    ["weaker-inside", rules({ ...SIGNED, attestations: ["t"] }, { ...SIGNED, packages: ["npm:@acme/x"] })],
  ],
  "rules[].predicateTypes": [
    ["no-provenance", rules({ ...SIGNED, predicateTypes: ["https://spdx.dev/Document"] })],
    ["no-provenance", rules({ ...SIGNED, predicateTypes: ["https://cyclonedx.org/bom"] })],
  ],
  "rules[].minimumAge": [
    ["weaker-inside", rules({ ...SIGNED, minimumAge: "72h" }, { ...SIGNED, packages: ["npm:@acme/x"] })],
  ],
  "rules[].mode": [["audit", rules({ ...SIGNED, mode: "audit" })]],
  "rules[].reason": NARROWS,
  "rules[].expires": [["far-end", rules({ ...ALLOW, expires: "9999-12-31" })]],
  "recorded.file": NARROWS,
  "recorded.reason": NARROWS,
  "recorded.expires": [["far-end", { recorded: { ...RECORDED, expires: "9999-12-31" } }]],
  "exceptions[].package": NARROWS,
  "exceptions[].digests": NARROWS,
  "exceptions[].excuses": NARROWS,
  "exceptions[].reason": NARROWS,
  "exceptions[].approvedBy": NARROWS,
  "exceptions[].since": NARROWS,
  "exceptions[].expires": [
    [
      "far-end",
      { exceptions: [{ package: "pkg:npm/x@1.0.0", digests: [], excuses: [], reason: "r", expires: "9999-12-31" }] },
    ],
  ],
  "archives[].url": [
    ["archive", { archives: [{ ...ARCHIVE, url: "https://a.example/x.tgz" }] }],
    ["strange-letter", { archives: [{ ...ARCHIVE, url: "https://\u0430.example/x.tgz" }] }],
  ],
  "archives[].path": [["archive", { archives: [{ ...ARCHIVE, path: "vendor/x.tgz" }] }]],
  "archives[].sha512": NARROWS,
  "archives[].reason": NARROWS,
  "archives[].expires": [["far-end", { archives: [{ ...ARCHIVE, url: "u", expires: "9999-12-31" }] }]],
  "revoked[].run": [["revoked-unseen", { revoked: [{ run: "https://ci.example/1", reason: "r" }], rules: [ALLOW] }]],
  "revoked[].signer": [["revoked-unseen", { revoked: [{ signer: "w", reason: "r" }], rules: [ALLOW] }]],
  "revoked[].signedFrom": NARROWS,
  "revoked[].signedUntil": NARROWS,
  "revoked[].package": NARROWS,
  "revoked[].digest": NARROWS,
  "revoked[].reason": NARROWS,
  scripts: [["all-scripts", { scripts: "all" }]],
  "commandLine.audit": [["audit", { commandLine: { audit: true } }]],
};

type Schema = {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
};
function membersOf(schema: Schema, at = ""): readonly string[] {
  const { properties, additionalProperties: any, items } = schema;
  if (properties !== undefined)
    return Object.entries(properties).flatMap(([key, one]) => membersOf(one, at === "" ? key : `${at}.${key}`));
  if (typeof any === "object") return membersOf(any, `${at}.*`);
  return items?.properties === undefined ? [at] : membersOf(items, `${at}[]`);
}

it("every member of the schema has its entry", () => {
  const schema = toJsonSchema(PolicySchema, { errorMode: "ignore" }) as Schema;
  expect(Object.keys(MEMBERS).toSorted()).toEqual([...membersOf(schema)].toSorted());
});

const LOOSE = Object.entries(MEMBERS).flatMap(([member, loose]) =>
  loose === NARROWS ? [] : loose.map(([rule, policy]) => [member, rule, policy] as const),
);
const QUIET = ["further-registry", "wide-baseline", "no-log", "archive"];

/** Past the parser: signers that a rule names need not be there, and what it refuses too is no reason to say nothing. */
const found = (policy: object) => lint({ ...layer({}), policy: { version: 1, ...policy } }, null, NOW);

describe("what loosens is said, and does not end in 0", () => {
  it.each(LOOSE)("%s: %s", (_, rule, policy) => {
    const said = found(policy).filter((one) => one.rule === rule);
    expect(said.length).toBeGreaterThan(0);
    if (!QUIET.includes(rule)) expect(said.map(({ level }) => level)).not.toContain("note");
  });
});

describe("what does not loosen is not complained of", () => {
  it.each([
    [
      "older versions that are recorded or signed by nobody",
      rules({ ...SIGNED, versions: ">=2" }, { ...ALLOW, packages: ["npm:@acme/*"], versions: "<2" }),
    ],
    ["recorded bytes inside of a scope", rules(SIGNED, { packages: ["npm:@acme/x"], unsigned: "recorded" })],
    ["a baseline for all, names with signers", rules({ packages: ["npm:*"], baseline: ["n"] }, SIGNED)],
    [
      "a run that is revoked with its package",
      {
        revoked: [
          { run: "u", reason: "r" },
          { package: "pkg:npm/x@1.0.0", reason: "r" },
        ],
        rules: [ALLOW],
      },
    ],
    [
      "a tag for the one version of its rule",
      by({ githubActions: { ...GITHUB, ref: "refs/tags/v1" } }, { ...SIGNED, versions: "1.0.0" }),
    ],
    ["a monorepo's tags", github({ ref: "refs/tags/widget@{version}" })],
  ])("%s", (_, policy) => {
    const rule = /^(?:weaker-inside|baseline-beside|revoked-unseen|fixed-tag|any-tag|wide-tag)$/;
    expect(found(policy).filter((one) => rule.test(one.rule))).toEqual([]);
  });
});
