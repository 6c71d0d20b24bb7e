/** What uv would install of a uv.lock: `uv export --frozen` tells it as a pylock.toml, with every address and hash. */
import { type Index, makeSdist, makeWheel } from "../pypi.ts";
import type { Value } from "../lock-mutants.ts";
import type { Installed } from "./differ.ts";
import { hexOf, keyOf, lay, type LockProject, oneByOne } from "./python.ts";
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { parse } from "smol-toml";

const run = promisify(execFile);

/** Wheels for all and for some, a source distribution beside one, extras, a group and markers. */
export function publishPackages(index: Index): void {
  const wheels = [
    { name: "widget", version: "1.0", requires: ["leaf>=1", "marked; sys_platform == 'linux'"], extras: ["a"] },
    { name: "leaf", version: "1.2.3" },
    { name: "leaf", version: "2.0" },
    { name: "marked", version: "1.0" },
    { name: "gadget", version: "2.0", tag: "cp311-cp311-manylinux2014_x86_64" },
    { name: "gadget", version: "2.0", tag: "cp311-cp311-win_amd64" },
    { name: "extra-one", version: "1.0" },
    { name: "dev-one", version: "1.0" },
  ];
  for (const one of wheels) index.publish({ ...makeWheel(one), project: one.name });
  const source = makeSdist({ name: "widget", version: "1.0", mark: "/nowhere/mark" });
  index.publish({ ...source, project: "widget" });
}

export async function uvProject(folder: string, bin: string, index: Index): Promise<LockProject> {
  const rooms = await uvRooms(folder, bin, index, 3);
  const { uv, app, env } = rooms;
  const path = join(app, "uv.lock");
  const lock = parse(readFileSync(path, "utf8")) as Value;

  async function exportedIn(room: string, text: string): Promise<readonly Installed[] | null> {
    writeFileSync(join(room, "uv.lock"), text);
    const found = await rooms.exported(room).catch(() => null);
    // Every room is a copy of the first.
    return found === null ? null : installedIn(parse(found), app);
  }

  /** A dry run names no hash. */
  async function synced(): Promise<readonly Installed[] | null> {
    const words = ["sync", "--frozen", "--dry-run", "--all-extras", "--all-groups"];
    const found = await run(uv, words, { cwd: app, env }).catch(() => null);
    if (found === null) return null;
    return [...found.stderr.matchAll(/^ \+ (\S+)==(\S+)(?: \(from (.*)\))?$/gm)].map(
      ([, name = "", version = "", from]) => {
        const key = keyOf(name, version);
        if (from === undefined) return { key, hashes: null };
        return from.startsWith("file:")
          ? { key, hashes: null, folder: fileURLToPath(from) }
          : { key: from, hashes: null };
      },
    );
  }

  return {
    lock,
    path,
    async installs(texts) {
      const found: (readonly Installed[] | null)[] = texts.map(() => null);
      const queue = [...texts.entries()];
      await Promise.all(
        rooms.all.map(async (room) => {
          for (let one = queue.shift(); one !== undefined; one = queue.shift())
            found[one[0]] = await exportedIn(room, one[1]);
        }),
      );
      return found;
    },
    asked: oneByOne(path, synced),
    close: () => undefined,
  };
}

interface Rooms {
  readonly uv: string;
  readonly env: NodeJS.ProcessEnv;
  /** The first; uv has locked it. */
  readonly app: string;
  readonly all: readonly string[];
  /** The lock there as a pylock.toml. */
  readonly exported: (room: string) => Promise<string>;
}

/** So many copies of one project, for as many processes at once. */
export async function uvRooms(folder: string, bin: string, index: Index, count: number): Promise<Rooms> {
  const environment = {
    ...process.env,
    UV_CACHE_DIR: join(folder, "cache"),
    UV_PYTHON: join(bin, "python"),
    UV_NO_PROGRESS: "1",
  };
  const all = Array.from({ length: count }, (_, number) => layProject(join(folder, `app${number}`), index));
  const [app = ""] = all;
  const uv = join(bin, "uv");
  await run(uv, ["lock"], { cwd: app, env: environment });
  const env = { ...environment, UV_OFFLINE: "1" };
  async function exported(room: string): Promise<string> {
    const words = ["export", "--frozen", "--all-extras", "--all-groups", "--format", "pylock.toml", "--quiet"];
    return (await run(uv, words, { cwd: room, env })).stdout;
  }
  return { uv, env, app, all, exported };
}

function layProject(folder: string, index: Index): string {
  const own = { "own/pyproject.toml": '[project]\nname = "own"\nversion = "0.1.0"\n' };
  const project = [
    "[project]",
    'name = "app"',
    'version = "0.1.0"',
    'requires-python = ">=3.11"',
    'dependencies = ["widget[a]", "gadget", "own", "leaf<2"]',
    "[project.optional-dependencies]",
    'a = ["extra-one"]',
    "[dependency-groups]",
    'dev = ["dev-one"]',
    "[tool.uv]",
    "package = false",
    "[tool.uv.sources]",
    'own = { path = "own" }',
    "[[tool.uv.index]]",
    'name = "loopback"',
    `url = "${index.url}"`,
    "default = true",
  ];
  lay(folder, { ...own, "pyproject.toml": `${project.join("\n")}\n` });
  return folder;
}

interface Pylock {
  readonly packages?: readonly PylockEntry[];
}

interface PylockFile {
  readonly hashes?: Readonly<Record<string, string>>;
}

interface PylockEntry {
  readonly name: string;
  readonly version?: string;
  readonly directory?: { readonly path: string };
  readonly vcs?: object;
  readonly archive?: PylockFile;
  readonly sdist?: PylockFile;
  readonly wheels?: readonly PylockFile[];
}

function installedIn({ packages = [] }: Pylock, at: string): readonly Installed[] {
  return packages.flatMap(
    ({ name, version = "", directory, vcs, archive, sdist, wheels = [] }): readonly Installed[] => {
      const key = keyOf(name, version);
      if (directory !== undefined) return [{ key, hashes: [], folder: resolve(at, directory.path) }];
      // From elsewhere: by whatever hash.
      if (vcs !== undefined || archive !== undefined) return [{ key: `${name} from elsewhere`, hashes: [] }];
      const files = [...wheels, ...(sdist === undefined ? [] : [sdist])];
      return files.map(({ hashes = {} }) => ({ key, hashes: Object.values(hashes).map(hexOf) }));
    },
  );
}
