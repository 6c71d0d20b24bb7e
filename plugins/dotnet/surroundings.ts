import { isInside } from "../../src/plugin.ts";
import type { Host } from "../../src/plugin.ts";
import { realpath, stat } from "node:fs/promises";
import { delimiter, dirname, isAbsolute, sep } from "node:path";

/** The nearest folder with `.git`, else the folder itself. */
export async function projectAround(cwd: string): Promise<string> {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const found = await stat(`${folder}${sep}.git`).catch(() => null);
    if (found !== null) return folder;
    if (dirname(folder) === folder) return cwd;
  }
}

/** The environment without the folders on PATH that are relative, or lie in the project: NuGet starts what it finds there. */
export async function outsideProject(cwd: string, env: Host["env"]): Promise<Host["env"]> {
  const project = await projectAround(await realpath(cwd));
  const name = env["PATH"] === undefined ? "Path" : "PATH";
  const folders = (env[name] ?? "").split(delimiter).filter((folder) => isAbsolute(folder));
  const real = await Promise.all(folders.map((folder) => realpath(folder).catch(() => folder)));
  const kept = folders.filter((folder, index) => ![folder, real[index] ?? ""].some((one) => isInside(one, project)));
  return { ...env, [name]: kept.join(delimiter) };
}
