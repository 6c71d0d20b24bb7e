import {
  type Artifact,
  type Host,
  type Plugin,
  type Request,
  SafeInstallError,
  type Session,
} from "../../src/plugin.ts";
import { resolveAdd } from "./add.ts";
import { readAddition } from "./add-args.ts";
import { classify, readIntent } from "./args.ts";
import { collectEvidence } from "./evidence.ts";
import { feedsFor } from "./feed.ts";
import { dotnetCommand, findDotnet } from "./installer.ts";
import { join, readLock, type Resolution, type Wanted } from "./lock.ts";
import { isOwnLock, locksMeantBy } from "./locks-beside.ts";
import { packageKey } from "./names.ts";
import { obtainPackage, type Obtained } from "./obtain.ts";
import { CONTENT } from "./package.ts";
import type { LearntFeeds } from "./provided.ts";
import { ridChain } from "./platform.ts";
import { type Resolved, resolveProjects } from "./resolve.ts";
import { platformPackages } from "./tool-settings.ts";
import { LOCKFILES, table, TOOLS } from "./table.ts";
import { unlockedBeside } from "./unlocked.ts";
import { readToolManifest, resolveTools } from "./tools.ts";
import { resolveSdks } from "./sdks.ts";
import { readSettings, type Settings } from "./settings.ts";
import { rm } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";

/** The .NET SDK: `dotnet restore` and what restores on its way. */
export const dotnet = {
  ecosystem: table.ecosystem,
  classify,
  command: dotnetCommand,
  lockfiles: table.lockfiles,
  isLockedIn: (names) => names.some(isOwnLock),
  readsLockfile: (name) => table.locks.some((lock) => lock.name.test(name)),
  movesIn: "repository",
  open: (request, host) => (request.purpose === "check" ? openLock(request, host) : openProjects(request, host)),
} satisfies Plugin;

/** From the lock alone: no dotnet, nothing of the project is evaluated. */
async function openLock(request: Request, host: Host): Promise<Session> {
  const lockfile = resolve(request.cwd, request.lockfile ?? LOCKFILES[0] ?? "");
  const project = dirname(lockfile);
  const context = await request.context(project);
  const settings = await readSettings(project, context, host);
  const locks = await locksMeantBy(lockfile, request.lockfile !== undefined);
  const resolution = await readLocks(lockfile, locks, host);
  return sessionOf(
    { project, lockfile: locks[0] ?? lockfile, resolution, settings, quarantine: null, handoff: nothingToHandOff },
    host,
  );
}

async function readLocks(lockfile: string, locks: readonly string[], host: Host): Promise<Resolution> {
  if (basename(lockfile) === TOOLS) return readToolManifest(lockfile, host);
  return join(await Promise.all([...locks.map((one) => readLock(one, host)), unlockedBeside(lockfile, host)]));
}

/** Project SDKs run while a project is read: they are proven first, or nothing is read. */
async function openProjects(request: Request, host: Host): Promise<Session> {
  const { args } = request;
  if (args[0] === "tool") return openTools(request, host);
  const adds = args[0] === "add" || args[0] === "package";
  const resolve = adds ? resolveAdd : resolveProjects;
  const sdks = await resolveSdks(request, namedIn(adds ? readAddition(args) : readIntent(args)), host);
  if (sdks === null) return sessionOf(await resolve(request, host, null), host);
  const learnt: LearntFeeds = new Map();
  const early = await sessionOf(sdks, host, learnt);
  const context = await request.context(sdks.project);
  const proven = early.unbound.length > 0 ? null : await context.prove(early);
  if (proven === null) return early;
  return sessionOf(await resolve(request, host, { resolution: sdks.resolution, proven }), host, learnt, early);
}

/** A tool for several platforms says which further package holds it, in its own proven bytes. */
async function openTools(request: Request, host: Host): Promise<Session> {
  const tools = await resolveTools(request, host);
  const learnt: LearntFeeds = new Map();
  const early = await sessionOf(tools, host, learnt);
  const context = await request.context(tools.project);
  const proven = await context.prove(early);
  if (proven === null) return early;
  const rids = async () =>
    ridChain({ file: await findDotnet(request.cwd, host.env), cwd: request.cwd, host, sdks: null });
  const resolution = await platformPackages(proven, rids);
  return sessionOf({ ...tools, early: tools.resolution, resolution }, host, learnt, early);
}

function namedIn(words: ReturnType<typeof readAddition> | ReturnType<typeof readIntent>): string | null {
  if ("refused" in words) throw new TypeError("a refused command is never opened");
  return words.target;
}

function nothingToHandOff(): Promise<number> {
  throw new SafeInstallError("usage", "NOTHING_TO_INSTALL", "a check installs nothing");
}

/** `learnt`: of the feeds, the same for every session of a run. `early`: what was judged before the rest was known; it is the same artifact where nothing more was learnt of it. */
async function sessionOf(
  resolved: Resolved,
  host: Host,
  learnt: LearntFeeds = new Map(),
  early: Session | null = null,
): Promise<Session> {
  const { project, lockfile, quarantine, settings } = resolved;
  const first = resolved.early ?? null;
  const resolution = first === null ? resolved.resolution : join([first, resolved.resolution]);
  const folder = await host.temporary("dotnet-bytes");
  const underWay = new Map<string, Promise<Obtained>>();
  const opened = new Map<string, Obtained>();
  return {
    project,
    lockfile,
    artifacts: [...resolution.wanted].map(
      ([key, wanted]) => judgedBefore(key) ?? artifactOf(wanted, () => opened.get(key)),
    ),
    unbound: resolution.unbound,
    notGated: resolution.notGated,
    obtain,
    collect: (artifact, source, fresh) =>
      collectEvidence(source, {
        artifact,
        feeds: feedsFor(artifact.package.name, settings, project, learnt, host.env),
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
    const work = underWay.get(key) ?? fetch(key, artifact);
    underWay.set(key, work);
    return work;
  }

  async function fetch(key: string, artifact: Artifact): Promise<Obtained> {
    const obtained = await obtainPackage(wantedOf(resolution, key), placesFor(artifact, settings));
    opened.set(key, obtained);
    return obtained;
  }

  function placesFor({ package: { name, version } }: Artifact, { globalPackagesFolder: globalPackages }: Settings) {
    const key = packageKey({ name, version });
    const brought = first?.wanted.has(key) === true ? null : quarantine;
    const feeds = feedsFor(name, settings, project, learnt, host.env);
    return { folder, quarantine: brought, globalPackages, feeds, host };
  }
}

/** What a package holds is known once its bytes are here. */
function artifactOf(wanted: Wanted, opened: () => Obtained | undefined): Artifact {
  const { package: ref, stated, locations } = wanted;
  return {
    package: ref,
    digests: stated,
    locations,
    subjectNames: [],
    form: CONTENT,
    get runsScripts() {
      return opened()?.runsInBuild ?? false;
    },
  };
}

function wantedOf({ wanted }: Resolution, key: string): Wanted {
  const found = wanted.get(key);
  if (found === undefined) throw new TypeError(`${key} is not of this session`);
  return found;
}
