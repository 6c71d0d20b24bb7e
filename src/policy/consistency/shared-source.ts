import type { Signer } from "../schema.ts";

/** Two of the signers that pin the same source, so that they are one hand; null where all differ. */
export function sharedSource(
  signers: readonly (readonly [name: string, signer: Signer | undefined])[],
): readonly [string, string] | null {
  const seen = new Map<string, string>();
  for (const [name, signer] of signers) {
    for (const source of signer === undefined ? [] : sourcesOf(signer)) {
      const other = seen.get(source);
      if (other !== undefined && other !== name) return [other, name];
      seen.set(source, name);
    }
  }
  return null;
}

/** What names the source, in a spelling of its own for each kind; hosts compare repositories without case. */
function sourcesOf(signer: Signer): readonly string[] {
  const { githubActions, gitlab, azurePipelines, certificate, publicKey, nugetSignature } = signer;
  return [
    ...(githubActions === undefined ? [] : [`https://github.com/${githubActions.repository}`]),
    ...(githubActions?.repositoryId === undefined ? [] : [`github id ${githubActions.repositoryId}`]),
    ...(gitlab === undefined ? [] : [`https://gitlab.com/${gitlab.project}`]),
    ...(azurePipelines === undefined ? [] : [azureSource(azurePipelines)]),
    ...(certificate === undefined ? [] : certificateSources(certificate)),
    ...(publicKey?.files ?? []).map((file) => `key ${file}`),
    ...(nugetSignature?.fingerprints ?? []),
  ].map((source) => source.toLowerCase());
}

function azureSource(is: NonNullable<Signer["azurePipelines"]>): string {
  return `azure ${is.organizationId} ${is.projectId ?? is.serviceConnectionId}`;
}

function certificateSources(is: NonNullable<Signer["certificate"]>): readonly string[] {
  const repository = is.sourceRepositoryURI;
  const github = is.issuer === "https://token.actions.githubusercontent.com";
  const id = is.sourceRepositoryIdentifier;
  const named = [
    ...(repository === undefined ? [] : [repository]),
    ...(id === undefined ? [] : [github ? `github id ${id}` : `${is.issuer} id ${id}`]),
  ];
  if (named.length > 0) return named;
  return [`${is.issuer} ${is.tokenSubject ?? is.buildConfigURI ?? is.subjectAlternativeName}`];
}
