import { SafeInstallError } from "../errors.ts";
import { findTargets } from "../project/targets.ts";
import { walk } from "../gate/walk.ts";
import type { PackageRef } from "../model/package.ts";
import type { ClosableHost } from "../io/host.ts";
import { ifNoLockfile, openProject } from "../project/open.ts";
import type { Runtime } from "../runtime.ts";
import { boundsOf, type Footing } from "./survey.ts";

/** The packages that the lockfiles here name, without asking anybody; null where there is no lockfile. */
export async function lockedPackages(
  lockfiles: readonly string[],
  footing: Footing,
  runtime: Runtime,
  host: ClosableHost,
): Promise<readonly PackageRef[] | null> {
  const quiet = { ...host, offline: true };
  const all: PackageRef[] = [];
  const targets = await findTargets(lockfiles, runtime.cwd).catch(lockfiles.length === 0 ? ifNothingRead : thrown);
  if (targets === null) return null;
  for (const { plugin, ...where } of targets.found) {
    const read = async () => {
      const request = { purpose: "check", args: [], ...where } as const;
      const opened = await openProject(plugin, request, quiet, async () =>
        boundsOf(footing, plugin.table.ecosystem, host.now()),
      );
      await walk(opened, quiet, async (part) => {
        const { artifacts } = (await part.everywhere?.()) ?? part;
        all.push(...artifacts.map((artifact) => artifact.package));
        return part.opens ? null : [];
      });
      return all;
    };
    if ((await read().catch(ifNoLockfile)) === null) return null;
  }
  return all;
}

/** A folder without a lock that is read here has a policy all the same. */
function ifNothingRead(error: unknown): null {
  if (error instanceof SafeInstallError && (error.code === "NO_LOCKFILE" || error.code === "UNKNOWN_LOCKFILE"))
    return null;
  throw error;
}

function thrown(error: unknown): never {
  throw error;
}
