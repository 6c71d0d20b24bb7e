import { isInside } from "./inside.ts";
import { realpathSync } from "node:fs";
import { access, constants, realpath } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";

type Env = Readonly<Record<string, string | undefined>>;

/** The first program of that name on PATH that is not inside `root`: nothing that a repository holds is ever started. */
export async function findProgram(name: string, root: string, env: Env): Promise<string | null> {
  const file = process.platform === "win32" ? `${name}.exe` : name;
  for (const folder of foldersOutside(root, env)) {
    const path = join(folder, file);
    const real = await realpath(path).catch(() => null);
    if (real === null || isInside(real, root)) continue;
    if (await isExecutable(real)) return path;
  }
  return null;
}

/** The environment without the entries of PATH that are relative, or lead into `root`. */
export function withPathOutside(root: string, env: Env): Env {
  const { PATH: _, Path: __, ...rest } = env;
  return { ...rest, PATH: foldersOutside(root, env).join(delimiter) };
}

function foldersOutside(root: string, env: Env): readonly string[] {
  return (env["PATH"] ?? env["Path"] ?? "")
    .split(delimiter)
    .filter((folder) => isAbsolute(folder) && !folder.split(/[\\/]/).includes("node_modules"))
    .filter(
      (folder) =>
        ![root, resolved(root)].some((inside) => isInside(folder, inside) || isInside(resolved(folder), inside)),
    );
}

function resolved(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
