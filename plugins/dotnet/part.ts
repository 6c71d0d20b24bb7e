import type { Artifact, Host, Part, Proven } from "../../src/plugin.ts";
import { collectEvidence } from "./evidence/index.ts";
import { feedsFor, mirrorIn } from "./feed/feed.ts";
import type { PackageSet, WantedPackage } from "./resolve/lock.ts";
import { packageKey } from "./names.ts";
import { type ObtainedPackage, obtainPackage } from "./bytes/obtain.ts";
import { CONTENT } from "./bytes/package.ts";
import type { LearntFeeds } from "./feed/feed.ts";
import type { NuGetSettings } from "./feed/settings.ts";

/** Where the bytes of a part come from. */
interface Around {
  /** The folder whose policy counts. */
  readonly project: string;
  readonly settings: NuGetSettings;
  /** Private, for the bytes. */
  readonly folder: string;
  /** Packages folder of a quarantine restore; absent: the feeds are asked. */
  readonly quarantine?: string | null;
  /** Of the feeds: the same for every part of a run. */
  readonly learnt: LearntFeeds;
  readonly host: Host;
}

/** A dependency set with the ways to its bytes and evidence. */
export function partOf(
  { wanted, unbound, notGated }: PackageSet,
  around: Around,
  lockfile: string | null = null,
): Part {
  const { project, settings, folder, quarantine = null, learnt, host } = around;
  const underWay = new Map<Artifact, Promise<ObtainedPackage>>();
  const opened = new Map<string, ObtainedPackage>();
  return {
    lockfile,
    artifacts: [...wanted].map(([key, one]) => artifactOf(one, () => opened.get(key))),
    unbound,
    notGated,
    opens: false,
    obtain,
    collect: (artifact, source, fresh) =>
      collectEvidence(source, { artifact, feeds: feedsOf(artifact), fresh, host, obtain: () => obtain(artifact) }),
    registryOf: (artifact) => mirrorIn(feedsOf(artifact)),
  };

  function obtain(artifact: Artifact): Promise<ObtainedPackage> {
    const work = underWay.get(artifact) ?? fetch(artifact);
    underWay.set(artifact, work);
    return work;
  }

  async function fetch(artifact: Artifact): Promise<ObtainedPackage> {
    const key = packageKey(artifact.package);
    const one = wanted.get(key);
    if (one === undefined) throw new TypeError(`${key} is not of this part`);
    const { globalPackagesFolder: globalPackages } = settings;
    const places = { folder, quarantine, globalPackages, feeds: feedsOf(artifact), host };
    const obtained = await obtainPackage(one, places);
    opened.set(key, obtained);
    return obtained;
  }

  function feedsOf({ package: { name } }: Artifact) {
    return feedsFor(name, settings, project, learnt, host.env);
  }
}

/** What a package holds is known once its bytes are here. */
function artifactOf(
  { package: ref, stated, locations, needs }: WantedPackage,
  opened: () => ObtainedPackage | undefined,
): Artifact {
  return {
    package: ref,
    digests: stated,
    locations,
    subjectNames: [],
    form: CONTENT,
    get runsScripts() {
      return opened()?.runsInBuild ?? false;
    },
    get licence() {
      return opened()?.licence ?? undefined;
    },
    ...(needs === undefined ? {} : { dependsOn: needs }),
  };
}

/** What was proven before is not asked for again, but where more is known of its bytes by now. */
export function without(resolution: PackageSet, early: readonly Proven[]): PackageSet {
  const known = new Set(early.map(({ artifact }) => packageKey(artifact.package)));
  const rest = [...resolution.wanted].filter(([key, { stated }]) => stated.length > 0 || !known.has(key));
  return { ...resolution, wanted: new Map(rest) };
}

/** Everything that was proven, each package once: the last word on it counts. */
export function together(...parts: readonly (readonly Proven[])[]): readonly Proven[] {
  return [...new Map(parts.flat().map((one) => [packageKey(one.artifact.package), one])).values()];
}
