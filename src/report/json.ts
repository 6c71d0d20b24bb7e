import type { Attestation, SignedBy } from "../model/attestation.ts";
import type { Decision, LayerDecision } from "../model/decision.ts";
import { formatDigest } from "../model/digest.ts";
import type { ProjectReport, Report, UnboundReport } from "../model/report.ts";
import type { NotarySigner } from "../model/notary.ts";
import type { Verdict } from "../model/verdict.ts";
import type { JsonEvidence, JsonPackage, JsonProject, JsonReport } from "./json-schema.ts";
import { shares } from "./rollout.ts";
import { countGrounds, groundOf } from "./summary.ts";
import { asJson } from "./text.ts";

/** The report for machines; `report.schema.json` says its shape. Ends with a newline. */
export function json(report: Report, toolVersion: string): string {
  return asJson(toJson(report, toolVersion));
}

export function toJson(report: Report, version: string): JsonReport {
  const { command, outcome, exit, projects } = report;
  return {
    schemaVersion: 1,
    tool: { name: "safe-install", version },
    command,
    outcome,
    exit,
    projects: projects.map(project),
  };
}

function project(report: ProjectReport): JsonProject {
  const { decisions, unbound, notGated } = report;
  const denials = [...unbound.map(({ denial }) => denial), ...decisions.flatMap(({ denials }) => denials)];
  return {
    project: report.project,
    lockfile: report.lockfile,
    policies: [...report.policies],
    outcome: report.outcome,
    exit: report.exit,
    notes: [...report.notes],
    summary: {
      packages: decisions.length,
      grounds: { ...countGrounds(decisions) },
      shares: { ...shares(report) },
      denials: count(denials.map(({ code }) => code)),
      exceptions: report.exceptions.map((one) => ({ ...one, excuses: [...one.excuses] })),
      notGated: count(notGated.map(({ kind }) => kind)),
    },
    packages: decisions.map(packageJson),
    unbound: unbound.map(unboundJson),
    notGated: notGated.map((one) => ({ ...one })),
  };
}

export function unboundJson(one: UnboundReport): JsonProject["unbound"][number] {
  const { location, denial } = one;
  return { purl: one.package?.purl ?? null, location, denial: { ...denial, details: [...denial.details] } };
}

export function packageJson(decision: Decision): JsonPackage {
  const { artifact, denials, verdicts, unavailable } = decision;
  return {
    purl: artifact.package.purl,
    ...(artifact.archive === undefined ? {} : { archive: { ...artifact.archive } }),
    outcome: decision.outcome,
    ground: groundOf(decision),
    locations: [...artifact.locations],
    digests: artifact.digests.map(formatDigest),
    ...(artifact.built === undefined ? {} : { built: artifact.built.map(formatDigest) }),
    runsScripts: artifact.runsScripts,
    ...(decision.scripts === undefined ? {} : { scripts: decision.scripts }),
    layers: decision.layers.map(layer),
    denials: denials.map((denial) => ({ ...denial, details: [...denial.details] })),
    evidence: verdicts.map(evidence),
    unavailable: [...unavailable],
  };
}

function layer(decision: LayerDecision): JsonPackage["layers"][number] {
  const { layer: policy, rule, outcome } = decision;
  if (decision.outcome === "allowed") return { policy, rule, outcome, ground: { ...decision.ground }, codes: [] };
  return { policy, rule, outcome, codes: decision.denials.map(({ code }) => code) };
}

function evidence(verdict: Verdict): JsonEvidence {
  const { source, location } = verdict.evidence;
  const said = "bundle" in verdict.evidence ? verdict.evidence.publisher : undefined;
  const publisher = said === undefined ? {} : { publisher: said };
  switch (verdict.status) {
    case "verified": {
      return {
        source,
        location,
        status: verdict.status,
        ...attestationJson(verdict.attestation),
        ...publisher,
        ...(verdict.form === undefined ? {} : { form: verdict.form }),
      };
    }
    case "broken":
      return { source, location, status: verdict.status, code: verdict.code, detail: verdict.detail, ...publisher };
    case "foreign":
      return { source, location, status: verdict.status, detail: verdict.detail, ...publisher };
    default:
      return verdict satisfies never;
  }
}

export function attestationJson({ bundleDigest, predicateType, signer, signedAt }: Attestation) {
  return {
    bundle: formatDigest(bundleDigest),
    predicateType,
    signer: signer.kind === "key" ? withoutIds(signer) : { kind: signer.kind, claims: { ...signer.claims } },
    signedAt: signedAt?.toISOString() ?? null,
  };
}

function count(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** Under which of the policies' keys it holds is a matter of one run. */
function withoutIds({ kind, fingerprint, usage, registry, certificate, notary }: KeySigner) {
  return {
    kind,
    fingerprint,
    usage,
    ...(registry === undefined ? {} : { registry }),
    ...(notary === undefined || certificate === undefined ? {} : { notary: notaryJson(certificate, notary) }),
  };
}

type KeySigner = Extract<SignedBy, { readonly kind: "key" }>;

function notaryJson({ subject, issuer }: NonNullable<KeySigner["certificate"]>, notary: NotarySigner) {
  const { scheme, mediaType, heldBy } = notary;
  const passedOver = [...new Set(heldBy.flatMap((one) => one.passedOver))];
  return { subject, issuer, scheme, mediaType, passedOver };
}
