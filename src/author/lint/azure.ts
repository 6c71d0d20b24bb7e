import { PUBLIC_GOOD } from "../../model/trust.ts";
import type { Policy, Signer } from "../../policy/schema/index.ts";
import { type LintFinding, finding } from "./finding.ts";

const PIPELINES = "https://vstoken.dev.azure.com";
const ENTRA = /^https:\/\/login\.microsoftonline\.com\/([0-9a-f-]{36})\/v2\.0$/;
const RETIRES = "2027-07-01";

/** What goes wrong with Azure Pipelines' identities. */
export function azureFindings(policy: Policy): readonly LintFinding[] {
  const tenants = tenantsOf(policy);
  return Object.entries(policy.signers ?? {}).flatMap(([name, signer]) =>
    [...publicGood(signer), ...organization(signer, tenants), ...retiring(signer), ...oldHost(signer)].map((one) => ({
      ...one,
      path: ["signers", name, ...one.path],
    })),
  );
}

/** Public Sigstore's Fulcio has no Azure DevOps issuer: under that root nobody can be this signer. */
function publicGood(signer: Signer): readonly LintFinding[] {
  const { azurePipelines, certificate, trust = PUBLIC_GOOD } = signer;
  const issuer = certificate?.issuer ?? "";
  const isAzure = azurePipelines !== undefined || issuer.startsWith(PIPELINES) || ENTRA.test(issuer);
  if (!isAzure || trust !== PUBLIC_GOOD) return [];
  const message =
    "public Sigstore cannot issue for Azure Pipelines: under the public-good root nobody can be this signer";
  const hint = 'name a private root: "trust": { "contoso": { "trustedRoot": ... } } and "trust": "contoso" here';
  return [finding("error", "azure-public-good", [], message, hint)];
}

/** A tenant's id where the organisation's belongs: both are GUIDs, and only one of them is in the token's issuer. */
function organization({ azurePipelines, certificate }: Signer, tenants: ReadonlySet<string>): readonly LintFinding[] {
  const hint = "az devops: https://dev.azure.com/ORGANIZATION/_apis/connectionData gives instanceId";
  if (azurePipelines !== undefined) {
    const { organizationId, tenantId } = azurePipelines;
    if (organizationId !== tenantId && !tenants.has(organizationId)) return [];
    const message = `${organizationId} is used as a tenant's id as well: the organisation has an id of its own`;
    return [finding("error", "azure-tenant", ["azurePipelines", "organizationId"], message, hint)];
  }
  const [, id] = /^https:\/\/vstoken\.dev\.azure\.com\/([^/]+)$/.exec(certificate?.issuer ?? "") ?? [];
  if (id === undefined || !tenants.has(id)) return [];
  const message = `${id} is a tenant's id: the issuer names the organisation's`;
  return [finding("error", "azure-tenant", ["certificate", "issuer"], message, hint)];
}

function tenantsOf({ signers = {} }: Policy): ReadonlySet<string> {
  const all = Object.values(signers).flatMap(({ azurePipelines, certificate }) => [
    azurePipelines?.tenantId,
    ENTRA.exec(certificate?.issuer ?? "")?.[1],
  ]);
  return new Set(all.filter((id) => id !== undefined));
}

/** Service connections whose tokens still have Azure DevOps as their issuer. */
function retiring({ certificate }: Signer): readonly LintFinding[] {
  const { issuer = "", tokenSubject = "", subjectAlternativeName: san = "" } = certificate ?? {};
  if (!issuer.startsWith(PIPELINES) || ![tokenSubject, san].some((text) => text.startsWith("sc://"))) return [];
  const message = `this issuer of service connections retires on ${RETIRES}: from then on nobody can be this signer`;
  const hint = '"azurePipelines": { "tenantId", "organizationId", "serviceConnectionId" } for the Entra issuer';
  return [finding("warning", "azure-retiring", ["certificate", "issuer"], message, hint)];
}

function oldHost({ certificate }: Signer): readonly LintFinding[] {
  if (certificate?.issuer.startsWith("https://app.vstoken.visualstudio.com") !== true) return [];
  const message = `tokens come from ${PIPELINES}/ORGANIZATION now`;
  return [finding("error", "azure-issuer", ["certificate", "issuer"], message)];
}
