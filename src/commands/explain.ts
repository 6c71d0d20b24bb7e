import { provesNothing } from "../gate.ts";
import { type Assembled, assemble } from "../assemble.ts";
import { parseAsked, type Asked } from "../author/arguments.ts";
import { named } from "../author/named.ts";
import { sourcesOf } from "../author/survey.ts";
import { SafeInstallError } from "../errors.ts";
import { EXIT, worstExit } from "../exit.ts";
import { judgeArtifact } from "../judge.ts";
import type { ClosableHost } from "../io/host.ts";
import { CODES } from "../model/codes.ts";
import { label, type PackageRef } from "../model/package.ts";
import { observer } from "../observe.ts";
import type { Artifact, Session, Unbound } from "../plugin.ts";
import { explainLayer } from "../policy/explanation.ts";
import { denialBlock } from "../report/denial.ts";
import { explanation, type Story } from "../report/explanation.ts";
import { paintFor } from "../report/text.ts";
import type { World } from "../world.ts";
import { findTargets } from "./check.ts";
import type { Target } from "./check-one.ts";
import { withHost } from "./host.ts";

/** `safe-install explain <purl|name>`: the whole story of one package of the lock. @returns as `check` would for it alone */
export async function explain(args: readonly string[], world: World): Promise<number> {
  const asked = parseAsked(args, ["lockfile"]);
  const [word] = asked.words;
  if (word === undefined || asked.words.length > 1) throw oneWord();
  return withHost(asked.options, world, async (host) => {
    const targets = await findTargets(asked, world);
    const found: Found[] = [];
    const locked: PackageRef[] = [];
    for (const target of targets) {
      const looked = await look(target, word, asked, world, host);
      found.push(...looked.found);
      locked.push(...looked.locked);
    }
    if (found.length === 0)
      named(
        word,
        locked.map((one) => ({ package: one })),
      );
    const paint = paintFor(world.stdout, world.env);
    const { columns } = world.stdout;
    for (const one of found) {
      if ("story" in one) world.stdout.write(explanation(one.story, paint, columns));
      else world.stdout.write(`${denialBlock(titleOf(one.unbound), one.unbound.denial, "✗", paint, columns)}\n`);
    }
    return worstExit(found.flatMap(codesOf).map((code) => CODES[code].exit)) || EXIT.ok;
  });
}

type Found = { readonly story: Story } | { readonly unbound: Unbound };

async function look(
  { plugin, ...where }: Target,
  word: string,
  { options }: Asked,
  world: World,
  host: ClosableHost,
): Promise<{ readonly found: readonly Found[]; readonly locked: readonly PackageRef[] }> {
  let assembled: Assembled | null = null;
  const { ecosystem } = plugin;
  const assembleFor = async (project: string) =>
    (assembled ??= await assemble({ project, ecosystem, purpose: "check", options }, host, world.cwd));
  const context = async (project: string) => ({ ...(await assembleFor(project)), prove: provesNothing });
  const session = await plugin.open({ purpose: "check", args: [], everything: true, ...where, context }, host);
  try {
    const judged = assembled ?? (await assembleFor(session.project));
    const stories: Found[] = [];
    for (const artifact of matching(word, session.artifacts))
      stories.push({ story: await storyOf(artifact, session, judged, host) });
    const unbound = session.unbound.flatMap((one) => (one.package === null ? [] : [{ package: one.package, of: one }]));
    const locked = session.artifacts.map((one) => one.package);
    return { found: [...stories, ...matching(word, unbound).map(({ of }) => ({ unbound: of }))], locked };
  } finally {
    await session.close();
  }
}

function matching<T extends Parameters<typeof named>[1][number]>(word: string, all: readonly T[]): readonly T[] {
  try {
    return named(word, all);
  } catch {
    return [];
  }
}

async function storyOf(
  artifact: Artifact,
  session: Session,
  { judge, layers }: Assembled,
  host: ClosableHost,
): Promise<Story> {
  const { decision } = await judgeArtifact(artifact, session, judge);
  const eyes = observer({
    verify: (...of) => judge.verify(...of),
    offline: host.offline,
    sources: sourcesOf(layers),
    wanted: (one) => judge.wanted(one),
  });
  await judgeArtifact(artifact, session, eyes.judge);
  const [facts] = eyes.facts();
  if (facts === undefined) throw new TypeError("an artifact was judged without facts");
  return { decision, facts, explanations: layers.map((layer) => explainLayer(layer, facts)) };
}

function titleOf({ package: ref, location }: Unbound): string {
  return ref === null ? location : label(ref);
}

function codesOf(found: Found) {
  if ("unbound" in found) return [found.unbound.denial.code];
  const { decision } = found.story;
  return decision.outcome === "denied" ? decision.denials.map(({ code }) => code) : [];
}

function oneWord(): SafeInstallError {
  return new SafeInstallError("usage", "USAGE", "explain: expected one package", {
    hint: "safe-install explain @acme/widget, or @acme/widget@2.1.0, or pkg:npm/%40acme/widget@2.1.0",
  });
}
