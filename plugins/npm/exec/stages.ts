import { type Handoff, SafeInstallError, type Stages, withPathOutside } from "../../../src/plugin.ts";
import { npmHandoff, type ProvenLock } from "../handoff/handoff.ts";
import { prove } from "../install.ts";
import type { Workplace } from "../locate.ts";
import { refuseProjectNpmrc } from "../settings/project-npmrc.ts";
import type { Executing } from "../task.ts";
import type { Execution } from "./command.ts";
import { placeOnDisk, runOnDisk } from "./on-disk.ts";
import { installsNothing, refuseProjectCall, refuseProjectPackage } from "./project-settings.ts";
import { toolCommand } from "./tool.ts";
import { registrySpec, execCommandOf } from "./command.ts";
import { installingIn, makeWorkshop, refuseNeighbours, type Workshop } from "./scratch.ts";

/**
 * `npx`, `npm exec` and `npm init NAME`: resolved by the user's npm in an empty project of our own, judged by the policy of
 * the folder where it was typed, installed there from the proven bytes, and run from there.
 */
export async function* execute(at: Workplace<Executing>): Stages {
  const { task, npm, config, bounds, host } = at;
  const execution: Execution = { ...at, asked: execCommandOf(task, config) };
  refuseProjectNpmrc(config, bounds.registries);
  refuseProjectCall(config);
  const { packages } = execution.asked;
  if (packages.length === 0 || installsNothing(config)) {
    refuseProjectPackage(config);
    return yield* runOnDisk(execution);
  }

  const specs = packages.map((spec) => registrySpec(spec) && spec);
  await refuseOnDisk(execution);
  const outside = { ...host, env: await withPathOutside(bounds.repositoryRoot, host.env) };
  const workshop = await makeWorkshop(config.projectNpmrc, task.options, npm, outside);
  const inside = installingIn(workshop, specs, at);
  const set = yield* prove(inside, (part) => ({ ...part, lockfile: null }));
  return set === null ? null : runsTool(await npmHandoff(set, inside), set, workshop, execution);
}

/** npm is quiet while it installs: standard output is the tool's, which runs once all of it is kept. */
function runsTool(handoff: Handoff, set: ProvenLock, workshop: Workshop, execution: Execution): Handoff {
  const { host } = execution;
  return {
    ...handoff,
    async install() {
      const code = await handoff.install();
      if (code !== 0) host.notice(await workshop.said());
      return code;
    },
    async next() {
      await refuseNeighbours(workshop.folder);
      return host.run(await toolCommand(workshop.folder, set, execution));
    },
  };
}

/** What lies on disk under that name is what npm would run, and nobody has proven it. */
async function refuseOnDisk(execution: Execution): Promise<void> {
  const onDisk = await placeOnDisk(execution);
  if (onDisk === null) return;
  const [name = ""] = execution.asked.words;
  throw new SafeInstallError("usage", "ON_DISK", `npx would run ${onDisk}, which lies on disk and is not proven`, {
    hint: `\`npx --no-install ${name}\` runs it as it is; \`npx ${name}@latest\` takes the registry's package and proves it`,
  });
}
