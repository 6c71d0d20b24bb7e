import { refuseProjectOutside } from "../commands/placed.ts";
import { provesNothing } from "../gate.ts";
import { registriesOf } from "../policy/layer.ts";
import type { Asked } from "./arguments.ts";
import { findFoundation, type Foundation, foundationOf } from "./foundation.ts";
import { gatedCommand } from "./gated-command.ts";
import { type Means, type Survey, survey, surveySession } from "./survey.ts";

type Wish = Omit<Asked, "words" | "write">;

export interface Surveyed {
  readonly foundation: Foundation;
  readonly found: Survey;
}

/**
 * What the lockfiles name or, where a command follows `--`, what it would install, beside the policy that counts for it.
 * `ready` may refuse the policy before anything is asked of a registry.
 */
export async function surveyAsked(
  asked: Wish,
  means: Means,
  ready: (foundation: Foundation) => void = () => {},
): Promise<Surveyed> {
  if (asked.command !== null) return surveyCommand(asked.command, asked, means, ready);
  const foundation = await findFoundation(asked, means.world);
  ready(foundation);
  return { foundation, found: await survey(asked.lockfiles, foundation, means) };
}

/** Lets the installer resolve as for an installation, of all platforms and groups. Nothing of the project changes. */
async function surveyCommand(
  words: readonly string[],
  asked: Wish,
  means: Means,
  ready: (foundation: Foundation) => void,
): Promise<Surveyed> {
  const { world, host } = means;
  const { plugin, program, args } = await gatedCommand(words);
  let known: Foundation | null = null;
  const groundOf = async (project: string): Promise<Foundation> => {
    await refuseProjectOutside(world.cwd, project);
    known ??= await foundationOf(project, asked, world);
    ready(known);
    return known;
  };
  const context = async (project: string) => {
    const { layers, repositoryRoot } = await groundOf(project);
    return { repositoryRoot, registries: registriesOf(layers, plugin.ecosystem), prove: provesNothing };
  };
  const request = { purpose: "install", everything: true, cwd: world.cwd, program, args, context } as const;
  const session = await plugin.open(request, host);
  try {
    const foundation = await groundOf(session.project);
    return { foundation, found: await surveySession(session, foundation, means) };
  } finally {
    await session.close();
  }
}
