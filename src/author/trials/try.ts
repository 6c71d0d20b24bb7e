import { SLSA_V1 } from "../../policy/predicate.ts";
import { parsePurl } from "../../ecosystems/purl.ts";
import type { Decision } from "../../model/decision.ts";
import { type Digest, parseDigest } from "../../model/digest.ts";
import type { Facts } from "../../model/facts.ts";
import { PUBLIC_GOOD } from "../../model/trust.ts";
import type { Verdict } from "../../model/verdict.ts";
import { decide } from "../../policy/decide.ts";
import type { Layer } from "../../policy/layer.ts";
import { supposedAttestation } from "../../verify/supposed.ts";
import type { createVerifier } from "../../verify/verifier.ts";
import type { Trial } from "./schema.ts";
import { signerIn } from "./signer.ts";

/** What one trial came to. */
export interface Tried {
  readonly trial: Trial;
  readonly isAsExpected: boolean;
  /** "allow", or "deny" with its codes; or why nothing could be tried. */
  readonly found: string;
}

interface Trying {
  readonly layers: readonly Layer[];
  readonly verify: ReturnType<typeof createVerifier>["verify"];
  /** Trust roots that cannot be had here; what is supposed needs none. */
  readonly missing: NonNullable<Facts["missingRoots"]>;
  /** The bundle of a trial, parsed; null: there is none. */
  readonly evidenceOf: (trial: Trial) => unknown;
  readonly now: Date;
}

export function tryOut(trial: Trial, means: Trying): Tried {
  const ref = parsePurl(trial.package);
  if (ref === null || ref.version === null) return unusable(trial, "no version");
  const digests = (trial.digests ?? []).flatMap((text) => parseDigest(text) ?? []);
  const verdicts = verdictsOf(trial, digests.length === 0 ? [NO_BYTES] : digests, means);
  if (typeof verdicts === "string") return unusable(trial, verdicts);
  const artifact = {
    package: { ecosystem: ref.ecosystem, name: ref.name, version: ref.version, purl: trial.package },
    digests,
    locations: ["a trial"],
    subjectNames: [],
    runsScripts: false,
  };
  const missing = trial.evidence === undefined ? {} : { missingRoots: means.missing };
  const facts = { artifact, digests, verdicts, unavailable: [], faults: [], ...missing };
  const decision = decide(means.layers, facts, means.now);
  const found = foundIn(decision);
  const [, code] = trial.expect.split(" ");
  const isAsExpected =
    trial.expect === "allow"
      ? decision.outcome === "allowed"
      : decision.outcome !== "allowed" && (code === undefined || decision.denials.some((one) => one.code === code));
  return { trial, isAsExpected, found };
}

function verdictsOf(trial: Trial, digests: readonly Digest[], means: Trying): readonly Verdict[] | string {
  const { signedBy, evidence } = trial;
  if (signedBy !== undefined && evidence !== undefined) return "either signedBy or evidence";
  if (evidence !== undefined) {
    const bundle = means.evidenceOf(trial);
    if (bundle === null) return `there is no ${evidence}`;
    const kept = { source: "file", location: evidence, bundle };
    const verdict = means.verify(kept, { names: [], digests, bytes: null });
    return verdict.status === "needs-bytes" ? "the bundle is about other digests than those of the trial" : [verdict];
  }
  if (signedBy === undefined) return [];
  const signer = signerIn(signedBy);
  if (typeof signer === "string") return signer;
  const [digest = NO_BYTES] = digests;
  const root = rootOf(means.layers, signedBy.trust ?? PUBLIC_GOOD);
  if (root === null) return `no policy here names the trust root ${signedBy.trust}`;
  const attestation = supposedAttestation({
    signer,
    root: signer.kind === "key" ? null : root,
    predicateType: signer.kind === "key" ? null : (trial.predicateType ?? SLSA_V1),
    signedAt: trial.signedAt === undefined ? means.now : new Date(trial.signedAt),
    digest,
  });
  return [{ status: "verified", evidence: { source: "trial", location: "a trial", malformed: "" }, attestation }];
}

/** A package of which nothing is said but its name. */
const NO_BYTES: Digest = { algorithm: "sha512", hex: "0".repeat(128) };

function rootOf(layers: readonly Layer[], name: string): string | null {
  if (name === PUBLIC_GOOD) return PUBLIC_GOOD;
  for (const { roots } of layers) if (Object.hasOwn(roots, name)) return roots[name] ?? null;
  return null;
}

function foundIn({ outcome, denials }: Decision): string {
  if (outcome === "allowed") return "allow";
  return ["deny", ...new Set(denials.map(({ code }) => code))].join(" ");
}

function unusable(trial: Trial, found: string): Tried {
  return { trial, isAsExpected: false, found };
}
