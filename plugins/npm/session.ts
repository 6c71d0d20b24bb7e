import {
  type Artifact,
  type Bytes,
  type Host,
  type Request,
  SafeInstallError,
  type Session,
} from "../../src/plugin.ts";
import { type Obtained, obtainBytes } from "./bytes.ts";
import { CLEAN_INSTALL } from "./commands.ts";
import { loadConfig } from "./config.ts";
import { digestsOf } from "./integrity.ts";
import { collectEvidence } from "./evidence.ts";
import { handOff } from "./handoff.ts";
import { findNpm } from "./installer.ts";
import { assertUnchanged, readLock } from "./lock.ts";
import { describePackage } from "./metadata.ts";
import { refuseOptions } from "./options.ts";
import type { Registries } from "./origin.ts";
import type { Locked, Resolution } from "./places.ts";
import { refuseProjectNpmrc } from "./project-npmrc.ts";
import { resolveTree } from "./resolve.ts";
import { loadTree } from "./tree.ts";
import { realpath, rm } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/** Reads the dependency set of `npm ci`. Writes nothing in the project, runs nothing of it. */
export async function open(request: Request, outside: Host): Promise<Session> {
  const cwd = request.lockfile === undefined ? request.cwd : dirname(resolve(request.cwd, request.lockfile));
  const installer = await findNpm(cwd, outside.env);
  const args =
    request.purpose === "install" ? request.args : ["ci", ...request.args.filter((word) => !CLEAN_INSTALL.has(word))];
  const config = await loadConfig(installer, args, cwd, outside.env);
  // Who tells npm to stay offline means us too.
  const host: Host = { ...outside, offline: outside.offline || config.get("offline") === true };
  if (request.purpose === "install") refuseOptions(config);
  const project = request.lockfile === undefined ? config.prefix : cwd;

  const context = await request.context(project);
  refuseProjectNpmrc(config, context.registries);
  const lock = await readLock(project, request.lockfile, installer, host);
  const tree = lock.unbound.length > 0 ? NOTHING : await loadTree(await realpath(project), lock, config, installer);
  const { replaceRegistryHost } = tree;
  const registries: Registries = { flat: config.flat, replaceRegistryHost, admitted: context.registries };
  const { repositoryRoot } = context;
  const { everything = false } = request;
  const resolution = await resolveTree(tree, { registries, repositoryRoot, omit: config.flat.omit, everything });
  await assertUnchanged(lock, host);

  const folder = await host.temporary("npm-bytes");
  const obtained = new Map<string, Obtained>();
  const underWay = new Map<string, Promise<Obtained>>();
  return {
    project,
    lockfile: lock.path,
    artifacts: [...resolution.locked.values()].map((locked) => artifactOf(locked, obtained)),
    unbound: [...lock.unbound, ...resolution.unbound],
    notGated: resolution.notGated,
    obtain,
    collect: (artifact, source, fresh) => collectEvidence(asHashed(artifact), source, fresh, registries, host),
    describe: (artifact) => describePackage(artifact, registries, host),
    handoff: (proven) => {
      if (lock.unbound.length + resolution.unbound.length > 0) throw nothingToHandOff();
      return handOff(proven, { npm: installer, config, registries, lock, resolution, args, cwd, obtained, host });
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };

  /** Evidence may be kept by a digest that only the bytes tell. */
  function asHashed(artifact: Artifact): Artifact {
    const bytes = obtained.get(artifact.package.purl);
    return bytes === undefined ? artifact : { ...artifact, digests: bytes.digests };
  }

  async function obtain(artifact: Artifact): Promise<Bytes> {
    const { purl } = artifact.package;
    const work = underWay.get(purl) ?? obtainBytes(lockedOf(resolution, purl), { registries, folder, host });
    underWay.set(purl, work);
    const bytes = await work;
    obtained.set(purl, bytes);
    return bytes;
  }
}

const NOTHING = { nodes: [], replaceRegistryHost: "never" } as const;

function artifactOf(locked: Locked, obtained: ReadonlyMap<string, Obtained>): Artifact {
  const { package: ref, stated, places } = locked;
  return {
    package: ref,
    digests: digestsOf(stated),
    locations: places.map(({ location }) => location),
    subjectNames: [ref.purl],
    /** What the lock says, and once the archive is here, what it says. */
    get runsScripts() {
      return places.some(({ hasInstallScript }) => hasInstallScript) || (obtained.get(ref.purl)?.runsScripts ?? false);
    },
  };
}

function lockedOf({ locked }: Resolution, purl: string): Locked {
  const found = locked.get(purl);
  if (found === undefined) throw new TypeError(`${purl} is not of this session`);
  return found;
}

function nothingToHandOff(): SafeInstallError {
  return new SafeInstallError(
    "unbound",
    "LOCK_UNSUPPORTED",
    "dependencies that cannot be bound to bytes are never installed",
  );
}
