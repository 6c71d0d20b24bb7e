import { type Host, SafeInstallError } from "../../../src/plugin.ts";
import type { PackageSet, WantedPackage } from "../resolve/lock.ts";
import { packageKey, refOf } from "../names.ts";
import { findSdkReferences } from "./references.ts";
import type { RestoreTarget } from "../target.ts";

/**
 * The project SDKs that the projects name by version, as a set of its own, with what may name some and cannot be read;
 * null where there is nothing of either.
 */
export async function sdksOf({ file }: RestoreTarget, host: Host): Promise<PackageSet | null> {
  const { references, unbound } = await findSdkReferences(file, host);
  if (references.length === 0 && unbound.length === 0) return null;
  const wanted = new Map<string, WantedPackage>();
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
  return { wanted, unbound, notGated: [] };
}
