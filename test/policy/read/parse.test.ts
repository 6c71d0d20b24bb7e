import { ASKABLE } from "../../../src/plugins.ts";
import { INVALID } from "../fixtures.ts";
import { parsePolicy, parseRecorded } from "../../../src/policy/read/parse.ts";
import { PolicyFileError } from "../../../src/policy/read/problem.ts";
import { readFileSync, readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";

const folder = new URL("../../../fixtures/policies/", import.meta.url);
const text = (path: string) => readFileSync(new URL(path, folder), "utf8");

function errorOf(work: () => unknown): PolicyFileError {
  try {
    work();
  } catch (error) {
    if (error instanceof PolicyFileError) return error;
    throw error;
  }
  throw new Error("expected a PolicyFileError");
}

describe("fixtures", () => {
  it.each(readdirSync(new URL("valid/", folder)))("valid/%s", (file) => {
    expect(parsePolicy(text(`valid/${file}`), file, ASKABLE).version).toBe(1);
  });

  it("every invalid one has its message", () => {
    expect(readdirSync(new URL("invalid/", folder)).sort()).toEqual(Object.keys(INVALID).sort());
  });

  it.each(Object.entries(INVALID))("invalid/%s", (file, lines) => {
    const error = errorOf(() => parsePolicy(text(`invalid/${file}`), file, ASKABLE));
    expect(error.message.split("\n")).toEqual(lines.map((line) => `${file}:${line}`));
    expect(error.kind).toBe("policy");
    expect(error.hint).toBeTruthy();
  });
});

const GUID = "11111111-2222-3333-4444-555555555555";
const DIGEST = `sha512:${"a".repeat(128)}`;
const github = { repository: "acme/widget" };
const rule = { packages: ["npm:@acme/*"], signedBy: ["widget"] };
const exception = {
  package: "pkg:npm/left-pad@1.3.0",
  digests: [DIGEST],
  excuses: ["NO_EVIDENCE"],
  reason: "x",
  expires: "2027-01-01",
};
const certificate = { issuer: "https://issuer.example", tokenSubject: "x" };
const recorded = { file: "r.json", reason: "x", expires: "2027-01-01" };

const signer = (is: unknown) => ({ signers: { widget: is } });
const gh = (more: object) => signer({ githubActions: { ...github, ...more } });
const gl = (more: object) => signer({ gitlab: { project: "a/b", ...more } });
const az = (is: object) => signer({ azurePipelines: is });
const cert = (is: object) => signer({ certificate: is });
const ruled = (more: object) => ({ rules: [{ ...rule, ...more }] });
const only = (is: object) => ({ rules: [is] });
const excepted = (more: object) => ({ exceptions: [{ ...exception, ...more }] });
const revoked = (is: object) => ({ revoked: [{ reason: "x", ...is }] });
const baselines = { npmjs: { npmRegistry: "https://npm.example" } };
const feed = (kind: string) => ({ nugetSignature: { kind, fingerprints: [`sha256:${"a".repeat(64)}`] } });

const problemsOf = (change: object) => {
  const policy = { version: 1, signers: { widget: { githubActions: github } }, rules: [rule], ...change };
  return errorOf(() => parsePolicy(JSON.stringify(policy), "p.json", ASKABLE));
};

/** Each way to write a policy that would say more, or less, than its author believes. */
const TUF = { mirror: "https://tuf.example", root: "root.json" };

const REFUSED: readonly (readonly [what: string, change: object, path: string])[] = [
  // nothing where something is meant
  ["null mode", { mode: null }, "mode"],
  ["null signers", { signers: null }, "signers"],
  ["a list for an object", { commandLine: [] }, "commandLine"],
  ["a list for a record", { trust: [] }, "trust"],
  ["an empty list of packages", ruled({ packages: [] }), "rules[0].packages"],
  ["an empty signedBy", ruled({ signedBy: [] }), "rules[0].signedBy"],
  ["null signedBy", ruled({ signedBy: null }), "rules[0].signedBy"],
  ["an empty signer", signer({}), "signers.widget"],
  ["null signer kind", signer({ githubActions: null }), "signers.widget.githubActions"],
  ["an empty githubActions", signer({ githubActions: {} }), "signers.widget.githubActions.repository"],
  ["an empty repository", gh({ repository: "" }), "signers.widget.githubActions.repository"],
  ["null repository", gh({ repository: null }), "signers.widget.githubActions.repository"],
  ["an empty ref", gh({ ref: "" }), "signers.widget.githubActions.ref"],
  ["an empty workflow", gh({ workflow: "" }), "signers.widget.githubActions.workflow"],
  ["an empty environment", gh({ environment: "" }), "signers.widget.githubActions.environment"],
  ["an empty trigger list", gh({ trigger: [] }), "signers.widget.githubActions.trigger"],
  ["an empty issuer", cert({ ...certificate, issuer: "" }), "signers.widget.certificate.issuer"],
  [
    "an empty SAN",
    cert({ ...certificate, subjectAlternativeName: "" }),
    "signers.widget.certificate.subjectAlternativeName",
  ],
  ["an empty provenance", ruled({ provenance: {} }), "rules[0].provenance"],
  ["empty predicateTypes", ruled({ predicateTypes: [] }), "rules[0].predicateTypes"],
  ["an empty predicate type", ruled({ attestations: [""] }), "rules[0].attestations[0]"],
  ["empty versions", ruled({ versions: "" }), "rules[0].versions"],
  ["blank versions", ruled({ versions: "  " }), "rules[0].versions"],
  ["an empty exception", excepted({ digests: [] }), "exceptions[0].digests"],
  ["empty excuses", excepted({ excuses: [] }), "exceptions[0].excuses"],
  ["a blank reason", excepted({ reason: " " }), "exceptions[0].reason"],
  ["an empty revocation", revoked({}), "revoked[0]"],
  // keys
  ["an unknown signer key", gh({ repo: "x" }), "signers.widget.githubActions.repo"],
  [
    "an unknown claim",
    cert({ ...certificate, sourceRepositoryUri: "x" }),
    "signers.widget.certificate.sourceRepositoryUri",
  ],
  ["a key that every object inherits", { toString: 1 }, "toString"],
  ["__proto__", JSON.parse('{"__proto__": {"mode": "audit"}}') as object, "__proto__"],
  [
    "a signer called constructor",
    { signers: { widget: { githubActions: github }, constructor: { githubActions: github } } },
    "signers.constructor",
  ],
  [
    "a signer called prototype",
    { signers: { widget: { githubActions: github }, prototype: { githubActions: github } } },
    "signers.prototype",
  ],
  ["a trust root called prototype", { trust: { prototype: { trustedRoot: "root.json" } } }, "trust.prototype"],
  [
    "a signer's name with a space",
    { signers: { widget: { githubActions: github }, "a b": { githubActions: github } } },
    'signers["a b"]',
  ],
  // identities that would be anybody's
  ["* as repository", gh({ repository: "*" }), "signers.widget.githubActions.repository"],
  ["* as repository's name", gh({ repository: "acme/*" }), "signers.widget.githubActions.repository"],
  [
    "a repository's address",
    gh({ repository: "https://github.com/acme/widget" }),
    "signers.widget.githubActions.repository",
  ],
  ["a repository with a slash more", gh({ repository: "acme/widget/" }), "signers.widget.githubActions.repository"],
  ["dots as repository", gh({ repository: "acme/.." }), "signers.widget.githubActions.repository"],
  ["* as ref", gh({ ref: "*" }), "signers.widget.githubActions.ref"],
  ["refs/* as ref", gh({ ref: "refs/*" }), "signers.widget.githubActions.ref"],
  ["refs/*/x as ref", gh({ ref: "refs/*/main" }), "signers.widget.githubActions.ref"],
  ["a bare branch as ref", gh({ ref: "main" }), "signers.widget.githubActions.ref"],
  ["** in a ref", gh({ ref: "refs/heads/**" }), "signers.widget.githubActions.ref"],
  ["an unknown placeholder in a ref", gh({ ref: "refs/tags/{name}" }), "signers.widget.githubActions.ref"],
  ["* as workflow", gh({ workflow: "*" }), "signers.widget.githubActions.workflow"],
  ["a bare workflow", gh({ workflow: "release.yml" }), "signers.widget.githubActions.workflow"],
  [
    "a workflow with its ref",
    gh({ workflow: ".github/workflows/a.yml@refs/heads/main" }),
    "signers.widget.githubActions.workflow",
  ],
  ["a pattern as environment", gh({ environment: "*" }), "signers.widget.githubActions.environment"],
  ["a pattern as trigger", gh({ trigger: "*" }), "signers.widget.githubActions.trigger"],
  [
    "a pattern as signerWorkflow",
    gh({ signerWorkflow: "acme/b/.github/workflows/*@refs/heads/main" }),
    "signers.widget.githubActions.signerWorkflow",
  ],
  [
    "a signerWorkflow without ref",
    gh({ signerWorkflow: "acme/b/.github/workflows/a.yml" }),
    "signers.widget.githubActions.signerWorkflow",
  ],
  ["an unknown runner", gh({ runner: "hosted" }), "signers.widget.githubActions.runner"],
  ["a number as repositoryId", gh({ repositoryId: 1 }), "signers.widget.githubActions.repositoryId"],
  ["a pattern as project", gl({ project: "group/*" }), "signers.widget.gitlab.project"],
  ["a group as project", gl({ project: "group" }), "signers.widget.gitlab.project"],
  ["a pattern as configPath", gl({ configPath: "*" }), "signers.widget.gitlab.configPath"],
  ["only the organisation", az({ organizationId: GUID }), "signers.widget.azurePipelines"],
  ["a project without definition", az({ organizationId: GUID, projectId: GUID }), "signers.widget.azurePipelines"],
  [
    "both Azure forms",
    az({ organizationId: GUID, projectId: GUID, definitionId: "1", tenantId: GUID, serviceConnectionId: GUID }),
    "signers.widget.azurePipelines",
  ],
  [
    "an upper-case GUID",
    az({ organizationId: GUID.replaceAll("1", "A"), projectId: GUID, definitionId: "1" }),
    "signers.widget.azurePipelines.organizationId",
  ],
  [
    "a ref that the token lacks",
    az({ organizationId: GUID, tenantId: GUID, serviceConnectionId: GUID, ref: "refs/heads/main" }),
    "signers.widget.azurePipelines.ref",
  ],
  ["only an issuer", cert({ issuer: "https://issuer.example" }), "signers.widget.certificate"],
  ["no issuer", cert({ sourceRepositoryURI: "https://code.example/a" }), "signers.widget.certificate.issuer"],
  [
    "GitHub's issuer with a reusable workflow's SAN",
    cert({
      issuer: "https://token.actions.githubusercontent.com",
      subjectAlternativeName: "https://github.com/acme/b/.github/workflows/a.yml@refs/heads/main",
    }),
    "signers.widget.certificate",
  ],
  [
    "an enterprise's issuer with a SAN",
    cert({
      issuer: "https://token.actions.githubusercontent.com/acme",
      subjectAlternativeName: "https://github.com/acme/b/.github/workflows/a.yml@refs/heads/main",
    }),
    "signers.widget.certificate",
  ],
  [
    "GitHub's issuer with a subject that its owner can shape",
    cert({ issuer: "https://token.actions.githubusercontent.com", tokenSubject: "repo:acme/widget" }),
    "signers.widget.certificate",
  ],
  [
    "GitLab's issuer with a SAN",
    cert({
      issuer: "https://gitlab.com",
      subjectAlternativeName: "https://gitlab.com/a/b//.gitlab-ci.yml@refs/heads/main",
    }),
    "signers.widget.certificate",
  ],
  [
    "any issuer with a builder's SAN",
    cert({ issuer: "https://issuer.example", subjectAlternativeName: "https://builder.example/x" }),
    "signers.widget.certificate",
  ],
  [
    "only the owner",
    cert({ issuer: "https://issuer.example", sourceRepositoryOwnerURI: "https://code.example/a" }),
    "signers.widget.certificate",
  ],
  [
    "only the ref",
    cert({ issuer: "https://issuer.example", sourceRepositoryRef: "refs/heads/main" }),
    "signers.widget.certificate",
  ],
  [
    "a pattern as claim",
    cert({ ...certificate, subjectAlternativeName: "*@acme.example" }),
    "signers.widget.certificate.subjectAlternativeName",
  ],
  [
    "a placeholder as claim",
    cert({ ...certificate, sourceRepositoryRef: "refs/tags/v{version}" }),
    "signers.widget.certificate.sourceRepositoryRef",
  ],
  [
    "a claim with a blank at its end",
    cert({ ...certificate, tokenSubject: "x " }),
    "signers.widget.certificate.tokenSubject",
  ],
  ["two kinds", signer({ githubActions: github, certificate }), "signers.widget"],
  ["no keys", signer({ publicKey: { files: [] } }), "signers.widget.publicKey.files"],
  [
    "an upper-case fingerprint",
    signer({ nugetSignature: { kind: "author", fingerprints: ["sha256:AA"] } }),
    "signers.widget.nugetSignature.fingerprints[0]",
  ],
  // trust
  ["an unknown trust root", signer({ githubActions: github, trust: "corp" }), "signers.widget.trust"],
  ["github named again", { trust: { github: { maxAge: "30d", tlog: 1 } } }, "trust.github"],
  ["a trust root of neither kind", { trust: { a: { tlog: 1 } } }, "trust.a"],
  ["a trust root of both kinds", { trust: { a: { trustedRoot: "a.json", tuf: TUF } } }, "trust.a"],
  ["a built-in root that says nothing", { trust: { "public-good": {} } }, 'trust["public-good"]'],
  [
    "a repository that is not on https",
    { trust: { a: { tuf: { ...TUF, mirror: "http://a.example" } } } },
    "trust.a.tuf.mirror",
  ],
  ["a repository without its first root", { trust: { a: { tuf: { mirror: TUF.mirror } } } }, "trust.a.tuf.root"],
  ["an age of a file", { trust: { a: { trustedRoot: "a.json", maxAge: "30d" } } }, "trust.a.maxAge"],
  ["an age without a unit", { trust: { a: { tuf: TUF, maxAge: "30" } } }, "trust.a.maxAge"],
  ["public-good named again", { trust: { "public-good": { trustedRoot: "a.json" } } }, 'trust["public-good"]'],
  ["no signing time wanted", { trust: { corp: { trustedRoot: "a.json", timestamps: 0 } } }, "trust.corp.timestamps"],
  ["a negative threshold", { trust: { corp: { trustedRoot: "a.json", tlog: -1 } } }, "trust.corp.tlog"],
  ["an absolute root", { trust: { corp: { trustedRoot: "/a.json" } } }, "trust.corp.trustedRoot"],
  ["a root on a drive", { trust: { corp: { trustedRoot: "C:/a.json" } } }, "trust.corp.trustedRoot"],
  ["a home folder's root", { trust: { corp: { trustedRoot: "~/a.json" } } }, "trust.corp.trustedRoot"],
  ["backslashes", { trust: { corp: { trustedRoot: "..\\a.json" } } }, "trust.corp.trustedRoot"],
  // packages
  ["* as package", ruled({ packages: ["*"] }), "rules[0].packages[0]"],
  ["every ecosystem", ruled({ packages: ["*:*"] }), "rules[0].packages[0]"],
  ["an unknown ecosystem", ruled({ packages: ["cargo:serde"] }), "rules[0].packages[0]"],
  ["* in the middle", ruled({ packages: ["npm:@acme/*-core"] }), "rules[0].packages[0]"],
  ["* beyond one scope", ruled({ packages: ["npm:@acme*"] }), "rules[0].packages[0]"],
  ["all scopes", ruled({ packages: ["npm:@*"] }), "rules[0].packages[0]"],
  ["no name", ruled({ packages: ["npm:"] }), "rules[0].packages[0]"],
  ["a name with a version", ruled({ packages: ["npm:left-pad@1.3.0"] }), "rules[0].packages[0]"],
  ["a purl as pattern", ruled({ packages: ["pkg:npm/left-pad"] }), "rules[0].packages[0]"],
  ["a name that is no ASCII", ruled({ packages: ["nuget:\u212Aelvin"] }), "rules[0].packages[0]"],
  ["a name twice", ruled({ packages: ["npm:a", "npm:a"] }), "rules[0].packages[1]"],
  ["a name twice, in other spelling", ruled({ packages: ["pypi:My_Lib", "pypi:my.lib"] }), "rules[0].packages[1]"],
  ["every version", ruled({ versions: "*" }), "rules[0].versions"],
  ["every version among others", ruled({ versions: "1 || *" }), "rules[0].versions"],
  ["no range", ruled({ versions: "latest" }), "rules[0].versions"],
  ["a bare NuGet version", ruled({ packages: ["nuget:A"], versions: "1.0" }), "rules[0].versions"],
  ["an unbounded NuGet interval", ruled({ packages: ["nuget:A"], versions: "(,)" }), "rules[0].versions"],
  ["a floating NuGet version", ruled({ packages: ["nuget:A"], versions: "[1.*,2)" }), "rules[0].versions"],
  ["arbitrary equality", ruled({ packages: ["pypi:a"], versions: "===1.0" }), "rules[0].versions"],
  ["versions over two ecosystems", ruled({ packages: ["npm:a", "pypi:a"], versions: ">=1" }), "rules[0].versions"],
  [
    "two rules for one pattern",
    { rules: [rule, { packages: ["npm:@acme/*"], unsigned: "deny" }] },
    "rules[1].packages[0]",
  ],
  [
    "two rules for one name in other spelling",
    {
      rules: [
        { ...rule, packages: ["nuget:Acme.Core"] },
        { ...rule, packages: ["nuget:acme.core"] },
      ],
    },
    "rules[1].packages[0]",
  ],
  ["a rule with and one without versions", { rules: [rule, { ...rule, versions: ">=2" }] }, "rules[1].packages[0]"],
  [
    "ranges that overlap",
    {
      rules: [
        { ...rule, versions: "<=2" },
        { ...rule, versions: ">=2" },
      ],
    },
    "rules[1].packages[0]",
  ],
  // grounds
  [
    "signedBy beside baseline",
    { signers: { widget: { githubActions: github }, ...baselines }, ...ruled({ baseline: ["npmjs"] }) },
    "rules[0].baseline",
  ],
  ["signedBy beside unsigned", ruled({ unsigned: "deny" }), "rules[0].unsigned"],
  ["an unknown unsigned", only({ packages: ["npm:a"], unsigned: "ignore" }), "rules[0].unsigned"],
  [
    "allow without reason",
    only({ packages: ["npm:a"], unsigned: "allow", expires: "2027-01-01" }),
    "rules[0].unsigned",
  ],
  ["allow without end", only({ packages: ["npm:a"], unsigned: "allow", reason: "x" }), "rules[0].unsigned"],
  ["recorded without a file", only({ packages: ["npm:a"], unsigned: "recorded" }), "rules[0].unsigned"],
  ["recorded without reason", { recorded: { ...recorded, reason: "" } }, "recorded.reason"],
  ["recorded without end", { recorded: { file: "r.json", reason: "x" } }, "recorded.expires"],
  ["recorded elsewhere", { recorded: { ...recorded, file: "/r.json" } }, "recorded.file"],
  ["recorded until no day", { recorded: { ...recorded, expires: "2027-02-30" } }, "recorded.expires"],
  ["an unknown signer", ruled({ signedBy: ["widgets"] }), "rules[0].signedBy[0]"],
  ["an inherited name as signer", ruled({ signedBy: ["valueOf"] }), "rules[0].signedBy[0]"],
  ["a signer twice", ruled({ signedBy: ["widget", "widget"] }), "rules[0].signedBy[1]"],
  [
    "a registry's signature as identity",
    { signers: baselines, ...ruled({ signedBy: ["npmjs"] }) },
    "rules[0].signedBy[0]",
  ],
  [
    "a feed's signature as identity",
    { signers: { feed: feed("repository") }, ...ruled({ signedBy: ["feed"] }) },
    "rules[0].signedBy[0]",
  ],
  ["an identity as baseline", only({ packages: ["npm:a"], baseline: ["widget"] }), "rules[0].baseline[0]"],
  [
    "an author's signature as baseline",
    { signers: { vendor: feed("author") }, ...only({ packages: ["nuget:a"], baseline: ["vendor"] }) },
    "rules[0].baseline[0]",
  ],
  ["count 0", ruled({ count: 0 }), "rules[0].count"],
  ["half a count", ruled({ count: 1.5 }), "rules[0].count"],
  ["a count that cannot be met", ruled({ count: 2 }), "rules[0].count"],
  ["a count without signers", only({ packages: ["npm:a"], count: 2 }), "rules[0].count"],
  [
    "a count over one repository",
    {
      signers: {
        widget: { githubActions: github },
        again: { githubActions: { repository: "Acme/Widget", ref: "refs/heads/main" } },
      },
      ...ruled({ signedBy: ["widget", "again"], count: 2 }),
    },
    "rules[0].count",
  ],
  [
    "a count over one repository in two kinds",
    {
      signers: {
        widget: { githubActions: github },
        again: {
          certificate: {
            issuer: "https://token.actions.githubusercontent.com",
            sourceRepositoryURI: "https://github.com/acme/widget",
          },
        },
      },
      ...ruled({ signedBy: ["widget", "again"], count: 2 }),
    },
    "rules[0].count",
  ],
  [
    "a count over one repository id",
    {
      signers: {
        widget: { githubActions: { ...github, repositoryId: "7" } },
        again: { githubActions: { repository: "acme/renamed", repositoryId: "7" } },
      },
      ...ruled({ signedBy: ["widget", "again"], count: 2 }),
    },
    "rules[0].count",
  ],
  [
    "a count over one Azure project",
    {
      signers: {
        widget: { azurePipelines: { organizationId: GUID, projectId: GUID, definitionId: "1" } },
        again: { azurePipelines: { organizationId: GUID, projectId: GUID, definitionId: "2" } },
      },
      ...ruled({ signedBy: ["widget", "again"], count: 2 }),
    },
    "rules[0].count",
  ],
  [
    "a count over one key",
    {
      signers: { widget: { publicKey: { files: ["a.pem"] } }, again: { publicKey: { files: ["b.pem", "a.pem"] } } },
      ...ruled({ signedBy: ["widget", "again"], count: 2 }),
    },
    "rules[0].count",
  ],
  [
    "minimumAge beside unsigned",
    { recorded, ...only({ packages: ["npm:a"], unsigned: "recorded", minimumAge: "72h" }) },
    "rules[0].minimumAge",
  ],
  [
    "minimumAge beside baseline",
    { signers: baselines, ...only({ packages: ["npm:a"], baseline: ["npmjs"], minimumAge: "72h" }) },
    "rules[0].minimumAge",
  ],
  ["provenance without signers", only({ packages: ["npm:a"], provenance: { builder: "x" } }), "rules[0].provenance"],
  [
    "provenance beside predicateTypes",
    ruled({ provenance: { builder: "x" }, predicateTypes: ["https://spdx.dev/Document"] }),
    "rules[0].predicateTypes",
  ],
  ["a bare number as age", ruled({ minimumAge: "72" }), "rules[0].minimumAge"],
  ["no age", ruled({ minimumAge: "0h" }), "rules[0].minimumAge"],
  ["an unknown mode", ruled({ mode: "warn" }), "rules[0].mode"],
  ["a day that does not exist", ruled({ expires: "2027-02-29" }), "rules[0].expires"],
  ["a day in another spelling", ruled({ expires: "31.03.2027" }), "rules[0].expires"],
  ["a time instead of a day", ruled({ expires: "2027-03-31T00:00:00Z" }), "rules[0].expires"],
  // exceptions and revocations
  ["an exception without reason", excepted({ reason: undefined }), "exceptions[0].reason"],
  ["an exception without end", excepted({ expires: undefined }), "exceptions[0].expires"],
  ["an exception for every version", excepted({ package: "pkg:npm/left-pad" }), "exceptions[0].package"],
  ["an exception for many packages", excepted({ package: "pkg:npm/*@1.0.0" }), "exceptions[0].package"],
  ["an exception by sha1", excepted({ digests: [`sha1:${"a".repeat(40)}`] }), "exceptions[0].digests[0]"],
  ["an exception by a short digest", excepted({ digests: ["sha512:abcd"] }), "exceptions[0].digests[0]"],
  ["an exception for what does not hold", excepted({ excuses: ["SIGNATURE_INVALID"] }), "exceptions[0].excuses[0]"],
  ["an exception for a revocation", excepted({ excuses: ["REVOKED"] }), "exceptions[0].excuses[0]"],
  ["an exception for an unknown code", excepted({ excuses: ["NO_EVIDENC"] }), "exceptions[0].excuses[0]"],
  ["an inherited name as code", excepted({ excuses: ["TO_STRING"] }), "exceptions[0].excuses[0]"],
  ["two things revoked at once", revoked({ run: "https://a.example/1", digest: DIGEST }), "revoked[0]"],
  ["an unknown signer revoked", revoked({ signer: "wigdet" }), "revoked[0].signer"],
  [
    "an empty window",
    revoked({ signer: "widget", signedFrom: "2026-05-12T00:00:00Z", signedUntil: "2026-05-11T00:00:00Z" }),
    "revoked[0].signedUntil",
  ],
  [
    "a time that does not exist",
    revoked({ signer: "widget", signedFrom: "2026-05-32T00:00:00Z" }),
    "revoked[0].signedFrom",
  ],
  ["a time without zone", revoked({ signer: "widget", signedFrom: "2026-05-12T00:00:00" }), "revoked[0].signedFrom"],
  ["a window without signer", revoked({ digest: DIGEST, signedFrom: "2026-05-12T00:00:00Z" }), "revoked[0].signedFrom"],
  ["a run that is no address", revoked({ run: "12345" }), "revoked[0].run"],
  ["a revocation without reason", revoked({ digest: DIGEST, reason: undefined }), "revoked[0].reason"],
  // places
  ["http", { registries: { npm: ["http://npm.example"] } }, "registries.npm[0]"],
  ["a registry with credentials", { registries: { npm: ["https://user:pass@npm.example"] } }, "registries.npm[0]"],
  [
    "a registry's path, which would not be compared",
    { registries: { npm: ["https://npm.example/team/"] } },
    "registries.npm[0]",
  ],
  ["an unknown ecosystem's registry", { registries: { cargo: ["https://npm.example"] } }, "registries.cargo"],
  ["a host that looks like loopback", { registries: { npm: ["http://127.0.0.1.npm.example"] } }, "registries.npm[0]"],
  [
    "two kinds of source",
    { sources: { npm: [{ directory: "a", attestations: "https://npm.example" }] } },
    "sources.npm[0]",
  ],
  ["no kind of source", { sources: { npm: [{}] } }, "sources.npm[0]"],
  ["a source of another ecosystem", { sources: { npm: [{ companion: "{id}.Sigstore" }] } }, "sources.npm[0].companion"],
  ["an http source", { sources: { npm: [{ attestations: "http://npm.example" }] } }, "sources.npm[0].attestations"],
  ["an http template", { sources: { npm: [{ url: "http://npm.example/{name}" }] } }, "sources.npm[0].url"],
  ["a host from the package's name", { sources: { npm: [{ url: "https://{name}.example/x" }] } }, "sources.npm[0].url"],
  ["a template for nothing", { sources: { npm: [{ url: "https://npm.example/x" }] } }, "sources.npm[0].url"],
  ["an unknown placeholder", { sources: { npm: [{ url: "https://npm.example/{env}" }] } }, "sources.npm[0].url"],
  ["a folder elsewhere", { sources: { npm: [{ directory: "/bundles" }] } }, "sources.npm[0].directory"],
  ["a companion that is the package", { sources: { nuget: [{ companion: "{id}" }] } }, "sources.nuget[0].companion"],
  [
    "a registry's signature over http",
    { signers: { widget: { githubActions: github }, npmjs: { npmRegistry: "http://npm.example" } } },
    "signers.npmjs.npmRegistry",
  ],
];

describe("refused when read", () => {
  it.each(REFUSED)("%s", (_, change, path) => {
    const { problems, message } = problemsOf(change);
    expect(message).toContain(`: ${path}: `);
    expect(problems).toHaveLength(1);
  });

  it("what the table changes is read without complaint when it is right", () => {
    for (const change of [
      {},
      gh({
        ref: "refs/tags/v{version}",
        workflow: ".github/workflows/*.yml",
        trigger: "push",
        environment: "npm release",
      }),
      cert({ issuer: "https://issuer.example", subjectAlternativeName: "spiffe://acme.example/release" }),
      cert({ issuer: "https://agent.buildkite.com", subjectAlternativeName: "https://buildkite.com/acme/widget" }),
      ruled({ versions: ">=1 <2", minimumAge: "7d", predicateTypes: ["https://spdx.dev/Document"] }),
      ruled({ packages: ["nuget:A"], versions: "[1.0,2.0)" }),
      ruled({ packages: ["pypi:a"], versions: "~=1.4,!=1.4.3" }),
      { recorded, ...only({ packages: ["npm:a"], unsigned: "recorded" }) },
      excepted({}),
      revoked({ signer: "widget" }),
      revoked({ package: "pkg:npm/left-pad" }),
      { registries: { npm: ["https://npm.example/", "http://127.0.0.1:4873", "http://[::1]:4873"] } },
      { sources: { npm: [{ url: "https://npm.example/{name}/{version}?d={sha512}" }, { directory: "bundles" }] } },
    ]) {
      const policy = { version: 1, signers: { widget: { githubActions: github } }, rules: [rule], ...change };
      expect(() => parsePolicy(JSON.stringify(policy), "p.json", ASKABLE)).not.toThrow();
    }
  });
});

describe("parseRecorded", () => {
  const read = (packages: object) => parseRecorded(JSON.stringify({ version: 1, packages }), "r.json");

  it("keeps digests by normal name and version", () => {
    const { digests } = read({ "pkg:npm/%40acme/widget@2.1.0": [DIGEST], "pkg:pypi/My_Lib@1.0": [DIGEST] });
    expect([...digests.keys()]).toEqual(["npm:@acme/widget@2.1.0", "pypi:my-lib@1"]);
  });

  it.each([
    ["no version", { "pkg:npm/left-pad": [DIGEST] }],
    ["no digest", { "pkg:npm/left-pad@1.3.0": [] }],
    ["another digest", { "pkg:npm/left-pad@1.3.0": ["md5:abc"] }],
    ["one version twice", { "pkg:pypi/My_Lib@1.0": [DIGEST], "pkg:pypi/my-lib@1.0": [DIGEST] }],
    ["malformed escapes", { "pkg:npm/%4@1.0.0": [DIGEST] }],
    ["__proto__", JSON.parse(`{"__proto__":["${DIGEST}"]}`) as object],
    ["constructor", { constructor: [DIGEST] }],
    ["prototype", { prototype: [DIGEST] }],
  ])("refuses %s", (_, packages) => {
    expect(errorOf(() => read(packages)).problems).toHaveLength(1);
  });
});
