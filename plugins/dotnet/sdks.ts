import { type Host, type Request, SafeInstallError } from "../../src/plugin.ts";
import type { Wanted } from "./lock.ts";
import { packageKey, refOf } from "./names.ts";
import type { Resolved } from "./resolve.ts";
import { findSdkReferences } from "./sdk-references.ts";
import { readSettings } from "./settings.ts";
import { findTarget } from "./target.ts";
import { realpath } from "node:fs/promises";

/** The project SDKs that the projects name by version, as a set of its own; null where there are none. */
export async function resolveSdks(request: Request, named: string | null, host: Host): Promise<Resolved | null> {
  const target = await findTarget(named, await realpath(request.cwd), request.args[0]);
  const { references, unbound } = await findSdkReferences(target.file, host);
  if (references.length === 0) return null;
  const context = await request.context(target.folder);
  const wanted = new Map<string, Wanted>();
  for (const { id, version, location } of references) {
    const ref = refOf(id, version);
    if (ref === null)
      throw new SafeInstallError(
        "usage",
        "SDK_INVALID",
        `${location}: the project SDK ${id} ${version} is no exact version of a package`,
      );
    wanted.set(packageKey(ref), { package: ref, stated: [], locations: [location] });
  }
  return {
    project: target.folder,
    lockfile: null,
    resolution: { wanted, unbound, notGated: [] },
    settings: await readSettings(target.folder, context, host),
    quarantine: null,
    handoff: () => Promise.reject(new TypeError("project SDKs alone are never handed over")),
  };
}
