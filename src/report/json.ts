import type { Attestation, SignedBy } from "../model/attestation.ts";
import type { Decision, LayerDecision } from "../model/decision.ts";
import { formatDigest } from "../model/digest.ts";
import type { ProjectReport, Report, UnboundReport } from "../model/report.ts";
import type { NotarySigner } from "../model/notary.ts";
import type { Verdict } from "../model/verdict.ts";
import type { JsonEvidence, JsonPackage, JsonProject, JsonReport } from "./json-schema.ts";
import { shares } from "./rollout.ts";
import { type EarlierRun, sinceThen } from "./earlier/since.ts";
import { signersOf } from "./figures/signers.ts";
import { countGrounds, groundOf, groundsLine } from "./summary.ts";
import { countBy } from "./figures/tally.ts";
import { asJson } from "./text.ts";

/** What a report says of its own making. */
export interface Made {
  readonly version: string;
  readonly now: Date;
  /** What a decision log holds of earlier runs; absent: none was named. */
  readonly earlier?: readonly EarlierRun[];
}

/** The report for machines; `report.schema.json` says its shape. Ends with a newline. */
export function json(report: Report, made: Made): string {
  return asJson(toJson(report, made));
}

/**
 * All that is known of a run: every other report is drawn from it. Packages and what cannot be bound stand in the order of
 * their names, so that two runs over the same lock differ only where they differ.
 */
export function toJson(report: Report, { version, now, earlier }: Made): JsonReport {
  const { command, outcome, exit, projects } = report;
  return {
    schemaVersion: 1,
    tool: { name: "safe-install", version },
    time: now.toISOString(),
    command,
    outcome,
    exit,
    projects: projects.map((one) => project(one, command, earlier)),
  };
}

function project(report: ProjectReport, command: string, earlier: Made["earlier"]): JsonProject {
  const { decisions, notGated } = report;
  const packages = decisions.map(packageJson).toSorted(byPackage);
  const unbound = report.unbound.map(unboundJson).toSorted((left, right) => byText(left.location, right.location));
  const denials = [...unbound.map(({ denial }) => denial), ...packages.flatMap((one) => one.denials)];
  return {
    project: report.project,
    lockfile: report.lockfile,
    policies: [...report.policies],
    outcome: report.outcome,
    exit: report.exit,
    notes: [...report.notes],
    summary: {
      text: groundsLine(report).trim(),
      packages: decisions.length,
      unbound: unbound.length,
      grounds: { ...countGrounds(decisions) },
      shares: { ...shares(report) },
      denials: countBy(denials.map(({ code }) => code)),
      exceptions: report.exceptions.map((one) => ({ ...one, excuses: [...one.excuses] })),
      endings: report.endings.map((one) => ({ ...one })),
      signers: [...signersOf(packages)],
      notGated: countBy(notGated.map(({ kind }) => kind)),
    },
    ...(earlier === undefined ? {} : sinceThen(earlier, { command, report, packages, unbound })),
    packages,
    unbound,
    notGated: notGated
      .map((one) => ({ ...one }))
      .toSorted((left, right) => byText(left.kind, right.kind) || byText(left.name, right.name)),
  };
}

function byPackage(left: JsonPackage, right: JsonPackage): number {
  return byText(left.purl, right.purl) || byText(left.locations[0] ?? "", right.locations[0] ?? "");
}

/** By code units: the same on every machine. */
export function byText(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
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
    ...(artifact.licence === undefined ? {} : { licence: artifact.licence }),
    ...(artifact.dependsOn === undefined ? {} : { dependsOn: [...artifact.dependsOn] }),
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
