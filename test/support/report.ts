import type { Artifact } from "../../src/model/artifact.ts";
import type { Code, Denial } from "../../src/model/codes.ts";
import type { Decision } from "../../src/model/decision.ts";
import type { ProjectReport, Report } from "../../src/model/report.ts";
import { attestation } from "./attestation.ts";

/** For tests of reporters: a report with one of everything. */
export function sampleReport(part: Partial<ProjectReport> = {}): Report {
  const project: ProjectReport = {
    project: ".",
    lockfile: "package-lock.json",
    root: "/repository",
    policies: [{ name: ".signing-policy.json", digest: `sha256:${"0".repeat(64)}`, mode: "enforce" }],
    decisions: [allowed("widget"), denied("@acme/gadget", "UNTRUSTED_SIGNER")],
    unbound: [
      {
        package: null,
        location: "node_modules/forked",
        denial: {
          code: "GIT_DEPENDENCY",
          message: "a git dependency has no archive that could be proven",
          details: [],
        },
      },
    ],
    notGated: [{ kind: "workspace", name: "packages/app" }],
    exceptions: [],
    endings: [],
    notes: ["the exception for pkg:npm/old@1.0.0 expires in 7 days"],
    outcome: "denied",
    exit: 66,
    ...part,
  };
  return { command: "npm ci", projects: [project], outcome: project.outcome, exit: project.exit };
}

/** One thing that cannot be bound, with a text from outside where it shows most. */
export function withDenial(text: string): Report {
  const denial = { code: "GIT_DEPENDENCY", message: text, details: [] } as const;
  return sampleReport({ decisions: [], unbound: [{ package: null, location: text, denial }] });
}

export function allowed(name: string): Decision {
  const ground = { kind: "signed", signers: ["widget"] } as const;
  const evidence = { source: "registry", location: "https://npm.example/-/npm/v1/attestations/x", bundle: {} };
  return {
    artifact: artifact(name),
    outcome: "allowed",
    layers: [{ layer: ".signing-policy.json", rule: `rules[0] npm:${name}`, outcome: "allowed", ground }],
    denials: [],
    verdicts: [{ status: "verified", evidence, attestation: attestation() }],
    unavailable: [],
  };
}

export function denied(name: string, code: Code, outcome: "denied" | "audited" = "denied"): Decision {
  const denial: Denial = {
    code,
    message: "signed, but not by a signer that the rule names",
    details: [{ name: "repository", expected: "acme/gadget", found: "mallory/\u001b[2Jgadget" }],
    location: "https://npm.example/-/npm/v1/attestations/@acme%2fgadget@1.0.0",
    hint: "safe-install check --report json",
  };
  return {
    artifact: artifact(name),
    outcome,
    layers: [{ layer: ".signing-policy.json", rule: "rules[1] npm:@acme/*", outcome, denials: [denial] }],
    denials: [denial],
    verdicts: [],
    unavailable: [],
  };
}

function artifact(name: string): Artifact {
  const purl = `pkg:npm/${name.replace("@", "%40")}@1.0.0`;
  return {
    package: { ecosystem: "npm", name, version: "1.0.0", purl },
    digests: [{ algorithm: "sha512", hex: "ab".repeat(64) }],
    locations: [`node_modules/${name}`],
    subjectNames: [purl],
    runsScripts: name === "widget",
  };
}
