import { realpath } from "node:fs/promises";
import { walk } from "../gate/walk.ts";
import { isInside } from "../io/inside.ts";
import { findTargets } from "../project/targets.ts";
import { openProject, projectFolder } from "../project/open.ts";
import type { AuthorArguments } from "./arguments.ts";
import { findFoundation, type Foundation, foundationOf } from "./foundation.ts";
import { gatedCommand } from "./arguments.ts";
import { boundsOf, endedBy, joined, letThrough, type SurveyMeans, type Survey, survey, surveyPart } from "./survey.ts";

type SurveyArguments = Omit<AuthorArguments, "words" | "write">;

interface Surveyed {
  readonly foundation: Foundation;
  readonly found: Survey;
}

type Ready = (foundation: Foundation) => void | Promise<void>;

/**
 * What the lockfiles name or, where a command follows `--`, what it would install, beside the policy that counts for it.
 * `ready` may refuse the policy before anything is asked of a registry.
 */
export async function surveyAsked(
  asked: SurveyArguments,
  means: SurveyMeans,
  ready: Ready = () => {},
): Promise<Surveyed> {
  if (asked.command !== null) return surveyCommand(asked.command, asked, means, ready);
  const foundation = await foundationFor(asked, means);
  await ready(foundation);
  return { foundation, found: await survey(asked.lockfiles, foundation, means) };
}

/**
 * A policy counts from the folder that the installer takes for the project: of a workspace that is one above it. Of several
 * that lie around the place where the command was typed, the outermost; locks further down are judged by what stands here.
 */
async function foundationFor(asked: SurveyArguments, { runtime, host }: SurveyMeans): Promise<Foundation> {
  const here = await realpath(runtime.cwd);
  const { found } = await findTargets(asked.lockfiles, runtime.cwd);
  const projects = await Promise.all(
    found.map(({ plugin, ...where }) => projectFolder(plugin, { purpose: "check", args: [], ...where }, host)),
  );
  const [outermost] = projects.filter((one) => one !== here && isInside(here, one)).toSorted(byLength);
  if (asked.options.policy !== null || outermost === undefined) return findFoundation(asked, runtime);
  return foundationOf(outermost, asked, runtime);
}

function byLength(left: string, right: string): number {
  return left.length - right.length;
}

/** Lets the installer resolve as for an installation, of all platforms and groups. Nothing of the project changes. */
async function surveyCommand(
  words: readonly string[],
  asked: SurveyArguments,
  means: SurveyMeans,
  ready: Ready,
): Promise<Surveyed> {
  const { runtime, host } = means;
  const { plugin, program, args } = await gatedCommand(words, runtime.cwd);
  const request = { purpose: "install", cwd: runtime.cwd, program, args } as const;
  const opened = await openProject(plugin, request, host, async ({ folder }) => {
    const foundation = await foundationOf(folder, asked, runtime);
    await ready(foundation);
    return { ...boundsOf(foundation, plugin.table.ecosystem, host.now()), foundation };
  });
  const { foundation } = opened.bounds;
  const all: Survey[] = [];
  await walk(opened, host, async (part) => {
    const found = await surveyPart((await part.everywhere?.()) ?? part, foundation, means);
    const proven = part.opens ? await letThrough(part, foundation, host) : null;
    all.push(part.opens && proven === null ? endedBy(part, found) : found);
    return proven;
  });
  return { foundation, found: joined(all) };
}
