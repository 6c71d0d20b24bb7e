/** The contract between the gate and one installer. A plugin finds facts; it never judges them. */
import type { Artifact, Bytes, NotGated } from "./model/artifact.ts";
import type { Denial } from "./model/codes.ts";
import type { Evidence } from "./model/evidence.ts";
import type { Ecosystem, PackageRef } from "./model/package.ts";
import type { Source } from "./model/source.ts";

export type { Artifact, Bytes, NotGated } from "./model/artifact.ts";
export type { Code, Comparison, Denial } from "./model/codes.ts";
export { type Digest, compareDigests, digestOf, formatDigest } from "./model/digest.ts";
export type { Evidence, RegistrySignature } from "./model/evidence.ts";
export type { Ecosystem, PackageRef } from "./model/package.ts";
export type { Source } from "./model/source.ts";
export { ArtifactError, SafeInstallError, SourceUnavailable } from "./errors.ts";
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
  /** Further names under which a lockfile can be given to `check`, for instance `requirements-dev.txt`. */
  readsLockfile?(name: string): boolean;
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

/** Everything the program may do to the outside world. Tests pass their own. */
export interface Host {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** No network at all: caches and files only. */
  readonly offline: boolean;
  now(): Date;
  /** GET without credentials; redirects stay https. @throws SourceUnavailable */
  fetch(url: string, options: { readonly maxBytes: number; readonly accept?: string }): Promise<Fetched>;
  /** File content, or null where there is none. @throws SafeInstallError over `maxBytes`. */
  read(path: string, options: { readonly maxBytes: number }): Promise<Buffer | null>;
  /** Starts a program without a shell, with our standard streams unless told. Resolves to its exit code, 128+n for a signal. */
  run(command: Command): Promise<number>;
  /** What survives between runs: evidence by key and bytes by digest; never verdicts. */
  readonly cache: Cache;
  /** A new private folder (0700), removed at the end of the run. */
  temporary(name: string): Promise<string>;
  /** Moves folders and files aside, with a journal so that also a later run can put them back. */
  setAside(project: string, folders: readonly string[]): Promise<Aside>;
  /** A line of news for people (stderr); never for machines. */
  notice(text: string): void;
}

export interface Fetched {
  readonly status: number;
  readonly body: Buffer;
}

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** An interruption does not end it: it puts things back. */
  readonly toTheEnd?: boolean;
  /** Absolute: a new file that takes what it writes to its output, and it reads nothing; absent: our standard streams. */
  readonly log?: string;
}

export interface Cache {
  get(key: string): Promise<Buffer | null>;
  put(key: string, value: Buffer): Promise<void>;
  /** By `sha512-BASE64`; the content is hashed again when read. */
  getBytes(sri: string): Promise<Buffer | null>;
  putBytes(bytes: Buffer): Promise<void>;
  /** The same for a file of our own that nobody writes to any more; `hex`: its sha512. */
  keepFile(file: string, hex: string): Promise<void>;
}

export interface Aside {
  /** Puts everything back, replacing what is there now. */
  restore(): Promise<void>;
  /** The new state is good: forgets the old one. */
  discard(): Promise<void>;
}
