import { handOff } from "../../src/gate/handoff.ts";
import type { Handoff, Host } from "../../src/plugin.ts";
import type { Table } from "../../src/table.ts";
import { temporaryFolder } from "../support/folder.ts";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const TABLE = { ecosystem: "npm", replaces: [/^node_modules/], changesInPlace: false } as unknown as Table;

async function run(ended: number, next?: number, replaced = "node_modules", signal = new AbortController().signal) {
  const root = temporaryFolder();
  const log: string[] = [];
  const handoff = {
    root,
    replaces: [{ path: join(root, replaced) }],
    prepare: async () => void log.push("prepare"),
    install: async () => {
      log.push("install");
      return ended;
    },
    compare: async () => void log.push("compare"),
    ...(next === undefined
      ? {}
      : {
          next: async () => {
            log.push("next");
            return next;
          },
        }),
  } as unknown as Handoff;
  const host = {
    signal,
    notice: (text: string) => void log.push(`(${text})`),
    transaction: async (of: Handoff, work: () => Promise<number>) => {
      log.push("transaction");
      expect(of).toBe(handoff);
      return work();
    },
  } as unknown as Host;
  return { code: await handOff(handoff, TABLE, host), log: log.join(" ") };
}

describe("the hand-off", () => {
  it.each<[number, number | undefined, number, string]>([
    [0, undefined, 0, "prepare transaction install compare"],
    [0, 7, 7, "prepare transaction install compare next"],
    [3, undefined, 3, "prepare transaction install"],
    [3, 0, 3, "prepare transaction install"],
  ])("the installer ends with %i, what follows with %s: %i", async (ended, next, code, log) => {
    expect(await run(ended, next)).toEqual({ code, log });
  });

  it("an interrupted one says that everything was put back", async () => {
    const { log } = await run(130, 0, "node_modules", AbortSignal.abort());
    expect(log).toBe("prepare transaction install (safe-install: interrupted; everything was put back as it was)");
  });

  it("nothing is installed that would replace what the table does not name", async () => {
    await expect(run(0, undefined, "src")).rejects.toMatchObject({ code: "OUTSIDE_PROJECT" });
  });

  it("nobody says how to install: a bug", async () => {
    await expect(handOff(null, TABLE, {} as Host)).rejects.toThrow("nobody says how");
  });
});
