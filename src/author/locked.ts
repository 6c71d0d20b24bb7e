import { SafeInstallError } from "../errors.ts";
import { findTargets } from "../project/targets.ts";
import { walk } from "../gate/walk.ts";
import type { PackageRef } from "../model/package.ts";
import type { ClosableHost } from "../io/host.ts";
import { ifNoLockfile, openProject } from "../project/open.ts";
import type { Runtime } from "../runtime.ts";
import { boundsOf, type Footing } from "./survey.ts";

/** The packages that the lockfiles here name, without asking anybody; null where there is no lockfile, or none that is read. */
export async function lockedPackages(
  lockfiles: readonly string[],
  footing: Footing,
  runtime: Runtime,
  host: ClosableHost,
): Promise<readonly PackageRef[] | null> {
  const quiet = { ...host, offline: true };
  const all: PackageRef[] = [];
  const targets = await findTargets(lockfiles, runtime.cwd).catch(lockfiles.length === 0 ? ifNoneRead : ifNoLockfile);
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

/** Nobody has named the lock that is not supported: a policy may lie beside one. */
function ifNoneRead(error: unknown): null {
  return error instanceof SafeInstallError && error.code === "UNKNOWN_LOCKFILE" ? null : ifNoLockfile(error);
}
