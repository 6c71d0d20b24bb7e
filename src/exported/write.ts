import { SafeInstallError } from "../errors.ts";
import { writeOutput, writeOutputPieces } from "../io/output.ts";
import type { Span } from "../io/zip/span.ts";
import { piecesOf, ZIP_MOST, zipLength, zipPieces } from "../io/zip/write.ts";
import { LIMITS } from "../limits.ts";
import { encodeIndex, FOLDER, filesOf, INDEX, type Index } from "./index.ts";
import { createHash } from "node:crypto";
import { join } from "node:path";

/** Where an export goes, as typed. */
export type ExportPlace = { readonly folder: string } | { readonly archive: string };

interface WrittenExport {
  /** `sha256:HEX` of the index. */
  readonly digest: string;
  readonly files: number;
  /** Of all files, the index too. */
  readonly bytes: number;
}

/**
 * Writes a folder of evidence, which must not be there yet, or one file; a piece of one file at a time is held.
 * @throws SafeInstallError EXPORT_TOO_LARGE before anything is written
 */
export async function writePack(
  index: Index,
  contentOf: (file: string) => Span,
  to: ExportPlace,
  cwd: string,
): Promise<WrittenExport> {
  const text = Buffer.from(encodeIndex(index));
  const contents = filesOf(index)
    .toSorted()
    .map((file) => [`${FOLDER}/${file}`, contentOf(file)] as const);
  const all = [[INDEX, text] as const, ...contents];
  requireFits(
    all.map(([name, { length }]) => [name, length] as const),
    to,
  );
  if ("archive" in to) await writeOutputPieces(to.archive, zipPieces(all), cwd);
  else {
    for (const [name, content] of contents) await writeOutputPieces(join(to.folder, name), piecesOf(content), cwd);
    // What has no index is no export.
    await writeOutput(join(to.folder, INDEX), text, cwd);
  }
  const bytes = all.reduce((sum, [, { length }]) => sum + length, 0);
  return { digest: `sha256:${createHash("sha256").update(text).digest("hex")}`, files: contents.length, bytes };
}

/** What nobody could read again is not written. */
function requireFits(files: readonly (readonly [string, number])[], to: ExportPlace): void {
  const [, index = 0] = files[0] ?? [];
  if (index > LIMITS.evidenceIndexBytes)
    throw tooLarge(`its index has ${index} bytes, of ${LIMITS.evidenceIndexBytes}`, "export the locks one by one");
  if (!("archive" in to)) return;
  const length = zipLength(files);
  if (files.length <= ZIP_MOST.entries && length <= ZIP_MOST.bytes) return;
  throw tooLarge(
    `${files.length} files of ${length} bytes; an archive holds ${ZIP_MOST.entries} of ${ZIP_MOST.bytes}`,
    "evidence export DIR, and pack the folder with a tool of your own",
  );
}

function tooLarge(why: string, hint: string): SafeInstallError {
  return new SafeInstallError("usage", "EXPORT_TOO_LARGE", `the export is too large: ${why}`, { hint });
}
