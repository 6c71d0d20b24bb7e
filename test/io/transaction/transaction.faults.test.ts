import { type Disk, realDisk } from "../../../src/io/transaction/disk.ts";
import type { Paths } from "../../../src/host.ts";
import { folderInMemory } from "../../support/folder.ts";
import { faultyDisk, journalsIn, pretendDead, transacting, treeOf } from "../../support/transaction.ts";
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";

/** One thing that is set aside: how it lies there, and what an installer makes of it. */
interface Kind {
  readonly name: string;
  readonly lay: (root: string) => void;
  readonly paths: (root: string) => Omit<Paths, "root" | "found">;
  readonly work: (root: string) => void;
  readonly mounts?: (root: string) => readonly string[];
  readonly disk?: Disk;
}

function put(root: string, files: Readonly<Record<string, string>>, mode = 0o644): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
    chmodSync(join(root, path), mode);
  }
}

function layTree(root: string): void {
  put(root, { "src/mine.js": "mine", "node_modules/a/index.js": "old a", "node_modules/b/deep/x.txt": "old b" });
  put(root, { "node_modules/a/run.sh": "#!/bin/sh" }, 0o755);
  mkdirSync(join(root, "node_modules", ".bin"));
  symlinkSync("../a/run.sh", join(root, "node_modules", ".bin", "run"));
  symlinkSync("/nowhere", join(root, "node_modules", "dangling"));
  mkdirSync(join(root, "node_modules", "empty"), { mode: 0o750 });
}

/** Also into what stands already, as where it is a mount point. */
function installTree(root: string): void {
  put(root, { "node_modules/a/index.js": "new", "node_modules/c/index.js": "new c" });
  symlinkSync("../c", join(root, "node_modules", "link"));
}

const WHOLE =
  (...names: readonly string[]) =>
  (root: string) => ({
    replaces: names.map((name) => ({ path: join(root, name) })),
  });

/** As the kernel answers for a folder in a lower layer of an overlay. */
const LOWER: Disk = {
  ...realDisk(),
  rename: async (from, to) => {
    if (String(from).endsWith("/node_modules") && !isUpper(String(from)))
      throw Object.assign(new Error("EXDEV"), { code: "EXDEV" });
    return realDisk().rename(from, to);
  },
};

function isUpper(folder: string): boolean {
  return existsSync(join(folder, "c"));
}

const KINDS: readonly Kind[] = [
  { name: "a tree that renames", lay: layTree, paths: WHOLE("node_modules"), work: installTree },
  { name: "a tree in a lower layer", lay: layTree, paths: WHOLE("node_modules"), work: installTree, disk: LOWER },
  {
    name: "a tree that is a mount point",
    lay: layTree,
    paths: WHOLE("node_modules"),
    work: installTree,
    mounts: (root) => ["/", join(root, "node_modules")],
  },
  {
    name: "a tree with a mount point in it",
    lay: layTree,
    paths: WHOLE("node_modules"),
    work: installTree,
    mounts: (root) => [join(root, "node_modules", "b", "deep"), join(root, "elsewhere")],
  },
  {
    name: "files and links, some absent",
    lay: (root) => {
      put(root, { "package.json": "{}", "lib/x.txt": "x" });
      symlinkSync("nowhere", join(root, "npm-shrinkwrap.json"));
    },
    paths: WHOLE("package.json", "npm-shrinkwrap.json", "package-lock.json", "lib/node_modules/@scope/name", "bin/x"),
    work: (root) => {
      put(root, { "package.json": "{1}", "package-lock.json": "{2}", "npm-shrinkwrap.json": "{3}", "bin/x": "x" });
      put(root, { "lib/node_modules/@scope/name/index.js": "new" });
    },
  },
  {
    name: "a place that changes in place",
    lay: (root) => {
      put(root, { "site/mine.py": "mine", "site/a/__init__.py": "old", "site/a/gone.py": "gone", "site/a.pth": "old" });
      put(root, { "site/same.py": "same", "site/b/x.py": "b", "bin/tool": "old tool" }, 0o755);
      symlinkSync("../mine.py", join(root, "site", "a", "link.py"));
    },
    paths: (root) => ({
      replaces: [
        {
          path: join(root, "site"),
          touches: ["a", "a.pth", "same.py", "b/x.py", "b/new.py", "c/d/e.py", "f", "was/f.py"],
        },
        { path: join(root, "bin"), touches: ["tool", "other"] },
        { path: join(root, "share"), touches: ["man/man1/a.1"] },
      ],
    }),
    work: (root) => {
      // As installers do: what is replaced is another file.
      for (const one of ["site/a/__init__.py", "site/a/gone.py", "site/a/link.py", "site/a.pth", "bin/tool"])
        unlinkSync(join(root, one));
      rmSync(join(root, "site", "b"), { recursive: true });
      put(root, { "site/a/__init__.py": "new", "site/a.pth/now/a/folder": "x", "site/b": "now a file" });
      unlinkSync(join(root, "site", "b"));
      put(root, { "site/b/x.py": "b2", "site/b/new.py": "x", "site/c/d/e.py": "e", "site/f": "f", "bin/other": "x" });
      put(root, { "share/man/man1/a.1": "page" });
    },
  },
];

interface Laid {
  readonly root: string;
  readonly state: string;
  readonly before: ReturnType<typeof treeOf>;
}

function lay(kind: Kind): Laid {
  const [root, state] = [folderInMemory(), folderInMemory()];
  kind.lay(root);
  return { root, state, before: treeOf(root) };
}

function start(kind: Kind, { root, state }: Laid, disk: Disk, code: number): Promise<number> {
  const mounts = () => Promise.resolve(kind.mounts?.(root) ?? []);
  return transacting(state, { disk, mounts }).run({ root, found: [], ...kind.paths(root) }, () => {
    kind.work(root);
    return Promise.resolve(code);
  });
}

/** It has done all of it, and says nothing any more. */
function killAtWork(kind: Kind, laid: Laid): Promise<void> {
  return new Promise((resolve) => {
    const work = () => (kind.work(laid.root), resolve(), new Promise<number>(() => {}));
    const mounts = () => Promise.resolve(kind.mounts?.(laid.root) ?? []);
    const paths = { root: laid.root, found: [], ...kind.paths(laid.root) };
    void transacting(laid.state, { disk: kind.disk ?? realDisk(), mounts }).run(paths, work);
  });
}

function recoverWith(kind: Kind, { root, state }: Laid, disk: Disk): Promise<boolean> {
  return transacting(state, { disk, mounts: () => Promise.resolve(kind.mounts?.(root) ?? []) }).recover([root]);
}

function expectAsBefore({ root, state, before }: Laid, step: string): void {
  expect(treeOf(root), step).toEqual(before);
  expect(
    journalsIn(state).filter((one) => one.endsWith(".json")),
    step,
  ).toEqual([]);
}

const STOPS = 500;
const LONG = { timeout: 60_000 };

describe.each(KINDS)("$name", LONG, (kind) => {
  it("stays as the work left it where that gives 0", async () => {
    const laid = lay(kind);
    expect(await start(kind, laid, kind.disk ?? realDisk(), 0)).toBe(0);
    const after = treeOf(laid.root);
    expect(after).not.toEqual(laid.before);
    expect(Object.keys(after).filter((name) => name.includes(".safe-install"))).toEqual([]);
    expect(journalsIn(laid.state)).toEqual([]);
  });

  it("is as it was where the work gives another code, or throws", async () => {
    const laid = lay(kind);
    expect(await start(kind, laid, kind.disk ?? realDisk(), 7)).toBe(7);
    expectAsBefore(laid, "a code");
    const throwing = { ...kind, work: (root: string) => (kind.work(root), wrong()) };
    await expect(start(throwing, laid, kind.disk ?? realDisk(), 0)).rejects.toThrow("went wrong");
    expectAsBefore(laid, "an error");
  });

  it.each([0, 7])("killed at any step (the work gives %i), the next run ends as it should", async (code) => {
    const full = lay(kind);
    await start(kind, full, kind.disk ?? realDisk(), code);
    const after = treeOf(full.root);
    let steps = 0;
    for (let at = 1; at < STOPS; at++) {
      const laid = lay(kind);
      const faulty = faultyDisk(at, "stop", kind.disk);
      const ended = await Promise.race([start(kind, laid, faulty.disk, code), faulty.stopped]);
      if (ended !== "stopped") break;
      steps = at;
      pretendDead(laid.state);
      const isDone = journalsIn(laid.state).some((one) => one.endsWith(".done.json"));
      await recoverWith(kind, laid, kind.disk ?? realDisk());
      const step = `${at}: ${faulty.changes.at(-1)}`;
      expectAsBefore({ ...laid, before: isDone ? after : laid.before }, step);
    }
    expect(steps).toBeGreaterThan(5);
  });

  it("killed while it is put back, also twice, it still is put back", async () => {
    let steps = 0;
    for (let at = 1; at < STOPS; at++) {
      const laid = lay(kind);
      await killAtWork(kind, laid);
      pretendDead(laid.state);
      const faulty = faultyDisk(at, "stop", kind.disk);
      const ended = await Promise.race([recoverWith(kind, laid, faulty.disk), faulty.stopped]);
      if (ended !== "stopped") {
        expectAsBefore(laid, "not killed");
        break;
      }
      steps = at;
      await recoverWith(kind, laid, kind.disk ?? realDisk());
      expectAsBefore(laid, `${at}: ${faulty.changes.at(-1)}`);
    }
    expect(steps).toBeGreaterThan(2);
  });

  it("where any step fails, it is as it was or as it should be, and says so", async () => {
    for (let at = 1; at < STOPS; at++) {
      const laid = lay(kind);
      const faulty = faultyDisk(at, Object.assign(new Error("EIO: made up"), { code: "EIO" }), kind.disk);
      const notices: string[] = [];
      const mounts = () => Promise.resolve(kind.mounts?.(laid.root) ?? []);
      const run = transacting(laid.state, { disk: faulty.disk, mounts, notice: (text) => notices.push(text) }).run(
        { root: laid.root, found: [], ...kind.paths(laid.root) },
        () => (kind.work(laid.root), Promise.resolve(0)),
      );
      const outcome = await run.then(
        (code) => code,
        (error: unknown) => error,
      );
      if (faulty.changes.length < at) break;
      const step = `${at}: ${faulty.changes[at - 1]}`;
      if (outcome !== 0)
        expect(outcome, step).toMatchObject({
          name: "SafeInstallError",
          message: expect.stringMatching(/made up/) as string,
        });
      else if (journalsIn(laid.state).some((one) => one.endsWith(".json")))
        expect(notices.join(), step).toContain("cannot be deleted yet");
      const full = treeOf(laid.root);
      await recoverWith(kind, laid, kind.disk ?? realDisk());
      const wanted = outcome === 0 ? withoutAside(full) : laid.before;
      expectAsBefore({ ...laid, before: wanted }, step);
    }
  });
});

function withoutAside(tree: ReturnType<typeof treeOf>): ReturnType<typeof treeOf> {
  return Object.fromEntries(Object.entries(tree).filter(([name]) => !name.includes(".safe-install-")));
}

function wrong(): never {
  throw new Error("went wrong");
}
