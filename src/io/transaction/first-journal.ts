import type { JournalEntry, Journal } from "./entry.ts";
import { basename, join, normalize } from "node:path";

/** A journal of the first version, which one folder of the project and a process id without start time belong to. */
export function readFirst(value: Readonly<Record<string, unknown>>): Journal | null {
  const { pid, project, aside, moved } = value;
  if (typeof pid !== "number" || typeof project !== "string" || typeof aside !== "string" || !Array.isArray(moved))
    return null;
  const id = /^\.safe-install-([0-9A-Za-z]+)$/.exec(aside)?.[1];
  if (id === undefined || basename(aside) !== aside) return null;
  const entries = moved.map((one: { readonly folder: string; readonly absent: boolean }, index): JournalEntry => ({
    path: normalize(join(project, one.folder)),
    how: one.absent ? "absent" : "whole",
    aside: join(project, aside, String(index)),
    touches: [],
    made: [],
  }));
  const process = { id: pid, started: null, boot: null, host: null, space: null };
  return { version: 1, id, process, root: project, found: [], entries };
}
