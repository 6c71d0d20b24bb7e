/** A project whose evidence is exported and judged again: there, by somebody else, without its registry. */
import { safeInstall } from "./cli.ts";
import { temporaryFolder } from "./folder.ts";
import { readFileSync } from "node:fs";
import { join } from "node:path";

export interface Typed {
  readonly exit: number;
  readonly shown: string;
}

/** What was typed in a folder, by somebody whose home is new. */
export async function typeIn(
  cwd: string,
  words: readonly string[],
  {
    env = {},
    home = temporaryFolder(),
  }: { readonly env?: Readonly<Record<string, string>>; readonly home?: string } = {},
): Promise<Typed> {
  const { exit, stdout, stderr } = await safeInstall(words, { cwd, home, env });
  return { exit, shown: stdout + stderr };
}

/** A report without the lines that say as of when, byte by byte. */
export function reportIn(folder: string, name: string): string {
  const report = JSON.parse(readFileSync(join(folder, name), "utf8")) as {
    readonly command: string;
    readonly projects: readonly {
      readonly notes: readonly string[];
      readonly summary: { readonly endings: readonly object[] };
    }[];
  };
  const projects = report.projects.map((one) => ({
    ...one,
    notes: one.notes.filter((note) => !note.startsWith("as of ")),
    // How many days are left is a matter of the day.
    summary: { ...one.summary, endings: one.summary.endings.map((ending) => ({ ...ending, daysLeft: 0 })) },
  }));
  return JSON.stringify({ ...report, time: "", projects }, null, 2);
}

/** A report as it was written, without its own time and the days that are left until others. */
export function undated(folder: string, name: string): string {
  const written = readFileSync(join(folder, name), "utf8");
  return written.replace(/"time": "[^"]+"/, '"time": ""').replaceAll(/"daysLeft": -?\d+/g, '"daysLeft": 0');
}

/** The index's digest, as `evidence export` says it. */
export function digestIn(shown: string): string {
  return /sha256:[0-9a-f]{64}/.exec(shown.slice(shown.indexOf("evidence in")))?.[0] ?? "";
}
