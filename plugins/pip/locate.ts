import { type Host, type Project, type Request, SafeInstallError } from "../../src/plugin.ts";
import { findAnyPip, findPip } from "./installer.ts";
import { isRequirements, LOCKFILES } from "./table.ts";
import { access, readdir, realpath } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

/** Where pip would work, and which. */
export interface PipProject extends Project {
  /** The interpreter's file. Absolute; null: there is no pip, and a check can do without. */
  readonly python: string | null;
  /** Absolute; null for an installation. */
  readonly lockfile: string | null;
}

/** The working directory, or the lock's folder, whose policy counts; the environment names the journal. Starts nothing. */
export async function locate(request: Request, host: Host): Promise<PipProject> {
  const { cwd, args } = request;
  const lockfile = request.purpose === "check" ? await lockfileOf(request) : null;
  const folder = await realpath(lockfile === null ? cwd : dirname(lockfile));
  const python = await findPython(request, folder, lockfile, host);
  const found = placesTyped(args, host.env).map((place) => resolve(cwd, place));
  return {
    request,
    folder,
    root: python === null ? folder : await environmentOf(python),
    found,
    replaces: [],
    python,
    lockfile,
  };
}

/** Every lock but those of pip itself says all by itself. @throws SafeInstallError kind "installer" */
async function findPython(
  { program, cwd, purpose }: Request,
  folder: string,
  lockfile: string | null,
  { env }: Host,
): Promise<string | null> {
  const pip = program === undefined ? findAnyPip(folder, env) : findPip(program, cwd, env);
  const needsNone = purpose === "check" && lockfile !== null && !isRequirements(lockfile);
  const found = await pip.catch((error: unknown) => {
    if (needsNone && error instanceof SafeInstallError && error.code === "PIP_NOT_FOUND") return null;
    throw error;
  });
  return found?.python ?? null;
}

/** A bare name leads past an active environment that has no such program, as with the shell: that is said. */
export async function sayOther(prefix: string, { program: [typed = ""] = [] }: Request, host: Host): Promise<void> {
  const active = host.env["VIRTUAL_ENV"] ?? "";
  if (active === "" || typed === "" || /[/\\]/.test(typed)) return;
  const real = (path: string) => realpath(path).catch(() => path);
  if ((await real(active)) === (await real(prefix))) return;
  host.notice(`safe-install: the active environment ${active} has no ${typed}: this one installs into ${prefix}`);
}

/** Other places than the environment, so that what an interrupted run left there comes back before anything is read. */
function placesTyped(args: readonly string[], env: Host["env"]): readonly string[] {
  const joined = args.map((word) => /^(?:--(?:target|prefix|root)=|-t)(.+)$/.exec(word)?.[1]);
  const next = args.map((word, index) =>
    /^(?:--target|--prefix|--root|-t)$/.test(word) ? args[index + 1] : undefined,
  );
  const stated = ["PIP_TARGET", "PIP_PREFIX", "PIP_ROOT"].map((name) => env[name]);
  return [...joined, ...next, ...stated].flatMap((place) => (place === undefined || place === "" ? [] : [place]));
}

async function lockfileOf({ cwd, lockfile }: Request): Promise<string> {
  if (lockfile !== undefined) return resolve(cwd, lockfile);
  const names = await readdir(cwd);
  const found = LOCKFILES.find((name) => names.includes(name));
  if (found !== undefined) return join(cwd, found);
  throw new SafeInstallError("usage", "NO_LOCKFILE", `no lockfile of Python's tools in ${cwd}`, {
    hint: `known: ${LOCKFILES.join(", ")}; without a lock: safe-install init -- pip install NAME`,
  });
}

/** What all names of one interpreter lead to, also where pip itself is half installed: a virtual environment's folder, else the file. */
async function environmentOf(python: string): Promise<string> {
  const folder = dirname(await realpath(dirname(python)));
  const isVirtual = await access(join(folder, "pyvenv.cfg")).then(
    () => true,
    () => false,
  );
  return isVirtual ? folder : realpath(python);
}
