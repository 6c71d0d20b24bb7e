/** The contract between the gate and one installer. A plugin finds facts; it never judges them. */
import type { Command, Host } from "./host.ts";
import type { Artifact, Bytes, NotGated } from "./model/artifact.ts";
import type { Denial } from "./model/codes.ts";
import type { Evidence } from "./model/evidence.ts";
import type { Ecosystem, PackageRef } from "./model/package.ts";
import type { Source } from "./model/source.ts";

export type {
  Ask,
  Cache,
  Command,
  Connection,
  Fetched,
  Hear,
  Host,
  Kept,
  Paths,
  Place,
  Retry,
  Sought,
  Store,
  Taken,
} from "./host.ts";
export type { Artifact, Bytes, Form, NotGated } from "./model/artifact.ts";
export type { Code, Comparison, Denial } from "./model/codes.ts";
export { type Digest, compareDigests, digestOf, formatDigest } from "./model/digest.ts";
export type { Evidence, RegistrySignature } from "./model/evidence.ts";
export type { Ecosystem, PackageRef } from "./model/package.ts";
export type { Source } from "./model/source.ts";
export type { LockName, Table } from "./table.ts";
export { ArtifactError, SafeInstallError, SourceUnavailable } from "./errors.ts";
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
export { groundsOf } from "./project/ends.ts";
export { parseJson, JsonError } from "./json.ts";
export { LIMITS } from "./limits.ts";
export { normalName } from "./policy/names.ts";
export {
  compareVersions as comparePythonVersions,
  parseVersion as parsePythonVersion,
} from "./policy/versions/pep440.ts";
export { isAllowedUrl, redactUrl } from "./url.ts";

export interface Plugin {
  readonly ecosystem: Ecosystem;
  /** What a command line asks for. Pure. `program` as in `Request`; absent: the installer's own name. */
  classify(args: readonly string[], program?: readonly string[]): Invocation;
  /**
   * The installer itself with exactly these words, for what passes through untouched. Never one from inside the project.
   * @throws SafeInstallError kind "installer" where there is none.
   */
  command(args: readonly string[], cwd: string, host: Pick<Host, "env">, program: readonly string[]): Promise<Command>;
  /** Lockfile names that `check` looks for in a folder, the one that wins first. */
  readonly lockfiles: readonly string[];
  /** Whether a folder with these names has a lock that `check` finds by itself under none of `lockfiles`. */
  isLockedIn?(names: readonly string[]): boolean;
  /** Further names under which a lockfile can be given to `check`, for instance `requirements-dev.txt`. */
  readsLockfile?(name: string): boolean;
  /** Where what a hand-off moves aside lies: below the project, unless it is anywhere in the repository (a solution's projects). */
  readonly movesIn?: "repository";
  /** Reads the dependency set. Writes nothing in the project, runs nothing of it. */
  open(request: Request, host: Host): Promise<Session>;
}

export type Invocation =
  /** Known not to install: goes to the installer untouched. */
  | { readonly kind: "pass" }
  | { readonly kind: "gate" }
  /** Installs in a way that is not gated, or is not known. Never run. */
  | { readonly kind: "refuse"; readonly reason: string; readonly hint: string };

/** `purpose` "check": judge only; bytes are fetched only where evidence needs them. */
export interface Request {
  readonly purpose: "install" | "check";
  /** The installer's own words, untouched: for `safe-install npm ci --omit=dev`: `["ci", "--omit=dev"]`. */
  readonly args: readonly string[];
  /** How the installer was typed: `["npm"]`, `["pip3"]`, `["python3", "-m", "pip"]`, `["/venv/bin/pip"]`. Absent for `check`. */
  readonly program?: readonly string[];
  readonly cwd: string;
  /** For `check`: the lockfile to read; absent: found from `cwd` as the installer would. */
  readonly lockfile?: string;
  /** For `check`: also what this machine would leave out (other platforms, omitted groups): a policy is for all of the team. */
  readonly everything?: boolean;
  /** What the policy of a project folder says that resolving must know. @throws SafeInstallError where there is no policy. */
  context(project: string): Promise<Context>;
}

export interface Context {
  /** First-party folders must be inside. The project folder where there is no repository. Absolute, links resolved. */
  readonly repositoryRoot: string;
  /** Further registry origins that the policy admits for this ecosystem, for instance `https://npm.example`. */
  readonly registries: readonly string[];
  /**
   * The gate itself on a part of the set, for where resolving needs proven bytes (a second resolution, a project SDK).
   * What was judged here is not judged again when the whole session is.
   * @returns what may be unpacked; null where any of it is denied (then put the part into the session: it says why).
   */
  prove(part: Pick<Session, "artifacts" | "obtain" | "collect">): Promise<readonly Proven[] | null>;
}

/** Packages, with the ways to their bytes and evidence. */
export type Contents = Pick<Session, "artifacts" | "obtain" | "collect" | "describe">;

/** The dependency set of one project, and what can be done with it. */
export interface Session {
  /** The folder whose policy counts (npm: the prefix). Absolute. */
  readonly project: string;
  /** Absolute; null where the set came from somewhere else. */
  readonly lockfile: string | null;
  readonly artifacts: readonly Artifact[];
  /** Dependencies that cannot be bound to bytes: always denied. */
  readonly unbound: readonly Unbound[];
  readonly notGated: readonly NotGated[];
  /**
   * Fetches (once) and hashes the bytes of one artifact, and binds them to what the lock states.
   * @throws ArtifactError they contradict, or could not be had.
   */
  obtain(artifact: Artifact): Promise<Bytes>;
  /**
   * Asks one source about one artifact. An empty answer means "no evidence".
   * `fresh`: passes by the cache of an earlier run (a registry may have added evidence since).
   * @throws SourceUnavailable could not find out.
   */
  collect(artifact: Artifact, source: Source, fresh: boolean): Promise<readonly Evidence[]>;
  /** What the package's own metadata says of itself. Unsigned: good for a question to a person, never for a decision. Never throws. */
  describe?(artifact: Artifact): Promise<SelfDescription>;
  /** Also what this machine leaves out (other platforms, omitted groups): a policy is for all of the team. Absent: there is no more. */
  everything?(): Promise<Contents>;
  /**
   * Runs the real installer so that it can only unpack `proven`, then compares what is on disk with it.
   * The project is as it was where this throws or where the installer fails.
   * @returns the installer's exit code (128+n for a signal).
   */
  handoff(proven: readonly Proven[]): Promise<number>;
  /** Removes everything private. Safe to call twice. */
  close(): Promise<void>;
}

export interface SelfDescription {
  /** As the package spells it, for instance `git+https://github.com/acme/widget.git`; null where it says nothing. */
  readonly repository: string | null;
}

/** An artifact that the gate let through, with the bytes that were judged. */
export interface Proven {
  readonly artifact: Artifact;
  readonly bytes: Bytes;
  /** Whether its install scripts may run; absent: as the installer itself has it. */
  readonly scripts?: "run" | "skip";
}

export interface Unbound {
  /** null: the project as a whole (a lockfile version). */
  readonly package: PackageRef | null;
  readonly location: string;
  readonly denial: Denial;
}
