import type { Ecosystem } from "./model/package.ts";
import type { Source } from "./model/wanted.ts";

/** One installer as plain data: what is known of it before its plugin is loaded. */
export interface Table {
  readonly ecosystem: Ecosystem;
  /** How many of the words name this installer (`python3 -m pip`: 3); 0: none of them. */
  readonly typed: (words: readonly string[]) => number;
  /** The words that it installs with: who types one of them alone is sent to it. */
  readonly verbs: readonly string[];
  /** What installs a package that is not there yet, as hints show it. */
  readonly adds: string;
  /** The names of locks that `check` mentions, the one that wins first. */
  readonly lockfiles: readonly string[];
  readonly locks: readonly LockName[];
  /** Further names of what is a lock where somebody names it, and nowhere else. */
  readonly named?: RegExp;
  /** Of several in a folder the installer reads all at once, or one only; absent: each is a lock of its own. */
  readonly reads?: "all" | "one";
  /** Names of what is read beside a lock, and so counts when a commit changes it. */
  readonly manifests: readonly RegExp[];
  /** Names of the files that are made to be installed: what is judged before it is promoted. Absent: there are none. */
  readonly builds?: RegExp;
  /** The words of the locked install of what lies in a folder with these names; null: nothing of this installer's. */
  readonly lockedInstall: (names: readonly string[]) => readonly string[] | null;
  /** The kinds of sources that the plugin can ask; a policy that names another is refused where it is loaded. */
  readonly sources: readonly Source["kind"][];
  /** All that an installation may set aside: ways below the root of its transaction, whole, with a `/` at the end for a folder. */
  readonly replaces: readonly RegExp[];
  /** It also installs into folders that hold other things: what changes in these is named file by file. */
  readonly changesInPlace: boolean;
  /** Where the registry signs what it publishes: in its metadata, or inside the package. It is asked for where nobody else says who made one. */
  readonly registrySigns: "apart" | "inside" | null;
}

/** A name that a lock may have, whole. */
export interface LockName {
  readonly name: RegExp;
  /** The name of the folder that it lies in, where it is a lock of the folder above that one. */
  readonly below?: string;
  /** `check` takes it without being told. */
  readonly found: boolean;
  /** Why it is not installed where another one is, or none; `{name}` is its own. */
  readonly otherwise?: string;
}
