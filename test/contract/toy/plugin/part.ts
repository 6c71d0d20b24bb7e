import {
  type Artifact,
  ArtifactError,
  type Bytes,
  type Code,
  compareDigests,
  type Digest,
  type Evidence,
  type Host,
  LIMITS,
  type Part,
  type Source,
  SourceUnavailable,
} from "../../../../src/plugin.ts";
import { readDocument } from "../../../../src/evidence/document.ts";
import type { Locked, ToyProject } from "./locate.ts";
import { createHash } from "node:crypto";

interface Means {
  readonly project: ToyProject;
  readonly host: Host;
  readonly opens: boolean;
}

/** Packages of the registry that the lock names. */
export function partOf(listed: readonly Locked[], { project, host, opens }: Means): Part {
  const underWay = new Map<string, Promise<Bytes>>();
  return {
    lockfile: project.lockfile,
    artifacts: listed.map(artifactOf),
    unbound: [],
    notGated: [],
    opens,
    obtain,
    collect,
  };

  function obtain(artifact: Artifact): Promise<Bytes> {
    const { purl } = artifact.package;
    const bytes = underWay.get(purl) ?? fetchBytes(artifact);
    underWay.set(purl, bytes);
    return bytes;
  }

  async function fetchBytes(artifact: Artifact): Promise<Bytes> {
    const { status, body } = await ask(addressOf(artifact)).catch((error: unknown) => {
      throw denied("ARTIFACT_UNAVAILABLE", error instanceof Error ? error.message : String(error));
    });
    if (status !== 200) throw denied("ARTIFACT_UNAVAILABLE", `the registry answers ${status}`);
    const digests = (["sha256", "sha512"] as const).map((algorithm): Digest => ({
      algorithm,
      hex: createHash(algorithm).update(body).digest("hex"),
    }));
    if (compareDigests(digests, artifact.digests) !== "same")
      throw denied("INTEGRITY_MISMATCH", "the registry has other bytes than the lock");
    return { digests, read: () => Promise.resolve(body) };
  }

  async function collect(artifact: Artifact, source: Source): Promise<readonly Evidence[]> {
    if (source.kind !== "own") throw new SourceUnavailable(source.kind, "toy asks its registry only");
    const address = `${addressOf(artifact)}.sigstore.json`;
    const { status, body } = await ask(address);
    if (status === 404) return [];
    if (status !== 200) throw new SourceUnavailable(address, `answers ${status}`);
    return readDocument(body.toString("utf8"), "registry", address);
  }

  function addressOf({ package: { name, version } }: Artifact): string {
    return `${project.registry}${name}-${version}`;
  }

  function ask(address: string) {
    return host.fetch(address, { maxBytes: LIMITS.lockfileBytes });
  }
}

function artifactOf({ name, version, sha512 }: Locked): Artifact {
  const purl = `pkg:toy/${name}@${version}`;
  return {
    package: { ecosystem: "toy" as Artifact["package"]["ecosystem"], name, version, purl },
    digests: [{ algorithm: "sha512", hex: sha512 }],
    locations: [`toy_modules/${name}`],
    subjectNames: [purl],
    runsScripts: false,
  };
}

function denied(code: Code, message: string): ArtifactError {
  return new ArtifactError({ code, message, details: [] });
}
