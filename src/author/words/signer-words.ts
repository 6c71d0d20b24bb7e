import type { Signer } from "../../policy/schema/index.ts";

/** `GitHub Actions  nuxt/nuxt  .github/workflows/release.yml  refs/tags/v{version}  on push` */
export function signerWords(signer: Signer): string {
  const { githubActions: github, gitlab, azurePipelines: azure, certificate } = signer;
  const trust = signer.trust === undefined ? [] : [`under trust root ${signer.trust}`];
  const words = (parts: readonly (string | undefined)[]) =>
    [...parts.filter((part) => part !== undefined), ...trust].join("  ");
  if (github !== undefined) {
    const { repository, workflow, ref, environment, runner, trigger, signerWorkflow } = github;
    const through = signerWorkflow === undefined ? undefined : `through ${signerWorkflow}`;
    const place = environment === undefined ? undefined : `environment ${environment}`;
    return words(["GitHub Actions", repository, workflow, ref, place, on(trigger), runner, through]);
  }
  if (gitlab !== undefined) {
    const { project, configPath, ref, environment, runner, trigger } = gitlab;
    const place = environment === undefined ? undefined : `environment ${environment}`;
    return words(["GitLab", project, configPath, ref, place, on(trigger), runner]);
  }
  if (azure !== undefined) {
    const id =
      azure.definitionId === undefined ? `connection ${azure.serviceConnectionId}` : `pipeline ${azure.definitionId}`;
    return words(["Azure Pipelines", azure.organizationId, azure.projectId, id, azure.ref]);
  }
  if (certificate !== undefined) return words(Object.entries(certificate).map(([name, value]) => `${name} ${value}`));
  if (signer.publicKey !== undefined) {
    const { files, tlog = 1 } = signer.publicKey;
    const logs = tlog === 0 ? "no log" : `${tlog} log${tlog === 1 ? "" : "s"}`;
    return words(["public key", files.join(" or "), logs]);
  }
  if (signer.npmRegistry !== undefined) return words(["the registry's own signature", signer.npmRegistry]);
  if (signer.nugetSignature !== undefined) {
    const { kind, fingerprints, subject, issuer } = signer.nugetSignature;
    const whose = fingerprints ?? [`${subject} issued under ${issuer?.fingerprints.join(" or ")}`];
    return words([`NuGet's own signature of the ${kind}`, whose.join(" or ")]);
  }
  if (signer.notary !== undefined) return words(notaryWords(signer.notary));
  return words([Object.keys(signer)[0]]);
}

function notaryWords({ trustStore, type, tsa = [], identities = [], level }: NonNullable<Signer["notary"]>) {
  return [
    "Notary Project",
    identities.join(" or ") || "the certificate itself",
    `under ${type === undefined ? "" : `${type} `}${trustStore.join(" or ")}`,
    tsa.length === 0 ? undefined : `timestamps of ${tsa.join(" or ")}`,
    level === undefined ? undefined : `level ${level}`,
  ];
}

function on(trigger: string | readonly string[] | undefined): string | undefined {
  return trigger === undefined ? undefined : `on ${[trigger].flat().join(" or ")}`;
}
