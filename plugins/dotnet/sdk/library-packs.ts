import { executableName, groundsOf, type Host, which } from "../../../src/plugin.ts";
import type { NuGetSettings } from "../feed/settings.ts";
import { readdir, realpath } from "node:fs/promises";
import { dirname, join } from "node:path";

/**
 * The sources, and behind them the folders of packages that the SDK brings itself and adds to the sources of every project
 * (Microsoft.FSharp.NetSdk.targets, Microsoft.NET.NuGetOfflineCache.targets): what a lock states may be there and nowhere else.
 * Nothing is started.
 */
export async function withLibraryPacks(
  settings: NuGetSettings,
  folder: string,
  { env }: Pick<Host, "env">,
): Promise<NuGetSettings> {
  const program = await which([executableName("dotnet")], { outside: await groundsOf(folder), env });
  if (program === null) return settings;
  const root = dirname(await realpath(program.file));
  const sdks = await readdir(join(root, "sdk")).catch(() => []);
  const folders = [join(root, PACKS), ...sdks.map((one) => join(root, "sdk", one, "FSharp", PACKS))];
  const held = await Promise.all(
    folders.map(async (one) => ((await readdir(one).catch(() => [])).length > 0 ? [one] : [])),
  );
  return { ...settings, sources: new Map([...settings.sources, ...held.flat().map((one) => [one, one] as const)]) };
}

const PACKS = "library-packs";
