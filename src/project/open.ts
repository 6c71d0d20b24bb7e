import { SafeInstallError } from "../errors.ts";
import type { ClosableHost } from "../io/host.ts";
import type { Bounds, Plugin, Project, Request } from "../plugin.ts";
import { requireDeclared } from "./declared.ts";
import { refuseProjectOutside } from "./ends.ts";
import { realpath } from "node:fs/promises";
import { dirname } from "node:path";

/** A project whose place is known, and what bounds it. */
export interface Opened<B extends Bounds = Bounds> {
  readonly plugin: Plugin;
  readonly project: Project;
  readonly bounds: B;
}

/**
 * The one place where a project is opened. What an interrupted run moved aside comes back first, also before the project
 * is located: with its manifest aside, an installer would take another folder for it.
 * @param ground what the place is bounded by: the policy that counts for its folder
 * @throws SafeInstallError PROJECT_OUTSIDE, CANNOT_SET_ASIDE; what `ground` and the plugin throw
 */
export async function openProject<B extends Bounds>(
  plugin: Plugin,
  request: Request,
  host: ClosableHost,
  ground: (project: Project) => Promise<B>,
): Promise<Opened<B>> {
  const recovers = request.purpose === "install";
  if (recovers) await recover(foldersAbove(request.cwd), host);
  const project = await plugin.locate(request, host);
  await refuseProjectOutside(request.cwd, project.folder);
  if (recovers) {
    await recover([project.root, ...project.found], host, project.name);
    await requireDeclared(project, plugin.table);
    await host.assertReplaceable(project);
  }
  return { plugin, project, bounds: await ground(project) };
}

/** The folder that the installer takes for the project, and whose policy counts. Absolute, links resolved. @throws PROJECT_OUTSIDE */
export async function projectFolder(plugin: Plugin, request: Request, host: ClosableHost): Promise<string> {
  const { folder } = await plugin.locate(request, host);
  await refuseProjectOutside(request.cwd, folder);
  return realpath(folder);
}

async function recover(folders: readonly string[], host: ClosableHost, name?: string): Promise<void> {
  if (await host.recover(folders, name)) host.notice("safe-install: put back what an interrupted run had moved aside");
}

function foldersAbove(folder: string): readonly string[] {
  return folder === dirname(folder) ? [folder] : [folder, ...foldersAbove(dirname(folder))];
}

/** For what only reads names: a lock that is not there is no error. */
export function ifNoLockfile(error: unknown): null {
  if (error instanceof SafeInstallError && error.code === "NO_LOCKFILE") return null;
  throw error;
}
