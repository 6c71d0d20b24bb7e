import { ArtifactError, type BuiltFile, type BuiltPackage, type Code } from "../../../src/plugin.ts";
import { isFileOf, isSameDistribution, packageRef, parseDistribution } from "../distribution.ts";
import { nameAndVersion } from "./metadata.ts";
import { sdistMetadata } from "./sdist.ts";
import { wheelTexts } from "./wheel.ts";
import { readFile } from "node:fs/promises";

/**
 * A wheel, or a source distribution as data: nothing of it runs. Python installs by the file's name, so it must say what
 * the metadata inside say. @throws ArtifactError PACKAGE_MISMATCH, ARCHIVE_INVALID
 */
export async function readBuilt({ name: filename, file, digests, location }: BuiltFile): Promise<BuiltPackage> {
  const parsed = parseDistribution(filename);
  if (parsed === null) throw refused("PACKAGE_MISMATCH", "the file's name is none of a distribution", location);
  const wheel = parsed.kind === "wheel" ? wheelTexts(file, parsed.name) : null;
  const found = nameAndVersion(wheel?.metadata ?? (await sdistMetadata(file, filename)));
  if (typeof found === "string") throw refused("PACKAGE_MISMATCH", found, location);
  const { name, version } = found;
  if (!isFileOf(filename, name, version))
    throw refused("PACKAGE_MISMATCH", "the file's name is not that of the package inside", location, [
      { name: "package", expected: `${parsed.name} ${parsed.version}`, found: `${name} ${version}` },
    ]);
  if (wheel !== null) requireTags(filename, wheel.tags, location);
  return {
    package: packageRef(name, version),
    bytes: { digests, read: () => readFile(file) },
    subjectNames: [filename],
    isSubjectName: (stated) => isSameDistribution(stated, filename),
    runsScripts: false,
  };
}

/** Installers choose by the name's tags: what was built for one platform must not be called another's (PEP 425, "compressed tag sets"). */
function requireTags(filename: string, tags: readonly string[], location: string): void {
  const [python = [], abi = [], platform = []] = filename
    .replace(/\.whl$/i, "")
    .toLowerCase()
    .split("-")
    .slice(-3)
    .map((part) => part.split("."));
  const named = cross(cross(python, abi), platform);
  const expected = [...new Set(named)].toSorted().join(", ");
  const found = [...new Set(tags)].toSorted().join(", ");
  if (expected !== found)
    throw refused("PACKAGE_MISMATCH", "the file's name has other tags than the WHEEL inside", location, [
      { name: "tags", expected, found: found || "none" },
    ]);
}

function cross(left: readonly string[], right: readonly string[]): readonly string[] {
  return left.flatMap((one) => right.map((other) => `${one}-${other}`));
}

function refused(
  code: Code,
  message: string,
  location: string,
  details: ArtifactError["denial"]["details"] = [],
): ArtifactError {
  return new ArtifactError({ code, message, details, location });
}
