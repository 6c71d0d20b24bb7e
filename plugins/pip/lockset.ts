import {
  type Artifact,
  type Bytes,
  type Context,
  type Evidence,
  type Host,
  LIMITS,
  type Request,
  SafeInstallError,
  type Session,
  type Source,
  SourceUnavailable,
} from "../../src/plugin.ts";
import { type Obtained, obtainBytes } from "./bytes.ts";
import { isFileOf, packageRef } from "./distribution.ts";
import { collectEvidence } from "./evidence.ts";
import { fetchTo, type Indexes, locate, openIndexes, refuseForeign, withFileNames } from "./indexes.ts";
import { findAnyPip } from "./interpreter.ts";
import { takeFile } from "./kept.ts";
import type { Lock, LockedFile } from "./lock/locked.ts";
import { readLockfile } from "./lock/read.ts";
import { lockOfRequirements } from "./lock/requirements.ts";
import { artifactOf, provenanceOf } from "./members.ts";
import type { Python } from "./python.ts";
import type { Fetched } from "./report.ts";
import { LOCKFILES } from "./table.ts";
import { askWords } from "./words.ts";
import { readdir, realpath, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";

/** `check`: every file that a lock admits, of every platform. Nothing is resolved, nothing is installed. */
export async function openLockset(request: Request, host: Host): Promise<Session> {
  const path = await lockfileOf(request);
  const project = await realpath(dirname(path));
  const context = await request.context(project);
  const python = await startPython(context, project, host);
  const { options } = await askWords(python, ["install"]);
  const read = isRequirements(path)
    ? await lockOfRequirements(path, context.repositoryRoot, python)
    : readLockfile(path, await host.read(path, { maxBytes: LIMITS.lockfileBytes }));
  const indexes = openIndexes(options, context, python);
  const lock = await withFileNames(refuseForeign(read, indexes), indexes);
  return openSession({ project, path, lock, indexes, python });
}

async function lockfileOf({ cwd, lockfile }: Request): Promise<string> {
  if (lockfile !== undefined) return resolve(cwd, lockfile);
  const names = await readdir(cwd);
  const found = LOCKFILES.find((name) => names.includes(name));
  if (found !== undefined) return join(cwd, found);
  throw new SafeInstallError("usage", "NO_LOCKFILE", `no lockfile of Python's tools in ${cwd}`, {
    hint: `known: ${LOCKFILES.join(", ")}`,
  });
}

function isRequirements(path: string): boolean {
  return /\.(?:txt|in)$/.test(basename(path));
}

/** pip is asked for its configuration only: which indexes, which credentials. */
async function startPython(context: Context, cwd: string, host: Host): Promise<Python> {
  const { python: file } = await findAnyPip(cwd, host.env);
  return { file, cwd, project: context.repositoryRoot, folder: await host.temporary("pip"), host };
}

interface Opened {
  readonly project: string;
  readonly path: string;
  readonly lock: Lock;
  readonly indexes: Indexes;
  readonly python: Python;
}

function openSession({ project, path, lock, indexes, python }: Opened): Session {
  const { places } = indexes;
  const files = new Map<Artifact, LockedFile>(lock.files.map((one) => [artifactFor(one), one]));
  const underWay = new Map<Artifact, Promise<Obtained>>();
  return {
    project,
    lockfile: path,
    artifacts: [...files.keys()],
    unbound: lock.unbound,
    notGated: lock.notGated,
    obtain,
    collect,
    handoff: () => Promise.reject(new TypeError("check installs nothing")),
    close: () => rm(python.folder, { recursive: true, force: true }),
  };

  function obtain(artifact: Artifact): Promise<Bytes> {
    const work = underWay.get(artifact) ?? fetchBytes(artifact, fileOf(artifact));
    underWay.set(artifact, work);
    return work;
  }

  async function fetchBytes(artifact: Artifact, one: LockedFile): Promise<Obtained> {
    const kept = one.filename === null ? null : await takeFile(one.digests, python);
    const bytes = await (kept === null ? fetchFile(artifact, one) : bindBytes(artifact, one, { file: kept }));
    await places.host.store.keep(bytes.file, { digests: bytes.digests });
    return bytes;
  }

  async function fetchFile(artifact: Artifact, one: LockedFile): Promise<Obtained> {
    const { filename, url } = await locate(one, indexes).catch((error: unknown) => {
      if (error instanceof SourceUnavailable) return one;
      throw error;
    });
    const fetched = await fetchTo(filename === null ? null : url, python, places);
    return bindBytes(artifact, { ...one, filename, url }, fetched);
  }

  function bindBytes(artifact: Artifact, one: LockedFile, fetched: Fetched): Promise<Obtained> {
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
    if (one === undefined) throw new TypeError(`${artifact.package.purl} is not of this session`);
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
