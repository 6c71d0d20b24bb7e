import {
  ArtifactError,
  type CentralEntry,
  dataOf,
  inFile,
  LIMITS,
  normalName,
  readZip,
  type Span,
  ZipFault,
} from "../../../src/plugin.ts";

const DIST_INFO = ".dist-info";

/**
 * The text of a wheel's METADATA, from the one `.dist-info` folder at its root, which has the package's name (PyPA "Binary
 * distribution format"; pip asks for the same). @param name in normal form @throws ArtifactError ARCHIVE_INVALID, PACKAGE_MISMATCH
 */
export function wheelMetadata(file: string, name: string): string {
  try {
    return inFile(file, (archive) => metadataIn(archive, name));
  } catch (error) {
    if (!(error instanceof ZipFault)) throw error;
    const message = `not a wheel that can be proven: ${error.message}`;
    throw new ArtifactError({ code: "ARCHIVE_INVALID", message, details: [] });
  }
}

function metadataIn(archive: Span, name: string): string {
  const { entries } = readZip(archive);
  const roots = entries.map((entry) => namedIn(entry).split("/")[0] ?? "");
  const folders = [...new Set(roots.filter((one) => one.toLowerCase().endsWith(DIST_INFO)))];
  const [folder = ""] = folders;
  if (folders.length !== 1 || !normalName("pypi", folder).startsWith(`${name}-`))
    throw new ArtifactError({
      code: "PACKAGE_MISMATCH",
      message: "a wheel must hold exactly one .dist-info folder, of the package that its name says",
      details: [{ name: "folder", expected: `${name}-VERSION${DIST_INFO}`, found: folders.join(", ") || "none" }],
    });
  const found = entries.filter((entry) => namedIn(entry).toLowerCase() === `${folder}/METADATA`.toLowerCase());
  const [metadata] = found;
  if (metadata?.name !== `${folder}/METADATA` || found.length > 1)
    throw new ZipFault(`it has ${found.length} files METADATA`);
  return dataOf(metadata, archive, LIMITS.manifestBytes).toString("utf8");
}

/** As Python parts folders where a backslash does. */
function namedIn({ name }: CentralEntry): string {
  return name.replaceAll("\\", "/");
}
