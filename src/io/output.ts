/** Every file of ours that a person names (reports, the decision log, what a command makes) is written here. */
import { SafeInstallError } from "../errors.ts";
import { appendWhole } from "./files.ts";
import { isInside, wayTo } from "./inside.ts";
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { lstat, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

/**
 * Puts content in the place of a file, whole or not at all, and makes the folders that are missing; no link is followed.
 * @param typed as it was typed, relative to `cwd`
 * @throws SafeInstallError OUTPUT_LINK, OUTPUT_UNWRITABLE
 */
export async function writeOutput(typed: string, content: string | Uint8Array, cwd: string): Promise<void> {
  const { default: writeFileAtomic } = await import("write-file-atomic");
  const path = await placeOf(typed, cwd);
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFileAtomic(path, Buffer.from(content));
  } catch (error) {
    throw unwritable(typed, error);
  }
}

/** The same for what is too large to be held, in pieces. @throws SafeInstallError OUTPUT_LINK, OUTPUT_UNWRITABLE */
export async function writeOutputPieces(typed: string, pieces: Iterable<Uint8Array>, cwd: string): Promise<void> {
  const path = await placeOf(typed, cwd);
  const draft = `${path}.${randomUUID()}`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(draft, pieces, { flag: "wx" });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw unwritable(typed, error);
  }
}

function unwritable(typed: string, error: unknown): SafeInstallError {
  return new SafeInstallError("unavailable", "OUTPUT_UNWRITABLE", `${typed}: ${(error as Error).message}`, {
    hint: "name a file that you may write",
    cause: error,
  });
}

/** Appends a text in one write, and makes the folders that are missing; no link is followed. @throws SafeInstallError OUTPUT_LINK, LOG_UNWRITABLE */
export async function appendOutput(typed: string, text: string, cwd: string): Promise<void> {
  await appendWhole(await placeOf(typed, cwd), text);
}

/**
 * The absolute path, where everything on the way that a repository could hold is what it seems: a change may bring a link
 * under the name of a report, or of its folder, and what is appended to some start file of a shell is run. Outside of the
 * repository the folders are the user's, and only the file itself is looked at.
 */
export async function placeOf(typed: string, cwd: string): Promise<string> {
  const path = resolve(cwd, typed);
  const ground = outermost(cwd);
  const steps = isInside(path, ground) ? stepsTo(path, ground) : isOfSystem(path) ? [] : [path];
  for (const step of steps) {
    const stats = await lstat(step).catch(() => null);
    if (stats === null) break;
    const isLast = step === path;
    // A folder in its place fails by itself, as what cannot be written.
    if (isLast ? !stats.isFile() && !stats.isDirectory() : !stats.isDirectory())
      throw strange(typed, step, stats.isSymbolicLink());
  }
  return path;
}

/** Names that the system gives to what is open (`/dev/stdout`, `/dev/fd/63` of a shell's `>(...)`): links by nature. */
function isOfSystem(path: string): boolean {
  return path.startsWith("/dev/") || path.startsWith("/proc/");
}

/** The outermost folder with a `.git` of any kind; without one where the command was typed. */
function outermost(cwd: string): string {
  let found = cwd;
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (existsSync(join(folder, ".git"))) found = folder;
    if (folder === dirname(folder)) return found;
  }
}

function stepsTo(path: string, ground: string): readonly string[] {
  const names = wayTo(ground, path).split("/").filter(Boolean);
  return names.map((_, at) => join(ground, ...names.slice(0, at + 1)));
}

function strange(typed: string, step: string, isLink: boolean): SafeInstallError {
  const what = isLink ? "is a link" : "is in the way";
  return new SafeInstallError("usage", "OUTPUT_LINK", `${typed}: ${step} ${what}; what is written follows none`, {
    hint: "remove it, or name another file",
  });
}
