import { type Host, type Request, SafeInstallError, type Session } from "../../../src/plugin.ts";
import { loadConfig } from "../config.ts";
import { findNpm } from "../installer.ts";
import { refuseProjectNpmrc } from "../project-npmrc.ts";
import { installsNothing, refuseProjectCall } from "./project-settings.ts";
import { openAsked } from "../session.ts";
import type { Executing } from "../task.ts";
import type { Execution } from "./execution.ts";
import { openOnDisk, placeOnDisk } from "./on-disk.ts";
import { toolCommand } from "./tool.ts";
import { registrySpec, type Wish, wishOf } from "./wish.ts";
import { makeWorkshop, refuseNeighbours } from "./workshop.ts";

/**
 * `npx`, `npm exec` and `npm init NAME`: resolved by the user's npm in an empty project of our own, judged by the policy of
 * the folder where it was typed, installed there from the proven bytes, and run from there.
 */
export async function openExec(request: Request, task: Executing, outside: Host): Promise<Session> {
  const { cwd } = request;
  const npm = await findNpm(cwd, outside.env);
  const config = await loadConfig(npm, task.args, cwd, outside.env);
  const host: Host = { ...outside, offline: outside.offline || config.get("offline") === true };
  const project = config.prefix;
  const wish = wishOf(task, config);
  const context = await request.context(project);
  refuseProjectNpmrc(config, context.registries);
  refuseProjectCall(config);
  const execution: Execution = { task, wish, cwd, npm, config, repositoryRoot: context.repositoryRoot, host };
  if (wish.packages.length === 0 || installsNothing(config)) return openOnDisk(execution);

  const specs = wish.packages.map((spec) => registrySpec(spec) && spec);
  const onDisk = await placeOnDisk(execution);
  if (onDisk !== null) throw notProven(wish, onDisk);
  const workshop = await makeWorkshop(config.projectNpmrc, task.options, npm, host);
  const { folder, options } = workshop;
  const session = await openAsked(
    {
      task: { kind: "change", change: "install", specs, options, tests: false },
      cwd: folder,
      project: folder,
      installer: npm,
      config: workshop.config,
      context: { ...context, repositoryRoot: folder },
      host: workshop.host,
    },
    {},
  );
  return {
    ...session,
    project,
    lockfile: null,
    async handoff(proven) {
      const code = await session.handoff(proven);
      if (code === 0) {
        await refuseNeighbours(folder);
        return host.run(await toolCommand(folder, session, execution));
      }
      host.notice(await workshop.said());
      return code;
    },
  };
}

function notProven({ words: [name = ""] }: Wish, place: string): SafeInstallError {
  return new SafeInstallError("usage", "ON_DISK", `npx would run ${place}, which lies on disk and is not proven`, {
    hint: `\`npx --no-install ${name}\` runs it as it is; \`npx ${name}@latest\` takes the registry's package and proves it`,
  });
}
