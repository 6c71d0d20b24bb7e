import type { JsonEvidence, JsonPackage, JsonSigner } from "../json-schema.ts";
import { looksAt } from "./looks.ts";

/** Who signs what, as far as it is verified: those with most packages first. */
export function signersOf(packages: readonly JsonPackage[]): readonly JsonSigner[] {
  const found = new Map<string, Sightings>();
  for (const { purl, evidence } of packages) {
    for (const { signer } of evidence) {
      if (signer === undefined) continue;
      const about = aboutOf(signer);
      const key = JSON.stringify([about.kind, about.signer, about.issuer, about.repository]);
      const sightings = found.get(key) ?? { about, refs: new Set(), packages: new Set(), looks: new Set() };
      found.set(key, sightings);
      sightings.packages.add(purl);
      if (signer.kind !== "certificate") continue;
      const { sourceRepositoryRef: ref, buildTrigger, runnerEnvironment: runner } = signer.claims;
      if (ref !== undefined) sightings.refs.add(ref);
      const triggers = buildTrigger === undefined ? [] : [buildTrigger];
      for (const look of looksAt({ triggers, runner, subject: about.signer })) sightings.looks.add(look);
    }
  }
  return [...found.values()].map(figureOf).toSorted(byPackages);
}

type About = Pick<JsonSigner, "kind" | "signer" | "issuer" | "repository">;

interface Sightings {
  readonly about: About;
  readonly refs: Set<string>;
  readonly packages: Set<string>;
  readonly looks: Set<string>;
}

function aboutOf(signer: NonNullable<JsonEvidence["signer"]>): About {
  if (signer.kind === "key") {
    const { fingerprint, usage, registry } = signer;
    const whose = registry === undefined ? usage : `${usage} of ${registry}`;
    return { kind: "key", signer: `${fingerprint} (${whose})`, issuer: null, repository: null };
  }
  const { buildSignerURI, subjectAlternativeName, tokenSubject, issuer, sourceRepositoryURI } = signer.claims;
  return {
    kind: "certificate",
    signer: withoutRef(buildSignerURI ?? subjectAlternativeName ?? tokenSubject ?? "a certificate without a name"),
    issuer: issuer ?? null,
    repository: sourceRepositoryURI ?? null,
  };
}

/** `https://github.com/acme/widget/.github/workflows/release.yml@refs/tags/v1`: one workflow signs from many refs. */
function withoutRef(subject: string): string {
  const at = subject.lastIndexOf("@refs/");
  return at < 0 ? subject : subject.slice(0, at);
}

function figureOf({ about, refs, packages, looks }: Sightings): JsonSigner {
  return { ...about, refs: [...refs].sort(), packages: [...packages].sort(), looks: [...looks].sort() };
}

function byPackages(left: JsonSigner, right: JsonSigner): number {
  const count = right.packages.length - left.packages.length;
  return count === 0 ? (left.signer < right.signer ? -1 : Number(left.signer > right.signer)) : count;
}
