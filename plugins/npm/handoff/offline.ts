import type { NpmConfig } from "../config.ts";
import type { Workplace } from "../locate.ts";
import type { Task } from "../task.ts";
import { writeScriptShell } from "./shell.ts";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";

export type NpmSettings = Readonly<Record<string, string>>;

interface Offline {
  /** What the folder of this run is called. */
  readonly name: string;
  /** Puts what npm may have into its cache, which is empty. */
  readonly fill: (cache: string) => Promise<void>;
  /** What else this run is told, given its folder; nothing of it can take npm back to the network. */
  readonly own: (folder: string) => NpmSettings;
}

/**
 * The settings of an npm that asks no registry and reads no cache but one of its own, of this run alone. Install scripts see
 * none of them where a shell can be had (`script-shell`).
 */
export async function offlineSettings(
  { name, fill, own }: Offline,
  { config, host, bounds }: Pick<Workplace<Task>, "config" | "host" | "bounds">,
): Promise<NpmSettings> {
  const folder = await host.temporary(name);
  const cache = join(folder, "cache");
  await mkdir(cache);
  await fill(cache);
  const settings = {
    // A switch that no line of npm lacks comes first: an option of the user's that takes the next word gets this one.
    fund: "false",
    ...own(folder),
    audit: "false",
    "update-notifier": "false",
    offline: "true",
    "prefer-online": "false",
    "prefer-offline": "false",
    cache,
    "logs-dir": logsOf(config),
  };
  const shell = await writeScriptShell(settings, config, folder, host, bounds.repositoryRoot);
  return shell === null ? settings : { ...settings, "script-shell": shell };
}

/** Where npm would have kept its log: the private cache is gone by the time when somebody reads it. */
function logsOf(config: NpmConfig): string {
  const folder = config.get("logs-dir");
  return typeof folder === "string" ? folder : join(dirname(config.flat.cache), "_logs");
}
