import {
  type Artifact,
  type Bytes,
  type Bounds,
  type Evidence,
  type Host,
  LIMITS,
  type Part,
  type Source,
  SourceUnavailable,
  type Stages,
} from "../../../src/plugin.ts";
import { type ObtainedWheel, obtainBytes } from "../bytes/bytes.ts";
import { isFileOf, packageRef } from "../distribution.ts";
import { collectEvidence } from "../evidence/index.ts";
import { withFolders } from "./folders.ts";
import {
  type ConfiguredIndexes,
  configuredWithoutPip,
  fetchTo,
  type Indexes,
  locate,
  openIndexes,
  refuseForeign,
  withFileNames,
} from "./indexes.ts";
import { takeFile } from "../bytes/kept.ts";
import type { PythonLock, LockedFile } from "./locked.ts";
import { readLockfile } from "./read.ts";
import { lockOfRequirements } from "./requirements.ts";
import type { PipProject } from "../locate.ts";
import { isRequirements } from "../table.ts";
import { unlockedBeside } from "./unlocked.ts";
import { artifactOf, mirrorIn, provenanceOf } from "../part.ts";
import { openPython, type Python } from "../python/run.ts";
import type { FetchOutcome } from "../report.ts";
import { asConfigured } from "../network.ts";
import { askWords } from "../words.ts";
import { dirname } from "node:path";

/** `check`: every file that a lock admits, of every platform. Nothing is resolved, nothing is installed. */
export async function* checkLock({ folder, python: file, lockfile }: PipProject, bounds: Bounds, host: Host): Stages {
  if (lockfile === null) throw new TypeError("a check reads a lock");
  const temporary = await host.temporary("pip");
  const python = openPython({ file, cwd: folder, project: bounds.repositoryRoot, folder: temporary, host });
  const options = await configuredIn(python);
  const read = await readLock(lockfile, bounds, python);
  const indexes = openIndexes(options, bounds, { ...python, host: await asConfigured(host, options) });
  const lock = await withFileNames(refuseForeign(read, indexes), indexes);
  yield partOf({ path: lockfile, lock, indexes, python });
  return null;
}

/** pip is asked for its configuration only: which indexes, which credentials. */
async function configuredIn(python: Python): Promise<ConfiguredIndexes> {
  return python.file === null ? configuredWithoutPip(python.host.env) : (await askWords(python, ["install"])).options;
}

async function readLock(path: string, { repositoryRoot }: Bounds, python: Python): Promise<PythonLock> {
  if (isRequirements(path)) return lockOfRequirements(path, repositoryRoot, python);
  const lock = readLockfile(path, await python.host.read(path, { maxBytes: LIMITS.lockfileBytes }));
  const { notGated, ...rest } = await withFolders(lock, dirname(path), repositoryRoot);
  return { ...rest, notGated: [...notGated, ...(await unlockedBeside(path, lock.files, python.host))] };
}

interface OpenedLock {
  readonly path: string;
  readonly lock: PythonLock;
  readonly indexes: Indexes;
  readonly python: Python;
}

function partOf({ path, lock, indexes, python }: OpenedLock): Part {
  const { places } = indexes;
  const files = new Map<Artifact, LockedFile>(lock.files.map((one) => [artifactFor(one), one]));
  const underWay = new Map<Artifact, Promise<ObtainedWheel>>();
  return {
    lockfile: path,
    artifacts: [...files.keys()],
    unbound: lock.unbound,
    notGated: lock.notGated,
    opens: false,
    obtain,
    collect,
    registryOf: (artifact) => mirrorIn([fileOf(artifact).index ?? indexes.configured[0] ?? ""]),
  };

  function obtain(artifact: Artifact): Promise<Bytes> {
    const work = underWay.get(artifact) ?? fetchBytes(artifact, fileOf(artifact));
    underWay.set(artifact, work);
    return work;
  }

  async function fetchBytes(artifact: Artifact, one: LockedFile): Promise<ObtainedWheel> {
    const kept = one.filename === null ? null : await takeFile(one.digests, python);
    const bytes = await (kept === null ? fetchFile(artifact, one) : bindBytes(artifact, one, { file: kept }));
    await places.host.store.keep(bytes.file, { digests: bytes.digests });
    return bytes;
  }

  async function fetchFile(artifact: Artifact, one: LockedFile): Promise<ObtainedWheel> {
    const { filename, url } = await locate(one, indexes).catch((error: unknown) => {
      if (error instanceof SourceUnavailable) return one;
      throw error;
    });
    const fetched = await fetchTo(filename === null ? null : url, python, places);
    return bindBytes(artifact, { ...one, filename, url }, fetched);
  }

  function bindBytes(artifact: Artifact, one: LockedFile, fetched: FetchOutcome): Promise<ObtainedWheel> {
    const { filename, url, digests: stated } = one;
    const chosen = { package: artifact.package, filename: filename ?? "", stated };
    return obtainBytes({ ...chosen, url: url ?? one.name, fetched }, [], "any");
  }

  async function collect(artifact: Artifact, source: Source, fresh: boolean): Promise<readonly Evidence[]> {
    const one = fileOf(artifact);
    const filename = one.filename ?? "";
    const provenance = async () => {
      if (one.filename === null) return null;
      const pages = await indexes.pages(artifact.package.name, one.index);
      return provenanceOf({ url: one.url ?? "", filename, stated: one.digests }, pages);
    };
    const address = async () => (await locate(one, indexes)).url;
    const { digests } = artifact;
    return collectEvidence({ artifact, filename, digests, provenance, address }, source, fresh, places);
  }

  function fileOf(artifact: Artifact): LockedFile {
    const one = files.get(artifact);
    if (one === undefined) throw new TypeError(`${artifact.package.purl} is not of this part`);
    return one;
  }
}

function artifactFor({ name, version, filename, digests }: LockedFile): Artifact {
  const ref = packageRef(name, version);
  if (filename !== null) return artifactOf({ package: ref, filename, stated: digests }, [filename]);
  const spelled = digests.map(({ algorithm, hex }) => `${algorithm}:${hex}`).join(" ");
  return {
    package: ref,
    digests,
    locations: [spelled],
    subjectNames: [`${name} ${version}`],
    isSubjectName: (stated) => isFileOf(stated, name, version),
    runsScripts: false,
  };
}
