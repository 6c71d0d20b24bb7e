import type { Digest } from "./model/digest.ts";
import type { Command, Guided, Hear } from "./model/command.ts";
import type { TrustFolder } from "./model/trust.ts";

export type { Command, Guided, Hear } from "./model/command.ts";

/** Everything the program may do to the outside world. Tests pass their own. */
export interface Host {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** No network at all: caches and files only. */
  readonly offline: boolean;
  now(): Date;
  /** GET without other credentials than those given; redirects stay https. @throws SourceUnavailable */
  fetch(
    url: string,
    options: {
      readonly maxBytes: number;
      readonly accept?: string;
      /** Sent to the URL's own origin only, never across a redirect to another. */
      readonly authorization?: string;
      /** 429 is an answer like any other: it is not asked again. */
      readonly obeysLimits?: boolean;
      /** Whose answer named this address: as with a redirect, nothing nearer to this machine is asked. */
      readonly from?: string;
      /** As in `Ask`. */
      readonly receive?: () => (chunk: Buffer) => void;
      /** Where an installer's configuration says more than the environment. */
      readonly over?: Connection;
    },
  ): Promise<Fetched>;
  /** GET as an installer's own configuration wants it: who is told what, and over which connections, is the caller's to say. @throws SourceUnavailable */
  request(url: string, ask: Ask): Promise<Fetched>;
  /** Until when an API wants not to be asked again, by its address; of this run. */
  readonly limits: Map<string, Date>;
  /** File content, or null where there is none. @throws SafeInstallError over `maxBytes`. */
  read(path: string, options: { readonly maxBytes: number }): Promise<Buffer | null>;
  /** Starts a program without a shell, with our standard streams unless told. Resolves to its exit code, 128+n for a signal. */
  run(command: Command): Promise<number>;
  /**
   * Starts a program and exchanges lines with it until `hear` says that was all, it ends, or time is up; then it is ended.
   * Never throws: a program that cannot be started says nothing.
   */
  converse(command: Command, hear: Hear, timeoutMs: number): Promise<void>;
  /**
   * Starts a program that asks before each of its steps; null where programs cannot be led so (Windows). It ends with the run
   * at the latest.
   */
  readonly guide: ((command: Command) => Guided) | null;
  /** Evidence that survives between runs, by key; never verdicts. */
  readonly cache: Cache;
  readonly trust: TrustFolder;
  /** Proven bytes that survive between runs, by digest. */
  readonly store: Store;
  /** A new private folder (0700), removed at the end of the run. */
  temporary(name: string): Promise<string>;
  /**
   * Sets aside what is replaced, works, and has one commit point where `work` gives 0; else, and where it throws, everything
   * is put back, by a later run where this one is killed. What fails after the commit point is a note, never an error.
   * @returns what `work` gave
   * @throws SafeInstallError OUTSIDE_PROJECT, CANNOT_SET_ASIDE, NO_JOURNAL, ANOTHER_RUN, CANNOT_PUT_BACK
   */
  transaction(paths: Paths, work: () => Promise<number>): Promise<number>;
  /** Before anything is fetched. @throws SafeInstallError as `transaction` before it moves anything */
  assertReplaceable(paths: Paths): Promise<void>;
  /** A line of news for people (stderr); never for machines. */
  notice(text: string): void;
}

/** One request. */
export interface Ask {
  readonly maxBytes: number;
  /** Absent: GET. */
  readonly post?: string;
  /** Whose answer named this address. */
  readonly from?: string;
  /** What goes to a place: asked anew for each place that a redirect leads to, so that credentials can stay with their own. */
  readonly to: (place: URL) => { readonly headers: Readonly<Record<string, string>>; readonly over: Connection };
  /** Whether a redirect may lead from one place to another. */
  readonly mayLead: (from: URL, to: URL) => boolean;
  /** Whether a place is one that was configured: a redirect may lead to it in a private network too. */
  readonly isConfigured?: (to: URL) => boolean;
  readonly retry: Retry;
  /** How long a place may stay silent, `LIMITS.httpTimeoutMs` at most. */
  readonly timeoutMs?: number;
  /** Takes the body of a success as it comes, in place of `Fetched.body`; called for each attempt, which begins anew. */
  readonly receive?: () => (chunk: Buffer) => void;
  /** With `receive`: the server may pack the body for the way; else it is asked not to. */
  readonly mayBeCoded?: boolean;
}

/** How often a failure that may pass is asked again, and after how long: `minTimeout` times `factor` to the power of the attempt. */
export interface Retry {
  readonly statuses: (status: number) => boolean;
  readonly retries: number;
  readonly factor: number;
  readonly minTimeout: number;
  readonly maxTimeout: number;
}

/** A way of connecting; its members as Node's `tls.connect` names them. */
export interface Connection {
  /** Instead of the environment's. */
  readonly proxies?: Proxies;
  readonly ca?: string | readonly string[];
  /** Authorities beside Node's own; `ca` stands in their place. */
  readonly alsoCa?: readonly string[];
  /** A client certificate: for the place itself, never for a proxy. */
  readonly cert?: string;
  readonly key?: string;
  readonly rejectUnauthorized?: boolean;
  readonly localAddress?: string;
  /** At the same time, to one origin; absent: as many as there are requests. */
  readonly connections?: number;
}

/** Addresses of proxies by what they are asked for; an empty text is none. */
export interface Proxies {
  readonly http?: string | undefined;
  readonly https?: string | undefined;
  /** Hosts that are asked directly, as in `NO_PROXY`. */
  readonly no?: string | undefined;
}

export interface Fetched {
  readonly status: number;
  readonly body: Buffer;
  /** `retry-after` and `x-ratelimit-*`, by their names in lower case; no other header. */
  readonly limits?: Readonly<Record<string, string>>;
}

export interface Cache {
  get(key: string): Promise<Buffer | null>;
  put(key: string, value: Buffer): Promise<void>;
}

/** Never trusted for what is in it: everything is hashed again at each use. */
export interface Store {
  /**
   * Copies the bytes that have all of these digests into a new private file, and hashes them there.
   * @returns null where there are none that hold; then there is no such file
   */
  take(sought: SoughtBytes, into: string): Promise<Taken | null>;
  /** Keeps the bytes of a private file that nobody writes to any more. Never throws: it may find no room. */
  keep(file: string, kept: KeepOptions): Promise<void>;
  /** Digests of this kind under which something may be found, in hexadecimal: a hint, and no more. */
  known(algorithm: Digest["algorithm"]): Promise<readonly string[]>;
}

export interface SoughtBytes {
  /** All of them must hold. None: then what comes is proven by whoever takes it. */
  readonly digests: readonly Digest[];
  /** Names under which it may have been kept. */
  readonly aliases?: readonly string[];
  /** Further algorithms to hash it with, for instance `sha1`. */
  readonly hashes?: readonly string[];
  /** Absolute: files of other caches that are tried first, whoever owns them. */
  readonly elsewhere?: readonly string[];
}

export interface KeepOptions {
  /** Of these bytes; sha512 is among them. */
  readonly digests: readonly Digest[];
  readonly aliases?: readonly string[];
  /** A hard link will do, since whoever unpacks the file hashes it again: what runs later may write through it. */
  readonly linked?: boolean;
}

export interface Taken {
  /** By algorithm: sha256, sha512, and those that were asked for. */
  readonly hex: Readonly<Record<string, string>>;
  /** The same bytes, where they are few. */
  readonly few: Buffer | null;
}

/** One transaction each. */
export interface Paths {
  /** Absolute. Names the journal (npm: the prefix; pip: the environment's site folder; dotnet: the repository's root). */
  readonly root: string;
  /** Of several at work in one root, none of which replaces what another does. Absent: it is alone there. */
  readonly name?: string;
  /** Further absolute paths that lead to its journal as well (pip: the interpreter's file). */
  readonly found: readonly string[];
  readonly replaces: readonly Place[];
}

/** Something that a hand-off replaces; two names of one place are one. */
export interface Place {
  /** Absolute, below the root. What stands there (a tree, a file, a link) is set aside whole; or nothing does. */
  readonly path: string;
  /**
   * Changes in place instead, and may lie anywhere (a pip environment): only these paths below it, of files or folders, are
   * kept; nothing else in it is touched by putting back.
   */
  readonly touches?: readonly string[];
}
