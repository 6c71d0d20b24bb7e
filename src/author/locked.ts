import { findTargets } from "../commands/check.ts";
import type { PackageRef } from "../model/package.ts";
import { registriesOf } from "../policy/layer.ts";
import type { World } from "../world.ts";
import { SafeInstallError } from "../errors.ts";
import type { Host } from "../plugin.ts";
import type { Foundation } from "./foundation.ts";

/** The packages that the lockfiles here name, without asking anybody; null where there is no lockfile. */
export async function lockedPackages(
  lockfiles: readonly string[],
  { layers, repositoryRoot }: Pick<Foundation, "layers" | "repositoryRoot">,
  world: World,
  host: Host,
): Promise<readonly PackageRef[] | null> {
  const all: PackageRef[] = [];
  for (const { plugin, ...where } of await findTargets({ lockfiles }, world)) {
    const context = async () => ({ repositoryRoot, registries: registriesOf(layers, plugin.ecosystem) });
    const request = { purpose: "check", args: [], everything: true, ...where, context } as const;
    const session = await plugin.open(request, { ...host, offline: true }).catch(ifMissing);
    if (session === null) return null;
    all.push(...session.artifacts.map((artifact) => artifact.package));
    await session.close();
  }
  return all;
}

function ifMissing(error: unknown): null {
  if (error instanceof SafeInstallError && error.code === "NO_LOCKFILE") return null;
  throw error;
}
