import { type Host, type Project, repositoryAround, type Request } from "../../src/plugin.ts";
import { readAddition } from "./add-args.ts";
import { readIntent } from "./args.ts";
import { LOCKFILES } from "./table.ts";
import { findTarget, type RestoreTarget } from "./target.ts";
import { findManifests, folderOf } from "./tools/manifests.ts";
import { realpath } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/** Where dotnet would work. */
export type Located = Checked | Restored | Tooled;

export interface Checked extends Project {
  readonly kind: "check";
  readonly lockfile: string;
}

export interface Restored extends Project {
  readonly kind: "restore" | "add";
  readonly target: RestoreTarget;
}

interface Tooled extends Project {
  readonly kind: "tools";
}

export async function locate(request: Request, host: Host): Promise<Located> {
  if (request.purpose === "check") {
    const lockfile = resolve(request.cwd, request.lockfile ?? LOCKFILES[0] ?? "");
    return { kind: "check", lockfile, ...(await placed(request, dirname(lockfile))) };
  }
  const cwd = await realpath(request.cwd);
  const [command] = request.args;
  if (command === "tool")
    return { kind: "tools", ...(await placed(request, folderOf(await findManifests(request.args, cwd, host)))) };
  const adds = command === "add" || command === "package";
  const target = await findTarget(namedIn(adds ? readAddition(request.args) : readIntent(request.args)), cwd, command);
  return { kind: adds ? "add" : "restore", target, ...(await placed(request, target.folder)) };
}

/** What a restore replaces may lie anywhere in the repository: a solution has projects beside its folder. */
async function placed(request: Request, folder: string): Promise<Project> {
  const root = (await repositoryAround(folder)) ?? (await realpath(folder).catch(() => folder));
  return { request, folder, root, found: [], replaces: [] };
}

function namedIn(words: ReturnType<typeof readAddition> | ReturnType<typeof readIntent>): string | null {
  if ("refused" in words) throw new TypeError("a refused command is never opened");
  return words.target;
}
