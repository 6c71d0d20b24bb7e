import { findGround, type PolicyGround } from "../gate/ground.ts";
import { gatedCommand, parseAsked, type AuthorArguments } from "../author/arguments.ts";
import type { Typed } from "../author/draft.ts";
import { named } from "../author/named.ts";
import { sourcesOf } from "../author/survey.ts";
import { SafeInstallError } from "../errors.ts";
import { EXIT, worstExit } from "../exit.ts";
import { judgeArtifact } from "../gate/judge.ts";
import { codeText, shownCode } from "../help/codes/index.ts";
import { observer } from "../gate/observe.ts";
import { judgePart } from "../gate/part.ts";
import { walk } from "../gate/walk.ts";
import type { ClosableHost } from "../io/host.ts";
import { CODES } from "../model/codes.ts";
import { label, type PackageRef } from "../model/package.ts";
import type { Artifact, Part, Request, Unbound } from "../plugin.ts";
import { tableFor } from "../plugins.ts";
import { openProject } from "../project/open.ts";
import { explainLayer } from "../author/explain.ts";
import { denialBlock } from "../report/denial.ts";
import { explanation, type Story } from "../author/words/explanation.ts";
import { answer } from "../report/answer.ts";
import { packageJson, unboundJson } from "../report/json.ts";
import type { Paint } from "../report/text.ts";
import type { Runtime } from "../runtime.ts";
import { type CheckTarget, findTargets } from "../project/targets.ts";
import { withHost } from "./with-host.ts";

/**
 * `safe-install explain <purl|name> [-- npm install left-pad]`: the whole story of one package of the lock, or of what a command
 * would install. `safe-install explain CODE`: what docs/codes.md says of that code. @returns as `check` would for the package alone; 0 for a code
 */
export async function explain(args: readonly string[], runtime: Runtime): Promise<number> {
  const asked = parseAsked(args, ["lockfile", "command"], "explain");
  const [word] = asked.words;
  if (word === undefined || asked.words.length > 1) throw oneWord();
  const code = codeText(word);
  if (code !== null) {
    return answer("explain", EXIT.ok, { text: () => shownCode(code), json: () => ({ ...code }) }, runtime);
  }
  return withHost(asked.options, runtime, async (host) => {
    const targets = await targetsOf(asked, runtime);
    const found: ToExplain[] = [];
    const locked: PackageRef[] = [];
    for (const target of targets) {
      const looked = await look(target, word, asked, runtime, host);
      found.push(...looked.found);
      locked.push(...looked.locked);
    }
    if (found.length === 0)
      named(
        word,
        locked.map((one) => ({ package: one })),
      );
    const typed = { command: asked.command, policy: asked.options.policy };
    const exit = worstExit(found.flatMap(codesOf).map((code) => CODES[code].exit)) || EXIT.ok;
    return answer("explain", exit, { text: textOf(found, typed), json: () => toJson(found) }, runtime);
  });
}

type Target = Pick<Request, "purpose" | "args" | "cwd" | "lockfile" | "program"> & Pick<CheckTarget, "plugin">;

async function targetsOf({ command, lockfiles }: AuthorArguments, { cwd }: Runtime): Promise<readonly Target[]> {
  if (command !== null) return [{ ...(await gatedCommand(command, cwd)), cwd, purpose: "install" }];
  const { found } = await findTargets(lockfiles, cwd);
  return found.map((one) => ({ ...one, purpose: "check", args: [] }));
}

function textOf(found: readonly ToExplain[], typed: Typed) {
  return (paint: Paint, columns: number) => found.map((one) => textOfOne(one, typed, paint, columns)).join("");
}

function textOfOne(one: ToExplain, typed: Typed, paint: Paint, columns: number): string {
  if ("story" in one) return explanation(one.story, typed, paint, columns);
  return `${denialBlock(titleOf(one.unbound), one.unbound.denial, "✗", paint, columns)}\n`;
}

/** As in the report of `check`. */
function toJson(found: readonly ToExplain[]) {
  return {
    packages: found.flatMap((one) => ("story" in one ? [packageJson(one.story.decision)] : [])),
    unbound: found.flatMap((one) => ("story" in one ? [] : [unboundJson(one.unbound)])),
  };
}

type ToExplain = { readonly story: Story } | { readonly unbound: Unbound };

async function look(
  { plugin, ...request }: Target,
  word: string,
  { options }: AuthorArguments,
  runtime: Runtime,
  host: ClosableHost,
): Promise<{ readonly found: readonly ToExplain[]; readonly locked: readonly PackageRef[] }> {
  const about = { ecosystem: plugin.table.ecosystem, purpose: "check", options } as const;
  const opened = await openProject(plugin, request, host, ({ folder }) =>
    findGround({ ...about, project: folder }, host, runtime.cwd),
  );
  const found: ToExplain[] = [];
  const locked: PackageRef[] = [];
  await walk(opened, host, async (part) => {
    const all = (await part.everywhere?.()) ?? part;
    for (const artifact of matching(word, all.artifacts))
      found.push({ story: await storyOf(artifact, all, opened.bounds, host) });
    const unbound = all.unbound.flatMap((one) => (one.package === null ? [] : [{ package: one.package, of: one }]));
    found.push(...matching(word, unbound).map(({ of }) => ({ unbound: of })));
    locked.push(...all.artifacts.map((one) => one.package));
    // Nothing is fetched to be installed.
    if (!part.opens) return request.purpose === "install" ? null : [];
    const { isDenied, proven } = await judgePart(part, opened.bounds.judge);
    return isDenied ? null : proven;
  });
  return { found, locked };
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
  part: Part,
  { judge, layers }: PolicyGround,
  host: ClosableHost,
): Promise<Story> {
  const { decision } = await judgeArtifact(artifact, part, judge);
  const eyes = observer({
    verify: (...of) => judge.verify(...of),
    offline: host.offline,
    sources: sourcesOf(layers),
    // What lies inside the package costs no question.
    wanted: (one) => ({ ...judge.wanted(one), ...(isSignedInside(one) ? { baseline: true } : {}) }),
  });
  await judgeArtifact(artifact, part, eyes.judge);
  const [facts] = eyes.facts();
  if (facts === undefined) throw new TypeError("an artifact was judged without facts");
  return { decision, facts, explanations: layers.map((layer) => explainLayer(layer, facts)) };
}

function isSignedInside({ package: { ecosystem } }: Artifact): boolean {
  return tableFor(ecosystem).registrySigns === "inside";
}

function titleOf({ package: ref, location }: Unbound): string {
  return ref === null ? location : label(ref);
}

function codesOf(found: ToExplain) {
  if ("unbound" in found) return [found.unbound.denial.code];
  const { decision } = found.story;
  return decision.outcome === "denied" ? decision.denials.map(({ code }) => code) : [];
}

function oneWord(): SafeInstallError {
  return new SafeInstallError("usage", "USAGE", "explain: expected one package or one code", {
    hint: "safe-install explain @acme/widget, or @acme/widget@2.1.0, or pkg:npm/%40acme/widget@2.1.0, or NO_RULE",
  });
}
