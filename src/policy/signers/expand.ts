import type { ClaimName } from "../../model/claims.ts";
import { paddedPieces, type Piece, piecesOf } from "./pattern.ts";
import type { Signer } from "../schema/index.ts";

/** One claim that a certificate must have: `before`, then one of `written`, then (where named) `@` and another claim of the same certificate. */
export interface ExpectedClaim {
  /** The policy's word for it. */
  readonly key: string;
  readonly claim: ClaimName;
  readonly before: string;
  /** The policy's own text; any of them. */
  readonly written: readonly string[];
  /** The same as pieces, `{version}` filled in; empty where the version is not known, so that nothing matches. */
  readonly anyOf: readonly (readonly Piece[])[];
  readonly after: ClaimName | null;
}

const GITHUB = "https://github.com/";
/** An enterprise may ask for tokens of `ISSUER/SLUG` (GitHub documentation, "OpenID Connect reference", unique token URL). */
export const GITHUB_ACTIONS = "https://token.actions.githubusercontent.com";
const GITLAB = "https://gitlab.com/";

/**
 * The exact claims that a signer stands for; empty for kinds that are not about certificates.
 * `version` fills `{version}`, literally, and `{version:padded}`, also with leading zeros. Equal expansions mean equal signers.
 */
export function expandSigner(
  signer: Signer,
  { version }: { readonly version: string | null },
): readonly ExpectedClaim[] {
  if (signer.githubActions !== undefined) return expandGithub(signer.githubActions, version);
  if (signer.gitlab !== undefined) return expandGitlab(signer.gitlab, version);
  if (signer.azurePipelines !== undefined) return expandAzure(signer.azurePipelines, version);
  if (signer.certificate !== undefined) return expandCertificate(signer.certificate);
  return [];
}

/** The whole expected value in one line, for people: `https://github.com/acme/widget/.github/workflows/release.yml@{sourceRepositoryRef}`. */
export function describeClaim({ before, written, after }: ExpectedClaim): string {
  return written.map((text) => `${before}${text}${after === null ? "" : `@{${after}}`}`).join(" or ");
}

function expandGithub(is: NonNullable<Signer["githubActions"]>, version: string | null): readonly ExpectedClaim[] {
  return [
    is.enterprise === undefined
      ? exactly("issuer", "issuer", GITHUB_ACTIONS)
      : exactly("enterprise", "issuer", is.enterprise, `${GITHUB_ACTIONS}/`),
    exactly("repository", "sourceRepositoryURI", is.repository, GITHUB),
    ...pattern("ref", "sourceRepositoryRef", is.ref, version),
    ...pattern("workflow", "buildConfigURI", is.workflow, version, `${GITHUB}${is.repository}/`, "sourceRepositoryRef"),
    ...optional("environment", "deploymentEnvironment", is.environment),
    ...optional("runner", "runnerEnvironment", is.runner),
    ...anyOf("trigger", "buildTrigger", is.trigger),
    ...optional("repositoryId", "sourceRepositoryIdentifier", is.repositoryId),
    ...optional("ownerId", "sourceRepositoryOwnerIdentifier", is.ownerId),
    ...optional("signerWorkflow", "buildSignerURI", is.signerWorkflow, GITHUB),
  ];
}

function expandGitlab(is: NonNullable<Signer["gitlab"]>, version: string | null): readonly ExpectedClaim[] {
  return [
    exactly("issuer", "issuer", "https://gitlab.com"),
    exactly("project", "sourceRepositoryURI", is.project, GITLAB),
    ...pattern("ref", "sourceRepositoryRef", is.ref, version),
    ...optional("configPath", "buildConfigURI", is.configPath, `${GITLAB}${is.project}//`, "sourceRepositoryRef"),
    ...optional("environment", "deploymentEnvironment", is.environment),
    ...optional("runner", "runnerEnvironment", is.runner),
    ...anyOf("trigger", "buildTrigger", is.trigger),
    ...optional("projectId", "sourceRepositoryIdentifier", is.projectId),
    ...optional("namespaceId", "sourceRepositoryOwnerIdentifier", is.namespaceId),
  ];
}

/** The pipeline's own token, or (with `serviceConnectionId`) the Entra issuer's. Fulcio template as documented by us. */
function expandAzure(is: NonNullable<Signer["azurePipelines"]>, version: string | null): readonly ExpectedClaim[] {
  if (is.serviceConnectionId !== undefined) {
    const tenant = base64UrlOfGuid(is.tenantId ?? "");
    const application = base64UrlOfGuid(AZURE_DEVOPS_APP);
    const subject = `/eid1/c/pub/t/${tenant}/a/${application}/sc/${is.organizationId}/${is.serviceConnectionId}`;
    return [
      exactly("tenantId", "issuer", `https://login.microsoftonline.com/${is.tenantId}/v2.0`),
      exactly("serviceConnectionId", "tokenSubject", subject),
    ];
  }
  const build = `https://dev.azure.com/${is.organizationId}/${is.projectId}/_build?definitionId=`;
  return [
    exactly("organizationId", "issuer", is.organizationId, "https://vstoken.dev.azure.com/"),
    exactly("definitionId", "buildConfigURI", is.definitionId ?? "", build),
    ...pattern("ref", "sourceRepositoryRef", is.ref, version),
  ];
}

function expandCertificate(is: NonNullable<Signer["certificate"]>): readonly ExpectedClaim[] {
  return (Object.entries(is) as [ClaimName, string][]).map(([claim, value]) => exactly(claim, claim, value));
}

function exactly(
  key: string,
  claim: ClaimName,
  text: string,
  before = "",
  after: ClaimName | null = null,
): ExpectedClaim {
  return { key, claim, before, written: [text], anyOf: [[text]], after };
}

function optional(
  key: string,
  claim: ClaimName,
  text: string | undefined,
  before = "",
  after: ClaimName | null = null,
): readonly ExpectedClaim[] {
  return text === undefined ? [] : [exactly(key, claim, text, before, after)];
}

function anyOf(key: string, claim: ClaimName, text: string | readonly string[] | undefined): readonly ExpectedClaim[] {
  if (text === undefined) return [];
  const written = typeof text === "string" ? [text] : text;
  return [{ key, claim, before: "", written, anyOf: written.map((one) => [one]), after: null }];
}

function pattern(
  key: string,
  claim: ClaimName,
  text: string | undefined,
  version: string | null,
  before = "",
  after: ClaimName | null = null,
): readonly ExpectedClaim[] {
  if (text === undefined) return [];
  const unknown = version === null && /\{version(?::padded)?\}/.test(text);
  const pieces = piecesOf(text).flatMap((piece) => filled(piece, version));
  return [{ key, claim, before, written: [text], anyOf: unknown ? [] : [pieces], after }];
}

function filled(piece: Piece, version: string | null): readonly Piece[] {
  if (typeof piece !== "string") return [piece];
  const literal = piece.replaceAll("{version}", () => version ?? "").split("{version:padded}");
  return literal
    .flatMap((text, at) => [...(at === 0 ? [] : paddedPieces(version ?? "")), text])
    .filter((one) => one !== "");
}

/** Azure DevOps' application id in Entra. */
export const AZURE_DEVOPS_APP = "499b84ac-1321-427f-aa17-267ca6975798";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** base64url of a GUID's 16 bytes in the order that .NET stores them (the first three fields little-endian). */
export function base64UrlOfGuid(guid: string): string {
  const [first = "", second = "", third = "", ...rest] = guid.split("-");
  const bytes = [
    ...bytesOf(first).toReversed(),
    ...bytesOf(second).toReversed(),
    ...bytesOf(third).toReversed(),
    ...bytesOf(rest.join("")),
  ];
  const bits = bytes.map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return (bits.match(/.{1,6}/g) ?? []).map((six) => ALPHABET[Number.parseInt(six.padEnd(6, "0"), 2)]).join("");
}

function bytesOf(hex: string): number[] {
  return (hex.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
}
