import { ArtifactError, type BuiltFile, type BuiltPackage, type Code } from "../../../src/plugin.ts";
import { isFileOf, isSameDistribution, packageRef, parseDistribution } from "../distribution.ts";
import { nameAndVersion } from "./metadata.ts";
import { sdistMetadata } from "./sdist.ts";
import { wheelMetadata } from "./wheel.ts";
import { readFile } from "node:fs/promises";

/**
 * A wheel, or a source distribution as data: nothing of it runs. Python installs by the file's name, so it must say what
 * the metadata inside say. @throws ArtifactError PACKAGE_MISMATCH, ARCHIVE_INVALID
 */
export async function readBuilt({ name: filename, file, digests, location }: BuiltFile): Promise<BuiltPackage> {
  const parsed = parseDistribution(filename);
  if (parsed === null) throw refused("PACKAGE_MISMATCH", "the file's name is none of a distribution", location);
  const text = parsed.kind === "wheel" ? wheelMetadata(file, parsed.name) : await sdistMetadata(file, filename);
  const found = nameAndVersion(text);
  if (typeof found === "string") throw refused("PACKAGE_MISMATCH", found, location);
  const { name, version } = found;
  if (!isFileOf(filename, name, version))
    throw refused("PACKAGE_MISMATCH", "the file's name is not that of the package inside", location, [
      { name: "package", expected: `${parsed.name} ${parsed.version}`, found: `${name} ${version}` },
    ]);
  return {
    package: packageRef(name, version),
    bytes: { digests, read: () => readFile(file) },
    subjectNames: [filename],
    isSubjectName: (stated) => isSameDistribution(stated, filename),
    runsScripts: false,
  };
}

function refused(
  code: Code,
  message: string,
  location: string,
  details: ArtifactError["denial"]["details"] = [],
): ArtifactError {
  return new ArtifactError({ code, message, details, location });
}
