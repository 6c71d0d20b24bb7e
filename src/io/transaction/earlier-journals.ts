import type { JournalEntry, Journal } from "./entry.ts";
import { basename, join, normalize } from "node:path";

/** A journal as any version wrote it. @throws TypeError a member is missing */
export function readJournal(value: Readonly<Record<string, unknown>>): Journal | null {
  if (value["version"] === 1) return readFirst(value);
  return (value["version"] === 2 ? readSecond(value) : value) as unknown as Journal;
}

/** The second version called a backup `aside`. */
function readSecond({ entries, ...rest }: Readonly<Record<string, unknown>>): object {
  const renamed = (entries as readonly Readonly<Record<string, unknown>>[]).map(({ aside, ...entry }) => ({
    ...entry,
    backup: aside,
  }));
  return { ...rest, entries: renamed };
}

/** A journal of the first version, which one folder of the project and a process id without start time belong to. */
function readFirst(value: Readonly<Record<string, unknown>>): Journal | null {
  const { pid, project, aside, moved } = value;
  if (typeof pid !== "number" || typeof project !== "string" || typeof aside !== "string" || !Array.isArray(moved))
    return null;
  const id = /^\.safe-install-([0-9A-Za-z]+)$/.exec(aside)?.[1];
  if (id === undefined || basename(aside) !== aside) return null;
  const entries = moved.map((one: { readonly folder: string; readonly absent: boolean }, index): JournalEntry => ({
    path: normalize(join(project, one.folder)),
    how: one.absent ? "absent" : "whole",
    backup: join(project, aside, String(index)),
    touches: [],
    made: [],
  }));
  const process = { id: pid, started: null, boot: null, host: null, space: null };
  return { version: 1, id, process, root: project, found: [], entries };
}
