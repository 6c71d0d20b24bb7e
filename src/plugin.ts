/** The contract between the gate and one installer. A plugin finds facts; it never judges them. */
import type { Command, Host, Paths, Place } from "./host.ts";
import type { Artifact, Bytes, ListedArchive, NotGated, Proven, SelfDescription } from "./model/artifact.ts";
import type { Denial } from "./model/codes.ts";
import type { Evidence } from "./model/evidence.ts";
import type { PackageRef } from "./model/package.ts";
import type { Request } from "./model/request.ts";
import type { Source } from "./model/wanted.ts";
import type { Table } from "./table.ts";

export type {
  Ask,
  Cache,
  Command,
  Connection,
  Fetched,
  Guided,
  Hear,
  Host,
  KeepOptions,
  Paths,
  Place,
  Retry,
  SoughtBytes,
  Store,
  Taken,
} from "./host.ts";
export type {
  ArchivePlace,
  Artifact,
  Bytes,
  Form,
  ListedArchive,
  NotGated,
  Proven,
  SelfDescription,
} from "./model/artifact.ts";
export type { BuiltFile, BuiltPackage, ReadBuilt } from "./model/built.ts";
export type { Code, Comparison, Denial } from "./model/codes.ts";
export { type Digest, compareDigests, digestOf, formatDigest } from "./model/digest.ts";
export type { Evidence, RegistrySignature } from "./model/evidence.ts";
export type { Ecosystem, PackageRef } from "./model/package.ts";
export type { Request } from "./model/request.ts";
export type { Source } from "./model/wanted.ts";
export type { LockName, Table } from "./table.ts";
export { ArtifactError, type ErrorCode, SafeInstallError, SourceUnavailable } from "./errors.ts";
export { isInside, leadsInside, mayBeInside, resolveLinks, wayTo } from "./io/inside.ts";
export {
  absoluteEntries,
  executableName,
  foldersOnPath,
  pathOf,
  type Program,
  programsOnPath,
  which,
  withPathOutside,
} from "./io/program.ts";
export { NEAR } from "./io/requests/near.ts";
export { hashes, inFile, joined, part, type Span } from "./io/zip/span.ts";
export { dataOf } from "./io/zip/unzip.ts";
export { writeZip } from "./io/zip/write.ts";
export { type CentralEntry, readZip, type Zip, ZipFault } from "./io/zip/zip.ts";
export { groundsOf } from "./project/ends.ts";
export { trackedAmong } from "./project/tracked.ts";
export { parseJson, parseJsonLastWins, JsonError } from "./json.ts";
export { type SoughtMembers, type Thin, thinJson } from "./json-thin.ts";
export { LIMITS } from "./limits.ts";
export { findRepository as repositoryAround } from "./project/ends.ts";
export { isFileOf, isSameDistribution, isSameVersion, parseDistribution } from "./ecosystems/distribution.ts";
export { normalName } from "./ecosystems/names.ts";
export {
  compareVersions as comparePythonVersions,
  parseVersion as parsePythonVersion,
} from "./ecosystems/versions/pep440.ts";
export { pypiRange as pythonRange } from "./ecosystems/versions/pypi.ts";
export { closed, free, readAs, tableOf, text } from "./shape.ts";
export { isAllowedUrl, redactUrl } from "./url.ts";

/** One installer. It says what would come and where; the gate judges. */
export interface Plugin<P extends Project = Project> {
  /** As plain data: what is known of it before it is loaded. */
  readonly table: Table;
  /** What a command line asks for. Pure. `program` as in `Request`; absent: the installer's own name. */
  classify(args: readonly string[], program?: readonly string[]): Invocation;
  /** What the installer would read in the place of these words, from files that they name; absent: these words. */
  expand?(args: readonly string[], cwd: string, host: Pick<Host, "read">): Promise<readonly string[]>;
  /**
   * The installer itself with exactly these words, for what passes through untouched. Never one from inside the project.
   * Settings that came with the project are held to what the gate asks of them.
   * @param admitted further registry origins that the policies of a folder name; none where they cannot be read
   * @throws SafeInstallError kind "installer" where there is none; "usage" where the project's settings would steer it.
   */
  command(
    args: readonly string[],
    cwd: string,
    host: Pick<Host, "env" | "read">,
    program: readonly string[],
    admitted: (folder: string) => Promise<readonly string[]>,
  ): Promise<Command>;
  /** Which project is meant, and so whose policy counts. Reads names and the installer's configuration; runs nothing of the project. */
  locate(request: Request, host: Host): Promise<P>;
  /**
   * What would come, in parts that are each as large as can be without proven bytes. The gate hands back what it let
   * through of a part and goes on, or ends the generator. Writes nothing in the project, runs nothing of it.
   * @returns how to install what was let through; null for a check.
   */
  stages(project: P, bounds: Bounds, host: Host): Stages;
}

export type Stages = AsyncGenerator<Part, Handoff | null, readonly Proven[]>;

export type Invocation =
  /** Known not to install: goes to the installer untouched. */
  | { readonly kind: "pass" }
  | { readonly kind: "gate" }
  /** Installs in a way that is not gated, or is not known. Never run. */
  | { readonly kind: "refuse"; readonly reason: string; readonly hint: string };

/** Where the installer would work. A plugin adds what it has found out on the way. */
export interface Project extends Paths {
  readonly request: Request;
  /** The folder whose policy counts (npm: the prefix). Absolute. */
  readonly folder: string;
  /** As far as known: what cannot be replaced is said before anything is fetched. */
  readonly replaces: readonly Place[];
}

/** What the gate knows of the place. */
export interface Bounds {
  /** First-party folders must be inside. The project folder where there is no repository. Absolute, links resolved. */
  readonly repositoryRoot: string;
  /** Further registry origins that the policy admits for this ecosystem, for instance `https://npm.example`. */
  readonly registries: readonly string[];
  /** Archives that the policy lists: only these may be asked for before they are judged, and only for these bytes. */
  readonly archives?: readonly ListedArchive[];
}

/** Packages, with the ways to their bytes and evidence. */
export interface Part {
  /** Absolute, as it lies in the project or will; null where the set came from somewhere else. */
  readonly lockfile: string | null;
  readonly artifacts: readonly Artifact[];
  /** Dependencies that cannot be bound to bytes: always denied. */
  readonly unbound: readonly Unbound[];
  readonly notGated: readonly NotGated[];
  /** Its proven bytes say what else comes (a project SDK, pip's first resolution): where it is denied, the rest stays unknown. */
  readonly opens: boolean;
  /** It runs as soon as it is handed back, before anything is installed (a project SDK). */
  readonly runs?: true;
  /**
   * Fetches (once) and hashes the bytes of one artifact, and binds them to what the lock states.
   * @param anew passes by what an earlier run has kept without being bound (`Bytes.isKept`)
   * @throws ArtifactError they contradict, or could not be had.
   */
  obtain(artifact: Artifact, anew?: boolean): Promise<Bytes>;
  /**
   * Asks one source about one artifact. An empty answer means "no evidence".
   * `fresh`: passes by the cache of an earlier run (a registry may have added evidence since).
   * @throws SourceUnavailable could not find out.
   */
  collect(artifact: Artifact, source: Source, fresh: boolean): Promise<readonly Evidence[]>;
  /** The registry or index that it comes from, for people; null: the public one, or unknown. */
  registryOf?(artifact: Artifact): string | null;
  /** What the package's own metadata says of itself. Unsigned: good for a question to a person, never for a decision. Never throws. */
  describe?(artifact: Artifact): Promise<SelfDescription>;
  /** Also what this machine leaves out (other platforms, omitted groups): a policy is for all of the team. Absent: there is no more. */
  everywhere?(): Promise<Part>;
}

/** How the real installer unpacks what was let through, and nothing else. The gate runs its steps in this order. */
export interface Handoff extends Paths {
  /** Everything private that the installer reads (caches, feeds). Changes nothing in the project. @throws SafeInstallError LOCK_CHANGED */
  prepare(): Promise<void>;
  /** Runs the real installer, offline. @returns its exit code (128+n for a signal); what it changed is undone unless that is 0 */
  install(): Promise<number>;
  /** Compares what is on disk with what was proven. @throws SafeInstallError INSTALLED_MISMATCH: everything is undone */
  compare(): Promise<void>;
  /** What follows once all of that is kept: the tool of npx, `npm test`, a build. @returns its exit code */
  next?(): Promise<number>;
}

export interface Unbound {
  /** null: the project as a whole (a lockfile version). */
  readonly package: PackageRef | null;
  readonly location: string;
  readonly denial: Denial;
}
