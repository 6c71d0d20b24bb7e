import { wayTo } from "../io/inside.ts";
import type { ClosableHost } from "../io/host.ts";
import { findTargets } from "../project/targets.ts";
import { judgeOver } from "../gate/ground.ts";
import { observer } from "../gate/observe.ts";
import { judgePart } from "../gate/part.ts";
import { type AskedRegistry, namesSources, saidOf } from "../gate/silent.ts";
import { walk } from "../gate/walk.ts";
import type { Facts } from "../model/facts.ts";
import { type Ecosystem, label } from "../model/package.ts";
import type { Bounds, Host, Part, Proven } from "../plugin.ts";
import { openProject } from "../project/open.ts";
import type { Source } from "../model/wanted.ts";
import { archivesOf } from "../policy/archives.ts";
import { comparedIn } from "../policy/compared.ts";
import { type Layer, registriesOf } from "../policy/layer.ts";
import { wanted } from "../policy/wanted.ts";
import { formatPurl } from "../ecosystems/purl.ts";
import { type EarlierVersion, recordedBefore } from "./propose/origin.ts";
import type { Progress } from "../gate/progress.ts";
import { openTrust } from "../trust/open.ts";
import { livingVerifier } from "../trust/verifier.ts";
import type { Runtime } from "../runtime.ts";
import type { Foundation } from "./foundation.ts";
import { withPublished } from "./published.ts";
import pMap from "p-map";

/** Everything that the lockfiles here name, with all the evidence that can be had. */
export interface Survey {
  readonly facts: readonly Facts[];
  readonly unbound: Part["unbound"];
  /** For people. */
  readonly lockfiles: readonly string[];
  /** What packages with a maker's evidence say about their own repository, by purl. Unsigned. */
  readonly repositories: ReadonlyMap<string, string>;
  /** False: a part came to be known that no policy lets through, and what it would lead to was not looked at. */
  readonly isWhole: boolean;
  /** Of that part, where it would run as soon as a policy lets it through: its packages, for people. */
  readonly wouldRun: readonly string[];
  /** The same of the versions that are recorded of such a package's name. */
  readonly earlier: ReadonlyMap<string, readonly EarlierVersion[]>;
  /** Registries that had nothing of any package, in words. */
  readonly silent: readonly string[];
}

export interface SurveyMeans {
  readonly runtime: Runtime;
  readonly host: ClosableHost;
  readonly progress: Progress;
}

/** What the search stands on. */
export type Footing = Pick<Foundation, "layers" | "roots" | "keys" | "notary" | "repositoryRoot" | "baseline">;

/** Opens every lockfile, collects and verifies as the gate does, and judges nothing. */
export async function survey(lockfiles: readonly string[], footing: Footing, means: SurveyMeans): Promise<Survey> {
  const { host, runtime } = means;
  const all: Survey[] = [];
  for (const { plugin, ...where } of (await findTargets(lockfiles, runtime.cwd)).found) {
    const request = { purpose: "check", args: [], ...where } as const;
    const opened = await openProject(plugin, request, host, async () =>
      boundsOf(footing, plugin.table.ecosystem, host.now()),
    );
    await walk(opened, host, async (part) => {
      const found = await surveyPart((await part.everywhere?.()) ?? part, footing, means);
      const proven = part.opens ? await letThrough(part, footing, host) : [];
      all.push(proven === null ? endedBy(part, found) : found);
      return proven;
    });
  }
  return joined(all);
}

export function boundsOf({ layers, repositoryRoot }: Footing, ecosystem: Ecosystem, now: Date): Bounds {
  return { repositoryRoot, registries: registriesOf(layers, ecosystem), archives: archivesOf(layers, now) };
}

/** As the gate would hand it back; null also where no policy could let it through. */
export async function letThrough(part: Part, footing: Footing, host: Host): Promise<readonly Proven[] | null> {
  const { layers } = footing;
  if (layers.length === 0) return null;
  const { verify, trust } = await verifierOf(footing, host);
  const judge = judgeOver(layers, verify, {
    wantsBytes: true,
    offline: host.offline,
    now: host.now(),
    missing: trust.missing,
  });
  const { isDenied, proven } = await judgePart(part, judge);
  return isDenied ? null : proven;
}

/** Nothing comes behind a part that was not let through. */
export function endedBy({ artifacts, runs }: Part, found: Survey): Survey {
  const wouldRun = runs === true ? artifacts.map(({ package: one }) => label(one)) : [];
  return { ...found, isWhole: false, wouldRun };
}

export function joined(all: readonly Survey[]): Survey {
  return {
    facts: all.flatMap(({ facts }) => facts),
    unbound: all.flatMap(({ unbound }) => unbound),
    lockfiles: [...new Set(all.flatMap(({ lockfiles }) => lockfiles))],
    repositories: new Map(all.flatMap(({ repositories }) => [...repositories])),
    isWhole: all.every(({ isWhole }) => isWhole),
    wouldRun: all.flatMap(({ wouldRun }) => wouldRun),
    earlier: new Map(all.flatMap(({ earlier }) => [...earlier])),
    silent: [...new Set(all.flatMap(({ silent }) => silent))],
  };
}

/** All the evidence that can be had of what one part holds. */
export async function surveyPart(part: Part, footing: Footing, means: SurveyMeans): Promise<Survey> {
  const { host, runtime, progress } = means;
  const { verify } = await verifierOf(footing, host);
  const eyes = observer({
    verify,
    offline: host.offline,
    sources: sourcesOf(footing.layers),
    wanted: (artifact) => wanted(footing.layers, artifact, host.now()),
    compares: (artifact) => comparedIn(footing.layers, artifact),
  });
  await judgePart(part, eyes.judge, progress);
  const facts = await withPublished(eyes.facts(), part, { verify, ...footing }, host);
  return {
    facts,
    unbound: part.unbound,
    lockfiles: part.lockfile === null ? [] : [wayTo(runtime.cwd, part.lockfile)],
    repositories: await repositoriesOf(part, facts),
    isWhole: true,
    wouldRun: [],
    earlier: await earlierOf(part, facts, footing.layers),
    silent: namesSources(footing.layers) ? [] : saidOf(facts.map((one) => askedOf(one, part))),
  };
}

function askedOf({ artifact, verdicts, unavailable, faults }: Facts, part: Part): AskedRegistry {
  const registry = part.registryOf?.(artifact) ?? null;
  return { purl: artifact.package.purl, registry, verdicts, unavailable, lacks: faults.length === 0 };
}

async function verifierOf({ roots: named, keys, notary }: Footing, host: Host) {
  const trust = await openTrust(named, host);
  return { trust, verify: livingVerifier({ named, keys, notary, trust }, host) };
}

export function sourcesOf(layers: readonly Layer[]) {
  return (ecosystem: keyof Layer["sources"]): readonly Source[] => {
    const all = layers.flatMap(({ sources }) => sources[ecosystem] ?? []);
    return [...new Map(all.map((source) => [JSON.stringify(source), source])).values()];
  };
}

async function repositoriesOf(part: Part, facts: readonly Facts[]): Promise<ReadonlyMap<string, string>> {
  const describe = part.describe?.bind(part);
  if (describe === undefined) return new Map();
  const found = await pMap(
    signedIn(facts),
    async ({ artifact }) => [artifact.package.purl, (await describe(artifact)).repository] as const,
    { concurrency: 8 },
  );
  return new Map(found.flatMap(([purl, repository]) => (repository === null ? [] : [[purl, repository] as const])));
}

function signedIn(facts: readonly Facts[]): readonly Facts[] {
  return facts.filter(({ verdicts }) => verdicts.some(({ status }) => status === "verified"));
}

/** As many recorded versions of a name as are asked about; the last of them. */
const MOST_EARLIER = 4;

async function earlierOf(
  part: Part,
  facts: readonly Facts[],
  [outermost]: readonly Layer[],
): Promise<Survey["earlier"]> {
  if (outermost === undefined) return new Map();
  const found = await pMap(
    signedIn(facts),
    async ({ artifact }) => {
      const versions = recordedBefore(artifact.package, outermost).slice(-MOST_EARLIER);
      const earlier = versions.map(async (version) => {
        const purl = formatPurl({ ...artifact.package, version });
        const said = await part.describe?.({ ...artifact, package: { ...artifact.package, version, purl } });
        return { version, repository: said?.repository ?? null };
      });
      return [artifact.package.purl, await Promise.all(earlier)] as const;
    },
    { concurrency: 8 },
  );
  return new Map(found);
}
