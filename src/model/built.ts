import type { Bytes } from "./artifact.ts";
import type { Digest } from "./digest.ts";
import type { Evidence } from "./evidence.ts";
import type { PackageRef } from "./package.ts";

/** A file that somebody built, in a private copy that nobody writes to any more. */
export interface BuiltFile {
  /** What it is called where it lies, without the folder. */
  readonly name: string;
  /** Where it lies, for people. */
  readonly location: string;
  /** The copy. Absolute. */
  readonly file: string;
  /** Of the copy: sha256, sha384 and sha512. */
  readonly digests: readonly Digest[];
}

/** What such a file is by its own metadata: its name says nothing that they do not say too. */
export interface BuiltPackage {
  readonly package: PackageRef;
  readonly bytes: Bytes;
  /** As in `Artifact`. */
  readonly subjectNames: readonly string[];
  isSubjectName?(stated: string): boolean | null;
  readonly form?: string;
  readonly runsScripts: boolean;
  /** The ecosystem's own signatures, where packages carry such. */
  signatures?(kind: "author" | "repository"): readonly Evidence[];
}

/** @throws ArtifactError it is no package, or does not say which, or is called otherwise where the name counts */
export type ReadBuilt = (file: BuiltFile) => Promise<BuiltPackage>;
