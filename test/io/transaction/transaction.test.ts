import { realDisk } from "../../../src/io/transaction/disk.ts";
import type { Paths } from "../../../src/host.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { DEAD, faultyDisk, journalsIn, pretendDead, transacting, treeOf } from "../../support/transaction.ts";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";

let state: string;
let root: string;
beforeEach(() => {
  state = temporaryFolder();
  root = temporaryFolder();
  mkdirSync(join(root, "node_modules", "old"), { recursive: true });
  writeFileSync(join(root, "node_modules", "old", "index.js"), "old");
});

const modules = () => ({ root, found: [], replaces: [{ path: join(root, "node_modules") }] });
const install = () => {
  mkdirSync(join(root, "node_modules", "new"), { recursive: true });
  return Promise.resolve(0);
};
const leftovers = () => readdirSync(root).filter((name) => name.startsWith(".safe-install"));

/** A run that is killed once it has installed; it says nothing any more. */
async function killAtWork(paths: Paths = modules(), journals = state): Promise<void> {
  await new Promise<void>((resolve) => {
    const never = () => install().then(() => (resolve(), new Promise<number>(() => {})));
    void transacting(journals).run(paths, never);
  });
}

// On 5e65d5c nobody looked, and the run said that nothing was kept.
it("what is put back is compared with what was kept before anything is said of it", async () => {
  const changed = join(root, "node_modules", "old", "index.js");
  const lying = async (from: string, to: string) =>
    to.endsWith(".back") ? writeFileSync(to, "other") : realDisk().link(from, to);
  const disk = { ...realDisk(), link: lying } as ReturnType<typeof realDisk>;
  const paths = { root, found: [], replaces: [{ path: root, touches: ["node_modules"] }] };
  const work = async () => (writeFileSync(changed, "new"), 1);
  await expect(transacting(state, { disk }).run(paths, work)).rejects.toMatchObject({
    code: "CANNOT_PUT_BACK",
    message: expect.stringContaining(`${changed} is not as it was`),
  });
  expect(journalsIn(state)).not.toEqual([]);
  pretendDead(state);
  expect(await transacting(state).recover([root])).toBe(true);
  expect(readFileSync(changed, "utf8")).toBe("old");
});

describe("a run that was killed", () => {
  it("is undone by the next one", async () => {
    await killAtWork();
    expect(readdirSync(join(root, "node_modules"))).toEqual(["new"]);
    pretendDead(state);
    expect(await transacting(state).recover([root])).toBe(true);
    expect(readdirSync(join(root, "node_modules"))).toEqual(["old"]);
    expect([...leftovers(), ...journalsIn(state)]).toEqual([]);
    expect(await transacting(state).recover([root])).toBe(false);
  });

  it("is undone by the next transaction as well, which says so", async () => {
    await killAtWork();
    pretendDead(state);
    const notices: string[] = [];
    const next = transacting(state, { notice: (text) => notices.push(text) });
    expect(await next.run(modules(), () => Promise.resolve(3))).toBe(3);
    expect(readdirSync(join(root, "node_modules"))).toEqual(["old"]);
    expect(notices.join()).toContain("put back what an interrupted run had moved aside");
  });

  it("is found from below before a project is located: its package.json is aside", async () => {
    writeFileSync(join(root, "package.json"), "{}");
    mkdirSync(join(root, "src", "deep"), { recursive: true });
    await killAtWork({ root, found: [], replaces: [{ path: join(root, "package.json") }] });
    expect(existsSync(join(root, "package.json"))).toBe(false);
    pretendDead(state);
    const above = [join(root, "src", "deep"), join(root, "src"), root, join(root, "..")];
    expect(await transacting(state).recover(above)).toBe(true);
    expect(existsSync(join(root, "package.json"))).toBe(true);
  });

  it("is found by what else leads to it, and where a link leads to its root", async () => {
    const python = join(temporaryFolder(), "python3");
    writeFileSync(python, "");
    await killAtWork({ ...modules(), found: [python] });
    pretendDead(state);
    expect(await transacting(state).recover([python])).toBe(true);
    await killAtWork();
    pretendDead(state);
    const link = join(temporaryFolder(), "link");
    symlinkSync(root, link);
    expect(await transacting(state).recover([link])).toBe(true);
    expect(readdirSync(join(root, "node_modules"))).toEqual(["old"]);
  });

  it("past its commit point is only swept: what it installed stays, and nothing of ours is left", async () => {
    const { disk, stopped } = faultyDisk(8, "stop");
    const run = transacting(state, { disk }).run(modules(), install);
    expect(await Promise.race([run, stopped])).toBe("stopped");
    pretendDead(state);
    expect(journalsIn(state)).toEqual([expect.stringMatching(/\.done\.json$/)]);
    expect(leftovers()).toHaveLength(1);
    expect(await transacting(state).recover([root])).toBe(false);
    expect(readdirSync(join(root, "node_modules"))).toEqual(["new"]);
    expect([...leftovers(), ...journalsIn(state)]).toEqual([]);
  });

  it("while it wrote its journal had moved nothing", async () => {
    await killAtWork();
    for (const path of journalsIn(state)) writeFileSync(path, '{"version":2,"id');
    renameSync(join(root, leftovers()[0] ?? "", "0"), join(root, "node_modules", "was"));
    expect(await transacting(state).recover([root])).toBe(false);
    expect(readdirSync(join(root, "node_modules")).sort()).toEqual(["new", "was"]);
    expect(await transacting(state).run(modules(), install)).toBe(0);
  });

  it("is forgotten where the folder in which things waited is gone: the project there is another one", async () => {
    await killAtWork({ ...modules(), replaces: [{ path: join(root, "package-lock.json") }] });
    renameSync(join(root, leftovers()[0] ?? ""), join(temporaryFolder(), "gone"));
    writeFileSync(join(root, "package-lock.json"), "of another clone");
    pretendDead(state);
    await transacting(state).recover([root]);
    expect(readFileSync(join(root, "package-lock.json"), "utf8")).toBe("of another clone");
    expect(journalsIn(state)).toEqual([]);
  });

  it("of the second version is put back", async () => {
    await killAtWork();
    pretendDead(state);
    const [file = ""] = journalsIn(state);
    const { entries, ...journal } = JSON.parse(readFileSync(file, "utf8")) as { entries: { backup: string }[] };
    const second = entries.map(({ backup, ...entry }) => ({ ...entry, aside: backup }));
    writeFileSync(file, JSON.stringify({ ...journal, version: 2, entries: second }));
    expect(await transacting(state).recover([root])).toBe(true);
    expect(readdirSync(join(root, "node_modules"))).toEqual(["old"]);
    expect([...leftovers(), ...journalsIn(state)]).toEqual([]);
  });

  it("of the first version is put back", async () => {
    const [project, journals] = [root, join(state, "journals")];
    mkdirSync(join(project, ".safe-install-abc123"));
    renameSync(join(project, "node_modules"), join(project, ".safe-install-abc123", "0"));
    for (const name of ["node_modules", "package-lock.json"])
      mkdirSync(join(project, name, "new"), { recursive: true });
    const moved = [
      { folder: "node_modules", absent: false },
      { folder: "package-lock.json", absent: true },
    ];
    const journal = { version: 1, pid: DEAD, project, aside: ".safe-install-abc123", moved };
    mkdirSync(journals, { mode: 0o700 });
    const name = `${createHash("sha256").update(project).digest("hex")}.json`;
    writeFileSync(join(journals, name), JSON.stringify({ ...journal, pid: process.ppid }));
    await expect(transacting(state).recover([project])).rejects.toMatchObject({ code: "ANOTHER_RUN" });
    writeFileSync(join(journals, name), JSON.stringify(journal));
    expect(await transacting(state).recover([project])).toBe(true);
    expect(readdirSync(project)).toEqual(["node_modules"]);
    expect(readdirSync(join(project, "node_modules"))).toEqual(["old"]);
    expect(journalsIn(state)).toEqual([]);
  });
});

describe("another run", () => {
  it("that is at work is not disturbed", async () => {
    await killAtWork();
    for (const other of [transacting(state), transacting(state)]) {
      pretendOwner({ id: process.ppid, started: startOf(process.ppid) });
      await expect(other.recover([root])).rejects.toMatchObject({ code: "ANOTHER_RUN" });
      await expect(other.run(modules(), install)).rejects.toMatchObject({ code: "ANOTHER_RUN" });
    }
    expect(readdirSync(join(root, "node_modules"))).toEqual(["new"]);
  });

  it("in the same process is not disturbed either", async () => {
    const both = transacting(state);
    let second: Promise<number> | undefined;
    const first = both.run(modules(), async () => {
      second = both.run(modules(), install);
      await expect(second).rejects.toMatchObject({ code: "ANOTHER_RUN" });
      return install();
    });
    expect(await first).toBe(0);
  });

  describe("of another name in the same root", () => {
    const named = (name: string, ...paths: readonly string[]) => ({
      root,
      name,
      found: [],
      replaces: paths.map((path) => ({ path: join(root, path) })),
    });

    it("goes on beside it, where they replace nothing in common", async () => {
      const both = transacting(state);
      const code = await both.run(named("a", "node_modules"), async () => {
        expect(await transacting(state).recover([root], "b")).toBe(false);
        return both.run(named("b", "other"), async () => 0);
      });
      expect(code).toBe(0);
      expect([...leftovers(), ...journalsIn(state)]).toEqual([]);
    });

    it.each([
      ["the same", "node_modules"],
      ["what lies in it", "node_modules/old"],
    ])("is not disturbed where it replaces %s: nothing has moved, and nothing is left", async (_, path) => {
      const both = transacting(state);
      const code = await both.run(named("a", "node_modules"), async () => {
        mkdirSync(join(root, "node_modules"));
        const before = leftovers();
        await expect(both.run(named("b", path), install)).rejects.toMatchObject({ code: "ANOTHER_RUN" });
        expect(leftovers()).toEqual(before);
        return 1;
      });
      expect(code).toBe(1);
      expect(readdirSync(join(root, "node_modules"))).toEqual(["old"]);
      expect([...leftovers(), ...journalsIn(state)]).toEqual([]);
    });

    it("is not worked beside in what it replaces, before anything is written down", async () => {
      const both = transacting(state);
      await both.run(named("a", "node_modules"), async () => {
        for (const path of ["node_modules", "node_modules/old"])
          await expect(both.assertReplaceable(named("b", path))).rejects.toMatchObject({ code: "ANOTHER_RUN" });
        await both.assertReplaceable(named("b", "other"));
        return 1;
      });
      await killAtWork({ ...modules(), name: "a" });
      pretendDead(state);
      await both.assertReplaceable(named("b", "node_modules"));
    });

    it("of the same name is not disturbed, and a run without a name is alone", async () => {
      const both = transacting(state);
      await both.run(named("a", "node_modules"), async () => {
        await expect(transacting(state).recover([root], "a")).rejects.toMatchObject({ code: "ANOTHER_RUN" });
        await expect(both.run(named("a", "other"), install)).rejects.toMatchObject({ code: "ANOTHER_RUN" });
        return 0;
      });
      await both.run({ root, found: [], replaces: [{ path: join(root, "other") }] }, async () => {
        await expect(transacting(state).recover([root], "a")).rejects.toMatchObject({ code: "ANOTHER_RUN" });
        return 0;
      });
    });

    it("that was killed is put back by whoever comes next, whatever its name", async () => {
      await killAtWork({ ...modules(), name: "a" });
      pretendDead(state);
      expect(await transacting(state).recover([root], "b")).toBe(true);
      expect(readdirSync(join(root, "node_modules"))).toEqual(["old"]);
      expect([...leftovers(), ...journalsIn(state)]).toEqual([]);
    });
  });

  it("a reused id is not taken for it", async () => {
    await killAtWork();
    pretendOwner({ id: process.ppid });
    expect(await transacting(state).recover([root])).toBe(true);
    expect(readdirSync(join(root, "node_modules"))).toEqual(["old"]);
  });

  it.each([
    ["another container", { space: "pid:[1] time:[2]" }],
    ["another machine", { boot: "other", host: "other" }],
  ])("of %s cannot be seen: nothing is put back until a person says that it has ended", async (_, owner) => {
    await killAtWork();
    pretendOwner({ id: DEAD, ...owner });
    const refusal = await transacting(state)
      .recover([root])
      .catch((error: unknown) => error as { code: string; message: string; hint: string });
    expect(refusal).toMatchObject({
      code: "ANOTHER_RUN",
      message: expect.stringContaining("cannot be seen from here"),
    });
    expect(readdirSync(join(root, "node_modules"))).toEqual(["new"]);
    const [, from = "", to = ""] = /mv (\S+) (\S+):/.exec((refusal as { hint: string }).hint) ?? [];
    renameSync(from, to);
    expect(await transacting(state).recover([root])).toBe(true);
    expect(readdirSync(join(root, "node_modules"))).toEqual(["old"]);
    expect([...leftovers(), ...journalsIn(state)]).toEqual([]);
  });

  it("further up is not waited for, unless files are aside by which a project is found", async () => {
    writeFileSync(join(root, "package.json"), "{}");
    await killAtWork();
    pretendOwner({ id: process.ppid, started: startOf(process.ppid) });
    expect(await transacting(state).recover([join(root, "web"), root])).toBe(false);
    const other = temporaryFolder();
    await killAtWork({ root, found: [], replaces: [{ path: join(root, "package.json") }] }, other);
    pretendOwner({ id: process.ppid, started: startOf(process.ppid) }, other);
    await expect(transacting(other).recover([join(root, "web"), root])).rejects.toMatchObject({ code: "ANOTHER_RUN" });
  });
});

describe("what fails", () => {
  it("after the commit point is a note: a good installation stays", async () => {
    const notices: string[] = [];
    const rm = () => Promise.reject(new Error("EACCES: made up"));
    const disk = { ...realDisk(), rm };
    const run = transacting(state, { disk, notice: (text) => notices.push(text) });
    expect(await run.run(modules(), install)).toBe(0);
    expect(readdirSync(join(root, "node_modules"))).toEqual(["new"]);
    expect(notices).toEqual([expect.stringContaining("cannot be deleted yet")]);
    await transacting(state).run(modules(), install);
    expect([...leftovers(), ...journalsIn(state).filter((one) => one.endsWith(".json"))]).toEqual([]);
  });

  it("half deleted, the old never comes back", async () => {
    const disk = { ...realDisk() };
    disk.rm = async (path, options) => {
      if (!String(path).includes(".safe-install-") || String(path).includes("journals"))
        return realDisk().rm(path, options);
      await realDisk().rm(join(String(path), ".gitignore"));
      throw new Error("EIO: made up");
    };
    expect(await transacting(state, { disk }).run(modules(), install)).toBe(0);
    pretendDead(state);
    expect(await transacting(state).recover([root])).toBe(false);
    expect(readdirSync(join(root, "node_modules"))).toEqual(["new"]);
    expect(leftovers()).toEqual([]);
  });

  it("in putting back is said with what went wrong before, by its kind; the next run tries again", async () => {
    const disk = { ...realDisk() };
    disk.rename = (from, to) =>
      String(from).endsWith("/0") ? Promise.reject(new Error("EIO: made up")) : realDisk().rename(from, to);
    const failing = () => install().then(() => Promise.reject(new Error("the comparison")));
    await expect(transacting(state, { disk }).run(modules(), failing)).rejects.toMatchObject({
      kind: "unavailable",
      code: "CANNOT_PUT_BACK",
      message: expect.stringMatching(/the comparison.*made up/s),
    });
    pretendDead(state);
    expect(await transacting(state).recover([root])).toBe(true);
    expect(readdirSync(join(root, "node_modules"))).toEqual(["old"]);
  });

  it("where nothing can be written down, nothing is moved", async () => {
    writeFileSync(join(state, "journals"), "a file where a folder should be");
    await expect(transacting(state).run(modules(), install)).rejects.toMatchObject({ code: "NO_JOURNAL" });
    expect(readdirSync(join(root, "node_modules"))).toEqual(["old"]);
    expect(leftovers()).toEqual([]);
  });

  it("where nothing is replaced, nothing has to be written down", async () => {
    writeFileSync(join(state, "journals"), "a file where a folder should be");
    expect(await transacting(state).run({ ...modules(), replaces: [] }, () => Promise.resolve(3))).toBe(3);
  });

  it("a journal of a later version is not guessed at", async () => {
    await killAtWork();
    for (const path of journalsIn(state))
      writeFileSync(path, readFileSync(path, "utf8").replace('"version":3', '"version":4'));
    await expect(transacting(state).recover([root])).rejects.toMatchObject({ code: "NO_JOURNAL" });
    expect(readdirSync(join(root, "node_modules"))).toEqual(["new"]);
  });
});

describe("what putting back may not do", () => {
  it("follow a folder above that has become a link", async () => {
    mkdirSync(join(root, "packages", "w", "node_modules", "own"), { recursive: true });
    const place = join(root, "packages", "w", "node_modules");
    await killAtWork({ root, found: [], replaces: [{ path: place }] });
    const outside = temporaryFolder();
    renameSync(join(root, "packages", "w"), join(outside, "w"));
    symlinkSync(join(outside, "w"), join(root, "packages", "w"));
    mkdirSync(join(outside, "w", "node_modules", "theirs"), { recursive: true });
    pretendDead(state);
    const before = treeOf(outside);
    await expect(transacting(state).recover([root])).rejects.toMatchObject({ code: "CANNOT_PUT_BACK" });
    expect(treeOf(outside)).toEqual(before);
  });

  it.each([
    ["above the root", (one: string) => join(one, "..", "victim")],
    ["the root itself", (one: string) => one],
    ["anywhere", () => "/etc/passwd"],
  ])("touch what lies %s, whatever the journal says", async (_, path) => {
    await killAtWork();
    for (const file of journalsIn(state))
      writeFileSync(file, readFileSync(file, "utf8").replaceAll(join(root, "node_modules"), path(root)));
    pretendDead(state);
    await expect(transacting(state).recover([root])).rejects.toMatchObject({ code: "NO_JOURNAL" });
    expect(readdirSync(join(root, "node_modules"))).toEqual(["new"]);
  });

  it("act upon what a clone brings along", async () => {
    for (const name of [".safe-install", ".safe-install-abc123"]) {
      mkdirSync(join(root, name, "0"), { recursive: true });
      const entry = {
        path: join(root, "node_modules"),
        how: "whole",
        backup: join(root, name, "0"),
        touches: [],
        made: [],
      };
      const journal = { version: 3, id: "abc123", process: { id: DEAD }, root, found: [], entries: [entry] };
      writeFileSync(join(root, name, "journal.json"), JSON.stringify(journal));
    }
    expect(await transacting(state).recover([root])).toBe(false);
    expect(readdirSync(join(root, "node_modules"))).toEqual(["old"]);
  });

  it("take a journal for another root's, by its name", async () => {
    await killAtWork();
    pretendDead(state);
    const other = temporaryFolder();
    const [file = ""] = journalsIn(state);
    renameSync(file, join(state, "journals", `${createHash("sha256").update(other).digest("hex")}.open.json`));
    expect(await transacting(state).recover([root])).toBe(false);
    await expect(transacting(state).recover([other])).rejects.toMatchObject({ code: "NO_JOURNAL" });
  });
});

function pretendOwner(owner: Readonly<Record<string, unknown>>, journals = state): void {
  for (const path of journalsIn(journals)) {
    const journal = JSON.parse(readFileSync(path, "utf8")) as { readonly process: object };
    writeFileSync(path, JSON.stringify({ ...journal, process: { ...journal.process, ...owner } }));
  }
}

function startOf(id: number): string | undefined {
  const line = readFileSync(`/proc/${id}/stat`, "utf8");
  return line.slice(line.lastIndexOf(")") + 2).split(" ")[19];
}
