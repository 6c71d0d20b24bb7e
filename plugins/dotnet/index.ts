import {
  type Artifact,
  type Host,
  type Plugin,
  type Request,
  SafeInstallError,
  type Session,
} from "../../src/plugin.ts";
import { classify } from "./args.ts";
import { collectEvidence } from "./evidence.ts";
import { feedsFor } from "./feed.ts";
import { dotnetCommand } from "./installer.ts";
import { join, LOCKFILES, readLock, type Resolution, type Wanted } from "./lock.ts";
import { packageKey } from "./names.ts";
import { obtainPackage, type Obtained } from "./obtain.ts";
import { CONTENT } from "./package.ts";
import { type Resolved, resolveProjects } from "./resolve.ts";
import { resolveTools } from "./tools.ts";
import { resolveSdks } from "./sdks.ts";
import { readSettings, type Settings } from "./settings.ts";
import { rm } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/** The .NET SDK: `dotnet restore` and what restores on its way. */
export const dotnet = {
  ecosystem: "nuget",
  classify,
  command: dotnetCommand,
  lockfiles: LOCKFILES,
  movesIn: "repository",
  open: (request, host) => (request.purpose === "check" ? openLock(request, host) : openProjects(request, host)),
} satisfies Plugin;

/** From the lock alone: no dotnet, nothing of the project is evaluated. */
async function openLock(request: Request, host: Host): Promise<Session> {
  const lockfile = resolve(request.cwd, request.lockfile ?? LOCKFILES[0] ?? "");
  const project = dirname(lockfile);
  await request.context(project);
  const [resolution, settings] = await Promise.all([readLock(lockfile, host), readSettings(project, host)]);
  return sessionOf({ project, lockfile, resolution, settings, quarantine: null, handoff: nothingToHandOff }, host);
}

/** Project SDKs run while a project is read: they are proven first, or nothing is read. */
async function openProjects(request: Request, host: Host): Promise<Session> {
  if (request.args[0] === "tool") return sessionOf(await resolveTools(request, host), host);
  const sdks = await resolveSdks(request, host);
  if (sdks === null) return sessionOf(await resolveProjects(request, host, null), host);
  const early = await sessionOf(sdks, host);
  const context = await request.context(sdks.project);
  const proven = early.unbound.length > 0 ? null : await context.prove(early);
  if (proven === null) return early;
  return sessionOf(await resolveProjects(request, host, { resolution: sdks.resolution, proven }), host, early);
}

function nothingToHandOff(): Promise<number> {
  throw new SafeInstallError("usage", "NOTHING_TO_INSTALL", "a check installs nothing");
}

/** `early`: what was judged before the rest was known; it is the same artifact where nothing more was learnt of it. */
async function sessionOf(resolved: Resolved, host: Host, early: Session | null = null): Promise<Session> {
  const { project, lockfile, quarantine, settings, sdks = null } = resolved;
  const resolution = sdks === null ? resolved.resolution : join([sdks, resolved.resolution]);
  const folder = await host.temporary("dotnet-bytes");
  const underWay = new Map<string, Promise<Obtained>>();
  return {
    project,
    lockfile,
    artifacts: [...resolution.wanted].map(([key, wanted]) => judgedBefore(key) ?? artifactOf(wanted)),
    unbound: resolution.unbound,
    notGated: resolution.notGated,
    obtain,
    collect: (artifact, source, fresh) =>
      collectEvidence(source, {
        artifact,
        feeds: feedsFor(artifact.package.name, settings, host.env),
        fresh,
        host,
        obtain: () => obtain(artifact),
      }),
    handoff: (proven) => resolved.handoff(proven),
    close: () => rm(folder, { recursive: true, force: true }),
  };

  function judgedBefore(key: string): Artifact | undefined {
    if (resolved.resolution.wanted.has(key)) return undefined;
    return early?.artifacts.find((artifact) => packageKey(artifact.package) === key);
  }

  function obtain(artifact: Artifact): Promise<Obtained> {
    const key = packageKey(artifact.package);
    const work = underWay.get(key) ?? obtainPackage(wantedOf(resolution, key), placesFor(artifact, settings));
    underWay.set(key, work);
    return work;
  }

  function placesFor({ package: { name, version } }: Artifact, { globalPackagesFolder: globalPackages }: Settings) {
    const key = packageKey({ name, version });
    const brought = sdks?.wanted.has(key) === true ? null : quarantine;
    return { folder, quarantine: brought, globalPackages, feeds: feedsFor(name, settings, host.env), host };
  }
}

function artifactOf({ package: ref, stated, locations }: Wanted): Artifact {
  return { package: ref, digests: stated, locations, subjectNames: [], runsScripts: false, form: CONTENT };
}

function wantedOf({ wanted }: Resolution, key: string): Wanted {
  const found = wanted.get(key);
  if (found === undefined) throw new TypeError(`${key} is not of this session`);
  return found;
}
