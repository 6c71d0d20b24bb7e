import { type Host, type Project, repositoryAround, type Request, SafeInstallError } from "../../src/plugin.ts";
import { readAddition } from "./add-args.ts";
import { readIntent } from "./args.ts";
import { LOCK, LOCKFILES, TOOLS } from "./table.ts";
import { findTarget, type RestoreTarget } from "./target.ts";
import { findManifests, folderOf } from "./tools/manifests.ts";
import { readdir, realpath } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

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
    if (request.lockfile === undefined) await requireLock(request.cwd);
    return { kind: "check", lockfile, ...(await placed(request, dirname(lockfile), lockfile)) };
  }
  const cwd = await realpath(request.cwd);
  const [command] = request.args;
  if (command === "tool") {
    const folder = folderOf(await findManifests(request.args, cwd, host));
    return { kind: "tools", ...(await placed(request, folder, join(folder, TOOLS))) };
  }
  const adds = command === "add" || command === "package";
  const target = await findTarget(namedIn(adds ? readAddition(request.args) : readIntent(request.args)), cwd, command);
  return { kind: adds ? "add" : "restore", target, ...(await placed(request, target.folder, target.file)) };
}

/** @throws SafeInstallError NO_LOCKFILE */
async function requireLock(folder: string): Promise<void> {
  if ((await readdir(folder).catch(() => [])).some((name) => LOCK.test(name))) return;
  throw new SafeInstallError("usage", "NO_LOCKFILE", `${folder} has no ${LOCKFILES.join(" or ")}`, {
    hint: "dotnet restore --use-lock-file writes one; without: safe-install init -- dotnet restore",
  });
}

/**
 * What a restore replaces may lie anywhere in the repository: a solution has projects beside its folder. Two of them that
 * have nothing in common are no business of each other.
 */
async function placed(request: Request, folder: string, file: string): Promise<Project> {
  const root = (await repositoryAround(folder)) ?? (await realpath(folder).catch(() => folder));
  return { request, folder, root, name: file, found: [], replaces: [] };
}

function namedIn(words: ReturnType<typeof readAddition> | ReturnType<typeof readIntent>): string | null {
  if ("refused" in words) throw new TypeError("a refused command is never opened");
  return words.target;
}
