/** A trusted root with the thresholds that belong to it (never to a run). */
export interface TrustRoot {
  /** The name of a built-in one; otherwise a digest of what it rests on and thresholds, so that equal names of two layers never mix. */
  readonly id: string;
  /** For messages: the policy's name for it. */
  readonly name: string;
  /** Parsed `trusted_root.json` (sigstore protobuf-specs `TrustedRoot`); of one that is refreshed: once it is opened. */
  readonly json: unknown;
  readonly thresholds: Thresholds;
  /** Where it is refreshed from; absent: it is a file. */
  readonly tuf?: TufSource | "built-in";
  /** In milliseconds: not found to be current for longer, it does not count. */
  readonly maxAgeMs?: number;
}

/** A repository of The Update Framework, and the root that its chain begins with. */
export interface TufSource {
  /** https (http on loopback). */
  readonly mirror: string;
  readonly root: Buffer;
}

/** How many distinct logs, SCTs and times must vouch. */
export interface Thresholds {
  readonly tlog: number;
  readonly sct: number;
  readonly timestamps: number;
}

export const PUBLIC_GOOD = "public-good";

/** GitHub's instance for private repositories: timestamps, and no log. */
export const GITHUB = "github";

/** What vouches under the roots that are built in. */
export const BUILT_IN: Readonly<Record<string, Thresholds>> = {
  [PUBLIC_GOOD]: { tlog: 1, sct: 1, timestamps: 1 },
  [GITHUB]: { tlog: 0, sct: 0, timestamps: 1 },
};

/** How roots are refreshed: the operator's word, never a repository's. */
export interface TrustSettings {
  /** Whether any repository is asked. */
  readonly refreshes: boolean;
  /** Mirrors of the built-in repositories, by the root's name: who serves them, not who signs them. */
  readonly mirrors: Readonly<Record<string, string>>;
}

/** What a repository was found to say at its last good refresh. */
export interface HeldTrust {
  /** When it was last found to be current. */
  readonly checkedAt: Date;
  /** The signed metadata, by file name (`root.json`, `timestamp.json`, ...): the next refresh goes on from there. */
  readonly metadata: Readonly<Record<string, Buffer>>;
  /** By target. */
  readonly targets: Readonly<Record<string, Buffer>>;
}

/**
 * How a refresh ended: `reason` says why nothing new is held, and `stands` which root counts instead. `quiet`: nobody waited for it, nobody answered, and
 * what is held is not old; "unasked": because its name is not known here, or because it could not be remembered.
 */
export type Refreshed =
  | { readonly held: HeldTrust }
  | { readonly reason: string; readonly stands?: LastGood; readonly quiet?: "unreached" | "unasked" };

/** For people: a root that counts as it was, and how old it is. */
export interface LastGood {
  readonly name: string;
  /** `last checked 3 days ago`; null: nothing is held. */
  readonly age: string | null;
}

/** Lies in the state folder, and is trusted for what is in it. */
export interface TrustFolder {
  readonly settings: TrustSettings;
  /** Of this run, by repository: none is asked twice. */
  readonly refreshes: Map<string, Promise<Refreshed>>;
  get(name: string): Promise<Buffer | null>;
  /** Whole or not at all. Never throws: it may find no room. */
  put(name: string, value: Buffer): Promise<void>;
  /** Whether an address may be asked in passing: its name can be looked up without holding up the end of this process. */
  isNear(address: string): Promise<boolean>;
}
