import type { Claims } from "../../model/claims.ts";
import { type Attestation, AUTHOR_SIGNATURES, REPOSITORY_SIGNATURES } from "../../model/attestation.ts";
import { PUBLIC_GOOD } from "../../model/trust.ts";
import { signerProblems } from "../../policy/consistency/signers.ts";
import { PolicySchema, type Signer } from "../../policy/schema/index.ts";
import { GITHUB_ACTIONS } from "../../policy/signers/expand.ts";
import { checkShape } from "../../policy/read/shape.ts";
import { generaliseRef } from "./segments.ts";

/** The certificates with which nuget.org has signed since 2018, as its resource RepositorySignatures/5.0.0 names them. */
export const NUGET_ORG: readonly string[] = [
  "sha256:0e5f38f57dc1bcc806d8494f4f90fbcedd988b46760709cbeec6f4219aa6157d",
  "sha256:5a2901d6ada3d18260b9c6dfe2133c95d74b9eef6ae0e5dc334c8454d1477df4",
  "sha256:1f4b311d9acc115c8dc8018b5a49e00fce6da8e2855f9f014ca6f34570bc482d",
];

const GITHUB = "https://github.com/";
const GITLAB = "https://gitlab.com/";

/**
 * The narrowest signer that says who signed and will still say so of the next version: every claim about the source, the
 * pipeline and its surroundings, nothing about one commit or one run. `trust`: the policy's name of the root.
 * @returns null where the certificate names nobody in particular
 */
export function pinOf(attestation: Attestation, version: string, trust: string): Signer | null {
  const { signer } = attestation;
  if (signer.kind === "key") return authorPin(signer);
  const { claims } = signer;
  const forms = [
    github(claims, version),
    gitlab(claims, version),
    azure(claims, version),
    person(claims),
    plain(claims),
  ];
  return (
    forms.flatMap((form) => (form === null ? [] : [under(form, trust)])).find((form) => isValid(form, trust)) ?? null
  );
}

/** NuGet's author: this certificate and no other, since nobody here says whose it is. Its successor is pinned when it comes. */
function authorPin({ usage, fingerprint }: Extract<Attestation["signer"], { readonly kind: "key" }>): Signer | null {
  if (usage !== AUTHOR_SIGNATURES) return null;
  return { nugetSignature: { kind: "author", fingerprints: [fingerprint] } };
}

/** A registry's own signature: a baseline. @returns null where none signed */
export function registryPin({ signer }: Attestation): Signer | null {
  if (signer.kind !== "key") return null;
  if (signer.registry !== undefined) return { npmRegistry: signer.registry };
  if (signer.usage !== REPOSITORY_SIGNATURES) return null;
  const known = NUGET_ORG.includes(signer.fingerprint) ? NUGET_ORG : [signer.fingerprint];
  return { nugetSignature: { kind: "repository", fingerprints: [...known] } };
}

function under(signer: Signer, trust: string): Signer {
  return trust === PUBLIC_GOOD ? signer : { ...signer, trust };
}

function github(claims: Claims, version: string): Signer | null {
  const repository = after(GITHUB, claims.sourceRepositoryURI);
  const ref = claims.sourceRepositoryRef;
  const isPlain = claims.issuer === GITHUB_ACTIONS;
  const enterprise = isPlain ? null : after(`${GITHUB_ACTIONS}/`, claims.issuer);
  if ((!isPlain && enterprise === null) || repository === null || ref === undefined) return null;
  const { runnerEnvironment: runner } = claims;
  return {
    githubActions: {
      repository,
      ...(enterprise === null ? {} : { enterprise }),
      ...given("workflow", between(`${claims.sourceRepositoryURI}/`, claims.buildConfigURI, `@${ref}`)),
      ref: generaliseRef(ref, version),
      ...given("environment", claims.deploymentEnvironment),
      ...(runner === "github-hosted" || runner === "self-hosted" ? { runner } : {}),
      ...given("trigger", claims.buildTrigger),
      ...given("repositoryId", claims.sourceRepositoryIdentifier),
      ...given("ownerId", claims.sourceRepositoryOwnerIdentifier),
      ...given("signerWorkflow", foreignWorkflow(claims)),
    },
  };
}

/** A reusable workflow of another repository; the source's own is pinned by repository and ref. */
function foreignWorkflow({ buildSignerURI, sourceRepositoryURI }: Claims): string | null {
  const isOwn = buildSignerURI?.startsWith(`${sourceRepositoryURI}/`) ?? true;
  return isOwn ? null : after(GITHUB, buildSignerURI);
}

function gitlab(claims: Claims, version: string): Signer | null {
  const project = after(GITLAB, claims.sourceRepositoryURI);
  const ref = claims.sourceRepositoryRef;
  if (claims.issuer !== "https://gitlab.com" || project === null || ref === undefined) return null;
  const { runnerEnvironment: runner } = claims;
  return {
    gitlab: {
      project,
      ...given("configPath", between(`${claims.sourceRepositoryURI}//`, claims.buildConfigURI, `@${ref}`)),
      ref: generaliseRef(ref, version),
      ...given("environment", claims.deploymentEnvironment),
      ...(runner === "gitlab-hosted" || runner === "self-hosted" ? { runner } : {}),
      ...given("trigger", claims.buildTrigger),
      ...given("projectId", claims.sourceRepositoryIdentifier),
      ...given("namespaceId", claims.sourceRepositoryOwnerIdentifier),
    },
  };
}

const AZURE_BUILD = /^https:\/\/dev\.azure\.com\/([^/]+)\/([^/]+)\/_build\?definitionId=(\d+)$/;

function azure(claims: Claims, version: string): Signer | null {
  const [, organizationId, projectId, definitionId] = AZURE_BUILD.exec(claims.buildConfigURI ?? "") ?? [];
  if (organizationId === undefined || projectId === undefined || definitionId === undefined) return null;
  if (claims.issuer !== `https://vstoken.dev.azure.com/${organizationId}`) return null;
  const ref = claims.sourceRepositoryRef;
  return {
    azurePipelines: {
      organizationId,
      projectId,
      definitionId,
      ...given("ref", ref === undefined ? undefined : generaliseRef(ref, version)),
    },
  };
}

/** A mail address or a workload: nothing but issuer and SAN is there. */
function person(claims: Claims): Signer | null {
  const { issuer, subjectAlternativeName } = claims;
  if (issuer === undefined || subjectAlternativeName === undefined || claims.sourceRepositoryURI !== undefined)
    return null;
  return { certificate: { issuer, subjectAlternativeName } };
}

/** Any other pipeline: what it is, literally; refs only where they are no tags, because a tag names one version. */
function plain(claims: Claims): Signer | null {
  const { issuer, sourceRepositoryRef: ref } = claims;
  if (issuer === undefined) return null;
  return {
    certificate: {
      issuer,
      ...given("sourceRepositoryURI", claims.sourceRepositoryURI),
      ...given("sourceRepositoryRef", ref?.startsWith("refs/tags/") === true ? undefined : ref),
      ...given("runnerEnvironment", claims.runnerEnvironment),
      ...given("sourceRepositoryIdentifier", claims.sourceRepositoryIdentifier),
      ...given("sourceRepositoryOwnerIdentifier", claims.sourceRepositoryOwnerIdentifier),
      ...given("buildTrigger", claims.buildTrigger),
      ...given("deploymentEnvironment", claims.deploymentEnvironment),
    },
  };
}

/** What the policy's own reader would accept. */
function isValid(signer: Signer, trust: string): boolean {
  const named = trust === PUBLIC_GOOD ? {} : { trust: { [trust]: { trustedRoot: "x" } } };
  const shape = checkShape(PolicySchema, { version: 1, ...named, signers: { signer } });
  return "value" in shape && signerProblems(shape.value).length === 0;
}

function given<TKey extends string>(key: TKey, value: string | null | undefined): Partial<Record<TKey, string>> {
  return value === null || value === undefined ? {} : ({ [key]: value } as Record<TKey, string>);
}

function after(before: string, text: string | undefined): string | null {
  return text?.startsWith(before) === true ? text.slice(before.length) : null;
}

function between(before: string, text: string | undefined, end: string): string | null {
  const rest = after(before, text);
  return rest?.endsWith(end) === true ? rest.slice(0, -end.length) : null;
}

/** Of a pipeline. */
export function refOf({ githubActions, gitlab, azurePipelines }: Signer): string | undefined {
  return (githubActions ?? gitlab ?? azurePipelines)?.ref;
}

export function withRef(signer: Signer, change: (ref: string) => string): Signer {
  const { githubActions, gitlab, azurePipelines } = signer;
  if (githubActions?.ref !== undefined)
    return { ...signer, githubActions: { ...githubActions, ref: change(githubActions.ref) } };
  if (gitlab?.ref !== undefined) return { ...signer, gitlab: { ...gitlab, ref: change(gitlab.ref) } };
  if (azurePipelines?.ref !== undefined)
    return { ...signer, azurePipelines: { ...azurePipelines, ref: change(azurePipelines.ref) } };
  return signer;
}
