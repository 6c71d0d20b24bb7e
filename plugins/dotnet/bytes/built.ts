import type { BuiltFile, BuiltPackage, PackageRef } from "../../../src/plugin.ts";
import { ownSignature } from "../evidence/own-signatures.ts";
import { lower, packageKey, refOf } from "../names.ts";
import { inFile } from "./archive.ts";
import { bytesOf, CONTENT, openPackage, packageIn } from "./package.ts";
import { readFile } from "node:fs/promises";

/**
 * A package of `dotnet pack`, signed or not. A feed takes id and version from its nuspec; what the file is called is nobody's
 * word. @throws ArtifactError PACKAGE_MISMATCH, ARCHIVE_INVALID
 */
export async function readBuilt({ file, location }: BuiltFile): Promise<BuiltPackage> {
  const ref = inFile(file, (archive) => packageIn(archive, location));
  const opened = inFile(file, (archive) => openPackage(archive, ref, [], location));
  return {
    package: ref,
    bytes: bytesOf(opened, () => readFile(file)),
    subjectNames: [ref.purl],
    isSubjectName: (stated) => isNameOf(ref, stated),
    form: CONTENT,
    runsScripts: opened.runsInBuild,
    signatures: (kind) => ownSignature(kind, opened.signature, `${location}#.signature.p7s`),
  };
}

/**
 * NuGet has no names for subjects of its own: pipelines write a file's name, a package URL, or words. What names a package
 * must name this one; null: it names none.
 */
function isNameOf(ref: PackageRef, stated: string): boolean | null {
  const file = stated.split(/[\\/]/).at(-1) ?? "";
  const [, stem] = /^(.+)\.s?nupkg$/i.exec(file) ?? [];
  if (stem !== undefined) return isStemOf(ref, stem);
  const [, id, version] = /^pkg:nuget\/([^/@?#]+)@([^/@?#]+)/i.exec(stated) ?? [];
  return id === undefined || version === undefined ? null : isSame(ref, id, decoded(version));
}

/** `ID.VERSION`: where the one ends and the other begins, only the package knows. */
function isStemOf(ref: PackageRef, stem: string): boolean {
  const start = `${lower(ref.name)}.`;
  return lower(stem).startsWith(start) && isSame(ref, ref.name, stem.slice(start.length));
}

function isSame(ref: PackageRef, id: string, version: string): boolean {
  const other = refOf(id, version);
  return other !== null && packageKey(other) === packageKey(ref);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
