import { type Host, SafeInstallError } from "../../../src/plugin.ts";
import type { RestoreTarget } from "../target.ts";
import { type Obstacle, filesRead } from "./closure.ts";
import { whatRuns } from "./hooks.ts";

/**
 * Before the verdict only what the SDK and proven packages bring may run. A project that would have MSBuild run, load or
 * believe a file of its own while it is read is not read: it is refused by name, from its text alone.
 * @throws SafeInstallError kind "unbound", PROJECT_RUNS
 */
export async function requireQuiet(target: RestoreTarget, repositoryRoot: string, host: Host): Promise<void> {
  const { files, findings, known } = await filesRead(target, repositoryRoot, host);
  const all = [...findings, ...whatRuns(files, known)];
  if (all.length === 0) return;
  throw new SafeInstallError(
    "unbound",
    "PROJECT_RUNS",
    `nothing was read: ${all.slice(0, SHOWN).map(said).join("; ")}${more(all.length - SHOWN)}`,
    {
      hint: "before the verdict only the SDK and proven packages run: let it hook into Build, not into restore; safe-install check of a lock runs nothing of a project",
    },
  );
}

const SHOWN = 5;

function said({ file, what, why }: Obstacle): string {
  return `${file}: ${what} ${why}`;
}

function more(count: number): string {
  return count > 0 ? `; and ${count} more` : "";
}
