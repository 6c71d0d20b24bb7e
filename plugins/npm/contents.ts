import type { Artifact, Bytes, Contents, Host, PackageRef } from "../../src/plugin.ts";
import { type Obtained, obtainBytes } from "./bytes.ts";
import { collectEvidence, type Wanted } from "./evidence.ts";
import { digestsOf } from "./integrity.ts";
import { describePackage } from "./metadata.ts";
import type { Registries } from "./origin.ts";
import type { Locked, Resolution } from "./places.ts";
import { registrySignatures } from "./registry-signatures.ts";
import { tarballUrl } from "./download.ts";

export interface Means {
  readonly registries: Registries;
  /** Where the bytes are put; private. */
  readonly folder: string;
  readonly host: Host;
}

/** The packages of a resolution, and how to get at their bytes and evidence; `obtained`: the bytes so far, by purl. */
export function contentsOf(
  resolution: Resolution,
  { registries, folder, host }: Means,
): Contents & { readonly obtained: ReadonlyMap<string, Obtained> } {
  const signatures = registrySignatures(resolution, registries, host);
  const obtained = new Map<string, Obtained>();
  const underWay = new Map<string, Promise<Obtained>>();
  return {
    obtained,
    artifacts: [...resolution.locked.values()].map((locked) => artifactOf(locked, obtained)),
    obtain,
    collect: (artifact, source, fresh) => collectEvidence(wantedOf(artifact), source, fresh, registries, host),
    describe: (artifact) => describePackage(artifact, registries, host),
  };

  function wantedOf(artifact: Artifact): Wanted {
    return {
      artifact: asHashed(artifact),
      tarball: tarballUrl(lockedOf(resolution, artifact.package.purl), registries),
      digests: async () => (await obtain(artifact)).digests,
      signature: (fresh) => signatures(artifact.package, fresh),
    };
  }

  /** Evidence may be kept by a digest that only the bytes tell. */
  function asHashed(artifact: Artifact): Artifact {
    const bytes = obtained.get(artifact.package.purl);
    return bytes === undefined ? artifact : { ...artifact, digests: bytes.digests };
  }

  async function obtain(artifact: Artifact): Promise<Bytes> {
    const { purl } = artifact.package;
    const work = underWay.get(purl) ?? obtainBytes(lockedOf(resolution, purl), { registries, folder, host });
    underWay.set(purl, work);
    const bytes = await work;
    obtained.set(purl, bytes);
    return bytes;
  }
}

function artifactOf(locked: Locked, obtained: ReadonlyMap<string, Obtained>): Artifact {
  const { package: ref, stated, places } = locked;
  return {
    package: ref,
    digests: digestsOf(stated),
    locations: places.map(({ location }) => location),
    subjectNames: [ref.purl, packedName(ref)],
    /** What the lock says, and once the archive is here, what it says. */
    get runsScripts() {
      return places.some(({ hasInstallScript }) => hasInstallScript) || (obtained.get(ref.purl)?.runsScripts ?? false);
    },
  };
}

/** The file that `npm pack` makes: what a workflow attests before it publishes (`actions/attest` names files). */
function packedName({ name, version }: PackageRef): string {
  return `${name.replace(/^@/, "").replace("/", "-")}-${version}.tgz`;
}

function lockedOf({ locked }: Resolution, purl: string): Locked {
  const found = locked.get(purl);
  if (found === undefined) throw new TypeError(`${purl} is not of this session`);
  return found;
}
