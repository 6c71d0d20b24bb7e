/** What pip would install of a pylock.toml: see pylock.py. */
import type { Value } from "../lock-mutants.ts";
import type { Index } from "../pypi.ts";
import type { Installed } from "./differ.ts";
import { drive } from "./driven.ts";
import { installedOf, type Operation } from "./poetry.ts";
import { hexOf, keyOf, lay, type LockProject, oneByOne } from "./python.ts";
import { uvRooms } from "./uv.ts";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { parse } from "smol-toml";

const run = promisify(execFile);

type Table = Readonly<Record<string, Value>>;

/** pip locks one file a package; uv's own export names them all. */
export async function pylockProject(folder: string, bin: string, index: Index): Promise<LockProject> {
  const { app, exported } = await uvRooms(folder, bin, index, 1);
  const path = join(app, "pylock.toml");
  const lock = withGroups(parse(await exported(app)) as Table);
  lay(app, { "none.conf": "" });
  const env = { PIP_CONFIG_FILE: join(app, "none.conf"), PIP_INDEX_URL: index.url };
  const python = join(bin, "python");
  const driven = drive<Operation>([python, "-I", join(import.meta.dirname, "pylock.py"), path], { cwd: app });
  const words = [
    "-m",
    "pip",
    "install",
    "--dry-run",
    "--ignore-installed",
    "--no-cache-dir",
    "--quiet",
    "--report",
    "-",
  ];
  return {
    lock,
    // pip takes no folder beside hashes.
    sample: { ...lock, packages: lock.packages.filter((one) => !("directory" in one)) },
    path,
    installs: async (texts) => (await driven.ask(texts)).map((one) => one?.map(installedOf) ?? null),
    asked: oneByOne(path, async () => {
      const own = { ...process.env, ...env };
      const said = await run(python, [...words, "-r", "pylock.toml"], { cwd: app, env: own }).catch(() => null);
      return said === null ? null : reportedIn(said.stdout);
    }),
    close: driven.close,
  };
}

/** What only pylock.toml has: markers that ask for groups and extras. */
function withGroups(lock: Table) {
  const packages = (lock["packages"] as readonly Table[]).map((one): Table => {
    if (one["name"] === "dev-one") return { ...one, marker: "'dev' in dependency_groups" };
    return one["name"] === "extra-one" ? { ...one, marker: "'a' in extras" } : one;
  });
  return { ...lock, extras: ["a"], "dependency-groups": ["dev"], "default-groups": ["dev"], packages };
}

interface Report {
  readonly install: readonly {
    readonly metadata: { readonly name: string; readonly version: string };
    readonly download_info: {
      readonly url: string;
      readonly dir_info?: object;
      readonly archive_info?: { readonly hashes?: Readonly<Record<string, string>> };
    };
  }[];
}

function reportedIn(text: string): readonly Installed[] {
  return (JSON.parse(text) as Report).install.map(({ metadata: { name, version }, download_info: from }) => {
    if (from.dir_info !== undefined) {
      const folder = new URL(from.url).pathname.replace(/\/$/, "");
      return { key: folder, hashes: [], folder };
    }
    return { key: keyOf(name, version), hashes: Object.values(from.archive_info?.hashes ?? {}).map(hexOf) };
  });
}
