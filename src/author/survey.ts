import { wayTo } from "../io/inside.ts";
import { publicGoodRoot, registryKeys } from "../io/trust.ts";
import type { ClosableHost } from "../io/host.ts";
import { findTargets } from "../commands/check.ts";
import type { Target } from "../commands/check-one.ts";
import { gate, provesNothing } from "../gate.ts";
import type { Facts } from "../judge.ts";
import { PUBLIC_GOOD } from "../model/trust.ts";
import { observer } from "../observe.ts";
import type { Session } from "../plugin.ts";
import type { Source } from "../model/source.ts";
import { type Layer, registriesOf } from "../policy/layer.ts";
import { wanted } from "../policy/wanted.ts";
import type { TrustNames } from "../policy/proposal/sighting.ts";
import type { Progress } from "../progress.ts";
import { createVerifier } from "../verify/verifier.ts";
import type { World } from "../world.ts";
import type { Foundation } from "./foundation.ts";
import { withPublished } from "./published.ts";
import pMap from "p-map";

/** Everything that the lockfiles here name, with all the evidence that can be had. */
export interface Survey {
  readonly facts: readonly Facts[];
  readonly unbound: Session["unbound"];
  /** For people. */
  readonly lockfiles: readonly string[];
  /** What packages with a maker's evidence say about their own repository, by purl. Unsigned. */
  readonly repositories: ReadonlyMap<string, string>;
}

export interface Means {
  readonly world: World;
  readonly host: ClosableHost;
  readonly progress: Progress;
}

type Ground = Pick<Foundation, "layers" | "roots" | "keys" | "repositoryRoot" | "baseline">;

/** Opens every lockfile, collects and verifies as the gate does, and judges nothing. */
export async function survey(lockfiles: readonly string[], ground: Ground, means: Means): Promise<Survey> {
  const targets = await findTargets({ lockfiles }, means.world);
  const all: Survey[] = [];
  for (const target of targets) all.push(await surveyOne(target, ground, means));
  return {
    facts: all.flatMap(({ facts }) => facts),
    unbound: all.flatMap(({ unbound }) => unbound),
    lockfiles: all.flatMap(({ lockfiles }) => lockfiles),
    repositories: new Map(all.flatMap(({ repositories }) => [...repositories])),
  };
}

async function surveyOne({ plugin, ...where }: Target, ground: Ground, means: Means): Promise<Survey> {
  const { host } = means;
  const registries = registriesOf(ground.layers, plugin.ecosystem);
  const context = async () => ({ repositoryRoot: ground.repositoryRoot, registries, prove: provesNothing });
  const session = await plugin.open({ purpose: "check", args: [], everything: true, ...where, context }, host);
  try {
    return await surveySession(session, ground, means);
  } finally {
    await session.close();
  }
}

/** All the evidence that can be had of what one open session holds; `session` stays open. */
export async function surveySession(session: Session, ground: Ground, means: Means): Promise<Survey> {
  const { host, world, progress } = means;
  const eyes = observer({
    verify: verifierOf(ground),
    offline: host.offline,
    sources: sourcesOf(ground.layers),
    wanted: (artifact) => wanted(ground.layers, artifact, host.now()),
  });
  await gate(session, eyes.judge, progress);
  const facts = ground.baseline ? await withPublished(eyes.facts(), session, verifierOf(ground), host) : eyes.facts();
  return {
    facts,
    unbound: session.unbound,
    lockfiles: session.lockfile === null ? [] : [wayTo(world.cwd, session.lockfile)],
    repositories: await repositoriesOf(session, facts),
  };
}

export function verifierOf({ roots, keys }: Pick<Ground, "roots" | "keys">) {
  const verifier = createVerifier([publicGoodRoot(), ...roots], [...registryKeys(), ...keys]);
  return (...of: Parameters<typeof verifier.verify>) => verifier.verifyBeside(...of);
}

export function sourcesOf(layers: readonly Layer[]) {
  return (ecosystem: keyof Layer["sources"]): readonly Source[] => {
    const all = layers.flatMap(({ sources }) => sources[ecosystem] ?? []);
    return [...new Map(all.map((source) => [JSON.stringify(source), source])).values()];
  };
}

/** The names that the layers (the outermost first) and the command line have for trust roots. */
export function trustNames({ layers, roots }: Pick<Ground, "layers" | "roots">): TrustNames {
  const outermost = Object.entries(layers[0]?.roots ?? {}).map(([name, id]) => [id, name] as const);
  return new Map([...roots.map(({ id, name }) => [id, name] as const), ...outermost, [PUBLIC_GOOD, PUBLIC_GOOD]]);
}

async function repositoriesOf(session: Session, facts: readonly Facts[]): Promise<ReadonlyMap<string, string>> {
  const describe = session.describe?.bind(session);
  if (describe === undefined) return new Map();
  const signed = facts.filter(({ verdicts }) => verdicts.some(({ status }) => status === "verified"));
  const found = await pMap(
    signed,
    async ({ artifact }) => [artifact.package.purl, (await describe(artifact)).repository] as const,
    { concurrency: 8 },
  );
  return new Map(found.flatMap(([purl, repository]) => (repository === null ? [] : [[purl, repository] as const])));
}
