import { type Bounds, executableName, groundsOf, type Host, which } from "../../../src/plugin.ts";
import { makeHome, USERS_CONFIG } from "../home.ts";
import { environment } from "../run.ts";
import { configFilesFor, homeOf, itemsOf, readConfigFiles } from "./config-files.ts";
import { type NuGetSettings, readSettingsFiles } from "./settings.ts";
import { access } from "node:fs/promises";
import { join } from "node:path";

/**
 * What NuGet goes by in a folder. Where the user has no settings yet, NuGet makes some, with a source of its own: the
 * client that is installed is asked for them, in an empty folder and a private home, which costs one start of it.
 * @throws as `readSettings`
 */
export async function settingsFor(folder: string, around: Bounds, host: Host): Promise<NuGetSettings> {
  const files = await configFilesFor(folder, host);
  const made = (await isUsersMissed(files, host)) ? await madeByClient(folder, host) : [];
  return readSettingsFiles([...files, ...made], around, host);
}

/** What a nearer file forgets is not missed. */
async function isUsersMissed(files: readonly string[], host: Host): Promise<boolean> {
  if (process.platform === "win32") return false;
  const isThere = await access(join(homeOf(host.env), USERS_CONFIG)).then(
    () => true,
    () => false,
  );
  if (isThere) return false;
  const nearer = await readConfigFiles(files, host);
  return !nearer.some(({ root }) => itemsOf(root, "packageSources").isCleared);
}

async function madeByClient(folder: string, host: Host): Promise<readonly string[]> {
  const program = await which([executableName("dotnet")], { outside: await groundsOf(folder), env: host.env });
  if (program === null) return [];
  const home = await makeHome(host);
  const cwd = await host.temporary("dotnet-empty");
  const env = await environment({ file: program.file, cwd, host, sdks: null, home }, cwd);
  const log = join(home, "sources.txt");
  await host.run({ file: program.file, args: ["nuget", "list", "source"], cwd, env, log });
  return [join(home, USERS_CONFIG)];
}
