import { type Disk, realDisk } from "../../src/io/transaction/disk.ts";
import { createTransactions, type TransactionOptions } from "../../src/io/transaction/transaction.ts";
import { lstatSync, readdirSync, readFileSync, readlinkSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export const DEAD = 2 ** 22 + 1;

export type Transacting = ReturnType<typeof createTransactions>;

export function transacting(stateFolder: string, more: Partial<TransactionOptions> = {}): Transacting {
  const nothing = { home: "/nobody", notice: () => {}, mounts: () => Promise.resolve([]) };
  return createTransactions({ stateFolder, disk: realDisk(), ...nothing, ...more });
}

/** A disk that stands still for ever at its nth change, as for a process that is killed there; or fails it. */
export interface Faulty {
  readonly disk: Disk;
  /** Comes when it stands still. */
  readonly stopped: Promise<"stopped">;
  /** What was changed, for instance `rename .../node_modules`. */
  readonly changes: string[];
}

export function faultyDisk(at: number, fault: "stop" | Error, beneath: Disk = realDisk()): Faulty {
  const changes: string[] = [];
  let stop = () => {};
  const stopped = new Promise<"stopped">((resolve) => (stop = () => resolve("stopped")));
  const disk = Object.fromEntries(
    NAMES.map((name) => [name, (...args: readonly unknown[]) => change(name, args)]),
  ) as unknown as Disk;
  return { disk, stopped, changes };

  async function change(name: (typeof NAMES)[number], args: readonly unknown[]): Promise<unknown> {
    changes.push(`${name} ${String(args[0])}`);
    if (changes.length === at && fault !== "stop") throw fault;
    if (changes.length === at) {
      await half(name, args, beneath);
      stop();
      return new Promise(() => {});
    }
    return (beneath[name] as (...all: readonly unknown[]) => unknown)(...args);
  }
}

const NAMES = [
  "chmod",
  "copyFile",
  "lchown",
  "link",
  "lutimes",
  "mkdir",
  "open",
  "rename",
  "rm",
  "rmdir",
  "symlink",
] as const;

/** What takes more than one step is half done. */
async function half(name: string, args: readonly unknown[], beneath: Disk): Promise<void> {
  const [path, to] = args.map(String);
  if (name === "rm" && path !== undefined && lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true) {
    const [first] = readdirSync(path);
    if (first !== undefined) rmSync(join(path, first), { recursive: true });
  }
  if (name === "copyFile") {
    await beneath.copyFile(path ?? "", to ?? "");
    truncateSync(to ?? "", Math.floor(lstatSync(to ?? "").size / 2));
  }
}

/** Everything below a folder: kinds, modes, contents, and where links lead. */
export function treeOf(folder: string): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()) {
    const stats = lstatSync(join(folder, name));
    const mode = (stats.mode & 0o7777).toString(8);
    if (stats.isSymbolicLink()) found[name] = `-> ${readlinkSync(join(folder, name))}`;
    else found[name] = stats.isDirectory() ? `${mode}/` : `${mode} ${readFileSync(join(folder, name), "utf8")}`;
  }
  return found;
}

/** The journals that lie there, by what their names end with. */
export function journalsIn(state: string): readonly string[] {
  try {
    return readdirSync(join(state, "journals")).map((name) => join(state, "journals", name));
  } catch {
    return [];
  }
}

/** What a process that is no more would have left. */
export function pretendDead(state: string): void {
  for (const path of journalsIn(state).filter((one) => one.endsWith(".json"))) {
    const journal = JSON.parse(readFileSync(path, "utf8")) as { readonly process: object };
    writeFileSync(path, JSON.stringify({ ...journal, process: { ...journal.process, id: DEAD } }));
  }
}
