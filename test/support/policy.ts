/** What tests of judgement are made of: layers, artifacts and verdicts, without files and cryptography. */
import { ASKABLE } from "../../src/plugins.ts";
import type { Artifact } from "../../src/model/artifact.ts";
import type { Attestation } from "../../src/model/attestation.ts";
import type { Code } from "../../src/model/codes.ts";
import type { Claims } from "../../src/model/claims.ts";
import { type Digest, parseDigest } from "../../src/model/digest.ts";
import type { Ecosystem, PackageRef } from "../../src/model/package.ts";
import type { Verdict } from "../../src/model/verdict.ts";
import type { Decision } from "../../src/model/decision.ts";
import { decide, type Facts } from "../../src/policy/decide.ts";
import type { Layer } from "../../src/policy/layer.ts";
import { parsePolicy, parseRecorded } from "../../src/policy/read/parse.ts";
import { formatPurl } from "../../src/ecosystems/purl.ts";
import { attestation } from "./attestation.ts";

export const NOW = new Date("2026-11-21T12:00:00Z");
export const SHA512 = `sha512:${"a".repeat(128)}`;
export const OTHER_SHA512 = `sha512:${"b".repeat(128)}`;
export const SHA256 = `sha256:${"c".repeat(64)}`;

/** A layer as loading would make it; the policy goes through the parser. */
export function layer(policy: object, more: Partial<Layer> & { recordedPackages?: object } = {}): Layer {
  const { recordedPackages, ...rest } = more;
  const parsed = parsePolicy(JSON.stringify({ version: 1, ...policy }), ".signing-policy.json", ASKABLE);
  const roots = Object.fromEntries(Object.keys(parsed.trust ?? {}).map((name) => [name, `root of ${name}`]));
  const text = JSON.stringify({ version: 1, packages: recordedPackages });
  return {
    name: ".signing-policy.json",
    digest: "0".repeat(64),
    policy: parsed,
    roots: { "public-good": "public-good", ...roots },
    recorded: recordedPackages === undefined ? null : parseRecorded(text, ".signing-recorded.json"),
    sources: {},
    override: null,
    ...rest,
  };
}

export function ref(text: string): PackageRef {
  const [, ecosystem, name = "", version = ""] = /^(npm|pypi|nuget):(.+)@([^@]+)$/.exec(text) ?? [];
  const purl = formatPurl({ ecosystem: ecosystem as Ecosystem, name, version });
  return { ecosystem: ecosystem as Ecosystem, name, version, purl };
}

export function artifact(text: string): Artifact {
  return { package: ref(text), digests: [], locations: ["x"], subjectNames: [], runsScripts: false };
}

export function facts(text: string, more: Partial<Facts> & { sha?: readonly string[] } = {}): Facts {
  const { sha = [SHA512], ...rest } = more;
  const digests = sha.map((one) => parseDigest(one)).filter((one): one is Digest => one !== null);
  return { artifact: artifact(text), digests, verdicts: [], unavailable: [], faults: [], ...rest };
}

/** What one layer says of a version, at `NOW`. */
export function decided(
  text: string,
  one: Layer,
  verdicts: readonly Verdict[] = [],
  more: Parameters<typeof facts>[1] = {},
): Decision {
  return decide([one], facts(text, { verdicts, ...more }), NOW);
}

export function codes({ denials }: Decision): readonly Code[] {
  return denials.map(({ code }) => code);
}

/** Claims of a GitHub Actions build of `acme/widget` at v2.1.0. */
export const WIDGET: Claims = {
  issuer: "https://token.actions.githubusercontent.com",
  subjectAlternativeName: "https://github.com/acme/widget/.github/workflows/release.yml@refs/tags/v2.1.0",
  buildSignerURI: "https://github.com/acme/widget/.github/workflows/release.yml@refs/tags/v2.1.0",
  buildConfigURI: "https://github.com/acme/widget/.github/workflows/release.yml@refs/tags/v2.1.0",
  sourceRepositoryURI: "https://github.com/acme/widget",
  sourceRepositoryRef: "refs/tags/v2.1.0",
  sourceRepositoryIdentifier: "123456",
  sourceRepositoryOwnerIdentifier: "4242",
  runnerEnvironment: "github-hosted",
  buildTrigger: "push",
  runInvocationURI: "https://github.com/acme/widget/actions/runs/1/attempts/2",
  deploymentEnvironment: "release",
};

let made = 0;

/** A verified bundle with a key and bytes of its own. */
export function signedBy(claims: Claims, more: Partial<Attestation> = {}): Verdict {
  const mark = (++made).toString(16).padStart(64, "0");
  return verified({
    signer: { kind: "certificate", claims },
    leafKey: `sha256:${mark}`,
    bundleDigest: { algorithm: "sha256", hex: mark },
    ...more,
  });
}

export function verified(more: Partial<Attestation>): Verdict {
  return { status: "verified", evidence: EVIDENCE, attestation: attestation(more) };
}

export const EVIDENCE = { source: "registry", location: "https://npm.example/attestations", bundle: {} } as const;
export const BROKEN: Verdict = {
  status: "broken",
  evidence: EVIDENCE,
  code: "SIGNATURE_INVALID",
  detail: "the signature does not verify",
};
export const FOREIGN: Verdict = { status: "foreign", evidence: EVIDENCE, detail: "another root" };
