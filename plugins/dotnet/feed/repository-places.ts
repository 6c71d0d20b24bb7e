import { type Bounds, type Host, isInside, resolveLinks, SafeInstallError } from "../../../src/plugin.ts";
import { type ConfigFile, expand } from "./config-files.ts";
import { addsIn, mayBeStrange } from "./repository-config.ts";
import { attribute } from "../xml.ts";
import { realpath } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/**
 * `nuget locals` empties the folder in which a NuGet.config has packages kept, whatever lies in it.
 * @throws SafeInstallError REPOSITORY_NUGET_CONFIG where a file of the repository names one elsewhere.
 */
export async function refuseRepositoryPlaces(
  files: readonly ConfigFile[],
  { repositoryRoot }: Bounds,
  env: Host["env"],
): Promise<void> {
  if (env["NUGET_PACKAGES"]) return;
  const repository = await realpath(repositoryRoot);
  for (const { file, root } of files) {
    if (!(await mayBeStrange(file, repository))) continue;
    for (const item of addsIn(root, "config").filter((one) => PLACE.test(attribute(one, "key") ?? ""))) {
      const place = resolve(dirname(file), expand(attribute(item, "value") ?? "", env));
      if (!isInside(await resolveLinks(place), repository)) throw elsewhere(file, place);
    }
  }
}

const PLACE = /^\s*globalPackagesFolder\s*$/i;

function elsewhere(file: string, place: string): SafeInstallError {
  const why = `its folder of packages, which would be emptied, is ${place}, outside of the repository`;
  return new SafeInstallError("usage", "REPOSITORY_NUGET_CONFIG", `${file}: ${why}`, {
    hint: "remove it there; NUGET_PACKAGES, or your own NuGet.config, may name one anywhere",
  });
}
