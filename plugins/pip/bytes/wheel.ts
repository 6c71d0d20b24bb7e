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

/** What a wheel says of itself. */
interface WheelTexts {
  readonly metadata: string;
  /** Tags of its WHEEL, in lower case: the interpreters, ABIs and platforms that it was built for. */
  readonly tags: readonly string[];
}

/**
 * A wheel's METADATA and the tags of its WHEEL, from the one `.dist-info` folder at its root, which has the package's name (PyPA "Binary
 * distribution format"; pip asks for the same). @param name in normal form @throws ArtifactError ARCHIVE_INVALID, PACKAGE_MISMATCH
 */
export function wheelTexts(file: string, name: string): WheelTexts {
  try {
    return inFile(file, (archive) => textsIn(archive, name));
  } catch (error) {
    if (!(error instanceof ZipFault)) throw error;
    const message = `not a wheel that can be proven: ${error.message}`;
    throw new ArtifactError({ code: "ARCHIVE_INVALID", message, details: [] });
  }
}

function textsIn(archive: Span, name: string): WheelTexts {
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
  const metadata = fileIn(`${folder}/METADATA`, entries, archive);
  if (metadata === null) throw new ZipFault("it has 0 files METADATA");
  return { metadata, tags: tagsIn(fileIn(`${folder}/WHEEL`, entries, archive) ?? "") };
}

/** Of names that are one on some system there is one, as it is spelt here; null: none. */
function fileIn(name: string, entries: readonly CentralEntry[], archive: Span): string | null {
  const found = entries.filter((entry) => namedIn(entry).toLowerCase() === name.toLowerCase());
  const [file] = found;
  if (file === undefined) return null;
  if (file.name !== name || found.length > 1)
    throw new ZipFault(`it has ${found.length} files ${name.split("/")[1]}, not one of this name`);
  return dataOf(file, archive, LIMITS.manifestBytes).toString("utf8");
}

function tagsIn(text: string): readonly string[] {
  return text.split(/\r\n|\r|\n/).flatMap((line) => /^Tag:(.*)$/i.exec(line)?.[1]?.trim().toLowerCase() ?? []);
}

/** As Python parts folders where a backslash does. */
function namedIn({ name }: CentralEntry): string {
  return name.replaceAll("\\", "/");
}
