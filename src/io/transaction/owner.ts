import { isMissing } from "../files.ts";
import { readFile, readlink } from "node:fs/promises";
import { hostname } from "node:os";

/** A process, so that neither a reused id nor another container's process is taken for it. */
export interface Owner {
  readonly id: number;
  /** In clock ticks since the machine started (proc(5), /proc/ID/stat, field 22); null where there is no /proc. */
  readonly started: string | null;
  /** The kernel's boot id; null where there is none. */
  readonly boot: string | null;
  /** The machine's name, and its id where it has one; null: not known (journals of the first version). */
  readonly host: string | null;
  /** The namespaces in which id and start time are meant; null where there are none. */
  readonly space: string | null;
}

/** "unknown": on another machine, or in another container, whose processes cannot be seen from here. */
export type Life = "runs" | "ended" | "unknown";

/** What tells this process from every other one. */
export async function thisProcess(): Promise<Owner> {
  const machine = await text("/etc/machine-id");
  const host = machine === null ? hostname() : `${hostname()} ${machine}`;
  const unseen = { id: process.pid, started: null, boot: null, host, space: null };
  // A /proc of another namespace (the host's, mounted in a container) speaks of other processes.
  if ((await readlink("/proc/self").catch(() => null)) !== String(process.pid)) return unseen;
  const spaces = await Promise.all(["pid", "time"].map((one) => readlink(`/proc/self/ns/${one}`).catch(() => "-")));
  const boot = await text("/proc/sys/kernel/random/boot_id");
  return { ...unseen, started: (await statOf(process.pid))?.started ?? null, boot, space: spaces.join(" ") };
}

/**
 * Whether a process still runs, seen from this one. "ended" is said only of what can be seen from here: one in the same
 * namespaces of the same boot, or one of this very machine, outside of all containers, before it was started again. Names
 * of machines alone prove nothing: containers share them.
 */
export async function lifeOf(owner: Owner, self: Owner): Promise<Life> {
  if (owner.started === null || owner.boot === null || owner.space === null || self.space === null)
    return owner.host === null || owner.host === self.host ? signalled(owner.id) : "unknown";
  if (owner.boot !== self.boot) return isOfThisMachine(owner, self) ? "ended" : "unknown";
  if (owner.space !== self.space) return "unknown";
  const stat = await statOf(owner.id);
  return stat !== null && stat.started === owner.started && !ENDED.has(stat.state) ? "runs" : "ended";
}

/** A zombie, or one that is being removed. */
const ENDED: ReadonlySet<string> = new Set(["Z", "X", "x"]);

/** The namespace of the machine itself has a fixed number (PROC_PID_INIT_INO of the kernel). */
function isOfThisMachine(owner: Owner, self: Owner): boolean {
  return owner.host === self.host && owner.space === self.space && owner.space?.startsWith(OUTERMOST) === true;
}

const OUTERMOST = "pid:[4026531836]";

function signalled(id: number): Life {
  if (id === process.pid) return "ended"; // not by us: it was reused
  try {
    process.kill(id, 0);
    return "runs";
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM" ? "runs" : "ended";
  }
}

/** The name in parentheses may itself hold blanks and parentheses. */
async function statOf(id: number): Promise<{ readonly state: string; readonly started: string } | null> {
  const line = await text(`/proc/${id}/stat`);
  const fields = line?.slice(line.lastIndexOf(")") + 2).split(" ") ?? [];
  const [state, started] = [fields[0], fields[19]];
  return state === undefined || started === undefined ? null : { state, started };
}

async function text(path: string): Promise<string | null> {
  return readFile(path, "utf8").then(
    (content) => content.trim(),
    (error: unknown) => {
      if (isMissing(error) || (error as NodeJS.ErrnoException).code === "ESRCH") return null;
      throw error;
    },
  );
}
