import type { Digest } from "./digest.ts";
import type { PackageRef } from "./package.ts";

/**
 * Where an archive lies that comes from no registry, exactly: nobody vouches for the name and version that it bears, so
 * no rule for a name is about it. `path` is relative to the repository's root, with forward slashes.
 */
export type ArchivePlace =
  | { readonly url: string; readonly path?: undefined }
  | { readonly path: string; readonly url?: undefined };

/** One file that the installer would unpack. */
export interface Artifact {
  readonly package: PackageRef;
  /** What is known of its bytes: what the lock states until the bytes were hashed, then what they hash to. May be empty. */
  readonly digests: readonly Digest[];
  /** Where the project puts it, for instance `node_modules/a/node_modules/b`. Never empty. */
  readonly locations: readonly string[];
  /** Absent: it comes from a registry. */
  readonly archive?: ArchivePlace;
  /** Names under which evidence may speak of it (npm: the purl; PyPI: the file name). Empty: the digest alone counts. */
  readonly subjectNames: readonly string[];
  /** Whether a name in a statement is this artifact's, where names are compared otherwise than letter by letter (PyPI); null: it is a name of nothing. */
  isSubjectName?(stated: string): boolean | null;
  /** Lifecycle or build scripts run at install time. */
  readonly runsScripts: boolean;
  /**
   * What `digests` are of, where the same package is known in several forms (NuGet: with and without the signature that
   * a registry adds): a statement that matches another one of `Bytes.forms` is about the package too.
   */
  readonly form?: string;
  /** The licence in the package's own words (an SPDX expression, a name), unsigned; absent: it says none, or nobody looked. */
  readonly licence?: string | undefined;
  /** The purls of what it needs and the same installer would unpack; absent: not known. */
  readonly dependsOn?: readonly string[] | undefined;
  /** Of the very file, where it was built and is judged before it is promoted; absent: it comes from somewhere else. */
  readonly built?: readonly Digest[];
}

/** Bytes that were fetched and hashed by us. */
export interface Bytes {
  /** At least sha256 and sha512. */
  readonly digests: readonly Digest[];
  read(): Promise<Buffer>;
  /** An earlier run was given them under this address, and the lock does not bind them: they count where something else names them. */
  readonly isKept?: boolean;
  /** Further forms of the package that evidence may be about; each follows from the bytes alone. */
  readonly forms?: readonly Form[];
  /** Why evidence about this package may match no form of it; shown where none does. */
  readonly mismatchHint?: string;
}

/** The same package in another form, for instance as it was published before a registry signed it. */
export interface Form {
  readonly name: string;
  readonly digests: readonly Digest[];
  read(): Promise<Buffer>;
}

/** Something that stays outside of the gate on purpose; counted and named in the report. */
export interface NotGated {
  readonly kind:
    | "workspace"
    | "first-party"
    | "bundled"
    | "other-platform"
    | "omitted"
    | "unchanged"
    | "not-locked"
    | "unlocked"
    | "on-disk"
    | "in-restore"
    | "passed-over"
    | "not-supported";
  /** npm: the location in the tree. */
  readonly name: string;
  readonly detail?: string;
}

/** An archive that a policy lists, and its bytes. */
export interface ListedArchive {
  readonly place: ArchivePlace;
  /** Hexadecimal. */
  readonly sha512: string;
}

/** What a package says of itself. Unsigned. */
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
