import * as v from "valibot";
import { Notary, NugetSignature } from "./certificates.ts";
import { Guid, Name, Numeric, list, literal, relativePath, webAddress } from "./texts.ts";

const Ref = v.pipe(
  v.string(),
  v.regex(
    /^refs\/[a-z-]+\/(?:[^\s{}]|\{version(?::padded)?\})+$/,
    "expected a full ref such as refs/heads/main or refs/tags/v{version}, where * is one or more characters but /",
  ),
  v.maxLength(500),
  v.description(
    "The git ref. * is one or more characters but /; {version} is the package's version, literally; {version:padded} admits leading zeros in its release numbers.",
  ),
);

const Workflow = v.pipe(
  v.string(),
  v.regex(
    /^\.github\/workflows\/[^\s/@{}]+\.ya?ml$/,
    "expected the workflow's path from the repository's root, such as .github/workflows/release.yml",
  ),
  v.maxLength(500),
  v.description("Path of the workflow that was started. * is one or more characters but /."),
);

const Repository = v.pipe(
  v.string(),
  v.regex(
    /^(?!\.{1,2}\/)[A-Za-z0-9_.-]+\/(?!\.{1,2}$)[A-Za-z0-9_.-]+$/,
    "expected owner/repository, without https://github.com/ and without *",
  ),
  v.description("owner/repository, spelt as GitHub spells it"),
);

const Trigger = v.pipe(
  v.string(),
  v.regex(/^[a-z][a-z_]*$/, "expected the name of an event, such as push"),
  v.description("The event that started the build"),
);
const Triggers = v.union([Trigger, list(Trigger, "Any of these events")], "expected an event or a list of events");

const Enterprise = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/, "expected the enterprise's slug, such as acme"),
  v.maxLength(100),
  v.description("The enterprise whose tokens have an issuer of their own: its slug"),
);

const GithubActions = v.strictObject({
  repository: Repository,
  enterprise: v.exactOptional(Enterprise),
  workflow: v.exactOptional(Workflow),
  ref: v.exactOptional(Ref),
  environment: v.exactOptional(literal("The deployment environment")),
  runner: v.exactOptional(v.picklist(["github-hosted", "self-hosted"])),
  trigger: v.exactOptional(Triggers),
  repositoryId: v.exactOptional(Numeric),
  ownerId: v.exactOptional(Numeric),
  signerWorkflow: v.exactOptional(
    v.pipe(
      v.string(),
      v.regex(
        /^[A-Za-z0-9_.-]+\/[A-Za-z0-9_.-]+\/[^\s@*{}]+@[^\s@*{}]+$/,
        "expected owner/repo/path@ref, literally (no * or {version})",
      ),
      v.description("The reusable workflow that signed: owner/repo/path@ref"),
    ),
  ),
});

const Gitlab = v.strictObject({
  project: v.pipe(
    v.string(),
    v.regex(/^[A-Za-z0-9_.-]+(?:\/[A-Za-z0-9_.-]+)+$/, "expected group/project"),
    v.description("group/project on gitlab.com"),
  ),
  configPath: v.exactOptional(
    v.pipe(
      v.string(),
      v.regex(/^[^\s/@*{}][^\s@*{}]*$/, "expected the CI file's path, such as .gitlab-ci.yml"),
      v.description("Path of the CI configuration"),
    ),
  ),
  ref: v.exactOptional(Ref),
  environment: v.exactOptional(literal("The deployment environment")),
  runner: v.exactOptional(v.picklist(["gitlab-hosted", "self-hosted"])),
  trigger: v.exactOptional(Triggers),
  projectId: v.exactOptional(Numeric),
  namespaceId: v.exactOptional(Numeric),
});

/** Two forms: the pipeline's own token, or a service connection's (Entra issuer). Which keys go together is checked after parsing. */
const AzurePipelines = v.strictObject({
  organizationId: v.pipe(Guid, v.description("The Azure DevOps organisation's id")),
  projectId: v.exactOptional(v.pipe(Guid, v.description("With definitionId: the pipeline's own token"))),
  definitionId: v.exactOptional(Numeric),
  ref: v.exactOptional(Ref),
  tenantId: v.exactOptional(v.pipe(Guid, v.description("With serviceConnectionId: the Entra issuer"))),
  serviceConnectionId: v.exactOptional(Guid),
});

/** Whole values under Fulcio's own names. */
const Certificate = v.strictObject({
  issuer: literal("The OIDC issuer"),
  subjectAlternativeName: v.exactOptional(literal("The certificate's one SAN")),
  buildSignerURI: v.exactOptional(literal("OID .9")),
  buildSignerDigest: v.exactOptional(literal("OID .10")),
  runnerEnvironment: v.exactOptional(literal("OID .11")),
  sourceRepositoryURI: v.exactOptional(literal("OID .12")),
  sourceRepositoryDigest: v.exactOptional(literal("OID .13")),
  sourceRepositoryRef: v.exactOptional(literal("OID .14")),
  sourceRepositoryIdentifier: v.exactOptional(literal("OID .15")),
  sourceRepositoryOwnerURI: v.exactOptional(literal("OID .16")),
  sourceRepositoryOwnerIdentifier: v.exactOptional(literal("OID .17")),
  buildConfigURI: v.exactOptional(literal("OID .18")),
  buildConfigDigest: v.exactOptional(literal("OID .19")),
  buildTrigger: v.exactOptional(literal("OID .20")),
  runInvocationURI: v.exactOptional(literal("OID .21")),
  sourceRepositoryVisibilityAtSigning: v.exactOptional(literal("OID .22")),
  deploymentEnvironment: v.exactOptional(literal("OID .23")),
  tokenSubject: v.exactOptional(literal("OID .24")),
});

const PublicKey = v.strictObject({
  files: list(
    relativePath("A public key, PEM or DER"),
    "Any of these keys: rotation by listing the old and the new one",
  ),
  tlog: v.exactOptional(
    v.pipe(
      v.number(),
      v.integer(),
      v.minValue(0),
      v.maxValue(32),
      v.description(
        "Logs of the trust root that must vouch; 1 when absent. 0: none. A root that `trust` names may ask for more",
      ),
    ),
  ),
});

/** Exactly one kind; checked after parsing. */
export const Signer = v.strictObject({
  githubActions: v.exactOptional(v.pipe(GithubActions, v.description("A GitHub Actions workflow"))),
  gitlab: v.exactOptional(v.pipe(Gitlab, v.description("A gitlab.com pipeline"))),
  azurePipelines: v.exactOptional(v.pipe(AzurePipelines, v.description("An Azure Pipelines build"))),
  certificate: v.exactOptional(v.pipe(Certificate, v.description("Exact claims of a Fulcio certificate"))),
  publicKey: v.exactOptional(v.pipe(PublicKey, v.description("Keys held by a KMS, an HSM or a person"))),
  npmRegistry: v.exactOptional(webAddress("The registry whose own signature counts: a baseline, not an identity")),
  nugetSignature: v.exactOptional(v.pipe(NugetSignature, v.description("NuGet's author or repository signature"))),
  notary: v.exactOptional(v.pipe(Notary, v.description("A signature of the Notary Project (notation blob sign)"))),
  trust: v.exactOptional(v.pipe(Name, v.description("The trust root that must vouch; public-good when absent"))),
});

export type Signer = v.InferOutput<typeof Signer>;
