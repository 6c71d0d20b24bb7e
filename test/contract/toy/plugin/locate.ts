import { type Host, LIMITS, parseJson, type Project, type Request, SafeInstallError } from "../../../../src/plugin.ts";
import { realpath } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Where the installer writes in place, and what it lists there as its own. */
export const MODULES = "toy_modules";
export const LIST = ".toy";

export interface Locked {
  readonly name: string;
  readonly version: string;
  /** Hexadecimal. */
  readonly sha512: string;
}

export interface ToyProject extends Project {
  readonly lockfile: string;
  readonly registry: string;
  readonly catalog: Locked;
}

/** The folder of the lock: reads names and the registry's address. @throws SafeInstallError NO_LOCKFILE */
export async function locate(request: Request, host: Host): Promise<ToyProject> {
  const lockfile = request.lockfile ?? join(await realpath(request.cwd), "toy.lock");
  const text = await host.read(lockfile, { maxBytes: LIMITS.lockfileBytes });
  if (text === null) throw new SafeInstallError("usage", "NO_LOCKFILE", `there is no ${lockfile}`);
  const { registry, catalog } = parseJson(text.toString("utf8")) as Pick<ToyProject, "registry" | "catalog">;
  const folder = dirname(lockfile);
  const replaces = [{ path: join(folder, MODULES), touches: [LIST] }];
  return { request, folder, root: folder, found: [], replaces, lockfile, registry, catalog };
}
