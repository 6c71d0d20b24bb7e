import { INSTALLERS, type InstallerName, tableOf } from "../plugins.ts";
import { locksIn } from "./detect.ts";
import { readdir } from "node:fs/promises";
import { dirname } from "node:path";

/** The installer whose project a folder seems to be part of, by its manifests and those further up; null: nothing says so. */
export async function installerMeant(cwd: string): Promise<InstallerName | null> {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const names: readonly string[] = await readdir(folder).catch(() => []);
    const meant = INSTALLERS.find((one) =>
      tableOf(one).manifests.some((manifest) => names.some((name) => manifest.test(name))),
    );
    if (meant !== undefined || folder === dirname(folder)) return meant ?? null;
  }
}

/** What would install a package there, as words: for a folder that no lock speaks for; null: one does. */
export async function unlockedCommand(cwd: string): Promise<readonly string[] | null> {
  if ((await locksIn(cwd)).judged.length > 0) return null;
  const [first = "npm"] = INSTALLERS;
  return tableOf((await installerMeant(cwd)) ?? first).adds.split(" ");
}
