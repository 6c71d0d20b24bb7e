/** What npm would install of a package-lock.json: the arborist of the npm on PATH, in this process, as `npm ci` goes by it. */
import { npm } from "../../../plugins/npm/index.ts";
import type { Part } from "../../../src/plugin.ts";
import type { Value } from "../lock-mutants.ts";
import { testHost } from "../npm-session.ts";
import type { Registry } from "../registry.ts";
import type { Installed, Judged } from "./differ.ts";
import { lay } from "./python.ts";
import { execFile } from "node:child_process";
import { readFileSync, realpathSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

const WITH_ADDRESSES = "--omit-lockfile-registry-resolved=false";

/** The members of arborist's nodes that `npm ci` goes by. */
interface Node {
  readonly name: string;
  readonly packageName: string | null;
  readonly version: string | null;
  readonly location: string;
  /** Both: whatever the lock has there. */
  readonly resolved: unknown;
  readonly integrity: unknown;
  readonly isRoot: boolean;
  readonly isLink: boolean;
  readonly inBundle: boolean;
  readonly inert: boolean;
}

interface Tree {
  readonly inventory: ReadonlyMap<string, Node>;
}

interface ArboristLike {
  readonly virtualTree: Tree;
  readonly idealTree: Tree;
  loadVirtual(): Promise<unknown>;
  buildIdealTree(): Promise<unknown>;
}

export interface NpmProject {
  readonly lock: Value;
  readonly installs: (texts: readonly string[]) => Promise<readonly (readonly Installed[] | null)[]>;
  /** `npm ls --package-lock-only`, once for each text: names and versions. */
  readonly listed: (texts: readonly string[]) => Promise<readonly (readonly Installed[] | null)[]>;
  readonly ours: (text: string) => Promise<Judged | null>;
}

export function publishNpm(registry: Registry): void {
  registry.publish({ name: "leaf", version: "1.0.0" });
  registry.publish({ name: "leaf", version: "2.0.0" });
  registry.publish({ name: "@acme/gadget", version: "1.0.0", manifest: { dependencies: { leaf: "^1.0.0" } } });
  registry.publish({ name: "other", version: "1.0.0" });
  registry.publish({ name: "sometimes", version: "1.0.0", manifest: { os: ["plan9"] } });
  const depends = {
    dependencies: { "@acme/gadget": "^1.0.0", leaf: "^2.0.0" },
    optionalDependencies: { sometimes: "1" },
  };
  registry.publish({ name: "widget", version: "1.0.0", manifest: { ...depends, peerDependencies: { other: "*" } } });
  registry.publish({ name: "dev-one", version: "1.0.0", manifest: { bin: { "dev-one": "bin.js" } } });
}

export async function npmProject(base: string, registry: Registry): Promise<NpmProject> {
  const app = join(realpathSync(dirname(base)), basename(base), "app");
  const manifest = {
    name: "app",
    version: "1.0.0",
    workspaces: ["ws"],
    dependencies: { widget: "^1.0.0", renamed: "npm:other@1.0.0", leaf: "1.0.0" },
    devDependencies: { "dev-one": "*" },
  };
  lay(app, {
    "package.json": JSON.stringify(manifest),
    "ws/package.json": JSON.stringify({ name: "ws", version: "1.0.0", dependencies: { leaf: "^1.0.0" } }),
    ".npmrc": `registry=${registry.url}\n`,
  });
  const home = join(base, "home");
  const settings = ["--cache", join(base, "cache"), "--userconfig", join(base, "none"), "--no-audit", "--no-fund"];
  await run("npm", ["install", "--package-lock-only", "--ignore-scripts", WITH_ADDRESSES, ...settings], { cwd: app });
  const path = join(app, "package-lock.json");
  const lock = JSON.parse(readFileSync(path, "utf8")) as Value;
  const options = {
    path: app,
    registry: registry.url,
    cache: join(base, "cache"),
    ignoreScripts: true,
    packageLock: true,
  };
  const { Arborist, validate } = await programOf();

  async function installsOf(text: string): Promise<readonly Installed[] | null> {
    writeFileSync(path, text);
    const read = new Arborist({ ...options });
    const found = new Arborist({ ...options });
    try {
      await read.loadVirtual();
      await found.buildIdealTree();
    } catch {
      return null;
    }
    const nodes = found.idealTree.inventory;
    if (validate(read.virtualTree.inventory, nodes).length > 0) return null;
    const unpacked = [...nodes.values()].filter((node) => isUnpacked(node));
    return unpacked.flatMap((node) => installedOf(node, unpacked, registry.url));
  }

  const host = testHost({ home });
  const project = await npm.locate({ purpose: "check", args: [], cwd: app }, host);
  return {
    lock,
    async installs(texts) {
      const found: (readonly Installed[] | null)[] = [];
      for (const text of texts) found.push(await installsOf(text));
      return found;
    },
    async listed(texts) {
      const found: (readonly Installed[] | null)[] = [];
      for (const text of texts) {
        writeFileSync(path, text);
        const words = ["ls", "--all", "--json", "--long", "--package-lock-only", ...settings];
        const said = await run("npm", words, { cwd: app }).catch(() => null);
        found.push(said === null ? null : namedIn(JSON.parse(said.stdout) as Listed));
      }
      return found;
    },
    async ours(text) {
      writeFileSync(path, text);
      const { value } = await npm.stages(project, { repositoryRoot: app, registries: [] }, host).next([]);
      const { artifacts, unbound, notGated } = value as Part;
      if (unbound.length > 0) return null;
      const files = new Map<string, Set<string>>();
      for (const { package: ref, digests } of artifacts) {
        const key = `${ref.name}@${ref.version}`;
        files.set(key, new Set([...(files.get(key) ?? []), ...digests.map(({ hex }) => hex)]));
      }
      return { files, folders: new Set(notGated.map(({ name }) => name)) };
    },
  };
}

async function programOf(): Promise<{
  readonly Arborist: new (options: object) => ArboristLike;
  readonly validate: (virtual: Tree["inventory"], ideal: Tree["inventory"]) => readonly string[];
}> {
  const { stdout } = await run("npm", ["root", "-g"]);
  const load = createRequire(join(stdout.trim(), "npm", "index.js")) as (name: string) => unknown;
  return {
    Arborist: load("@npmcli/arborist") as new (options: object) => ArboristLike,
    validate: load("./lib/utils/validate-lockfile.js") as (one: object, other: object) => readonly string[],
  };
}

/** Not a folder of ours, which a link leads to: that one is read where it lies. */
function isUnpacked({ isRoot, inert, location }: Node): boolean {
  return !isRoot && !inert && /(?:^|\/)node_modules\//.test(location);
}

function installedOf(node: Node, all: readonly Node[], registry: string): readonly Installed[] {
  const { packageName, version, location, integrity } = node;
  const resolved = typeof node.resolved === "string" ? node.resolved : "";
  if (node.isLink) return [{ key: location, hashes: [], folder: location }];
  // Its bundler's archive brings it along.
  if (node.inBundle) return [];
  if (resolved.startsWith("file:")) return [{ key: location, hashes: [], folder: location }];
  if (resolved !== "" && !/^https?:/i.test(resolved)) return [{ key: resolved, hashes: [] }];
  // One address serves the same bytes, also for an entry that says nothing of them.
  const alike = all.find((one) => one.integrity && addressOf(one, registry) === addressOf(node, registry)) ?? node;
  const bound = integrity ? node : alike;
  return [
    { key: `${packageName}@${version}`, hashes: hexesOf(typeof bound.integrity === "string" ? bound.integrity : "") },
  ];
}

/** npm's own where the lock leaves it out. */
function addressOf({ packageName, version, resolved }: Node, registry: string): string {
  const own = `${registry}${packageName}/-/${String(packageName).split("/").at(-1)}-${version}.tgz`;
  return typeof resolved === "string" ? resolved : own;
}

/** Any one of the strongest kind is enough for npm. */
function hexesOf(integrity: string): readonly string[] {
  const found = integrity.split(/\s+/).flatMap((one) => {
    const [, name = "", base64 = ""] = /^(sha512|sha384|sha256|sha1)-([A-Za-z0-9+/]+={0,2})/.exec(one) ?? [];
    return name === ""
      ? []
      : [{ strength: STRENGTH.indexOf(name), hex: Buffer.from(base64, "base64").toString("hex") }];
  });
  const strongest = Math.max(...found.map(({ strength }) => strength));
  return found.filter(({ strength }) => strength === strongest).map(({ hex }) => hex);
}

const STRENGTH = ["sha1", "sha256", "sha384", "sha512"];

interface Listed {
  readonly dependencies?: Readonly<
    Record<
      string,
      Listed & {
        readonly name?: string;
        readonly version?: string;
        readonly resolved?: string;
        readonly extraneous?: boolean;
      }
    >
  >;
}

function namedIn({ dependencies = {} }: Listed): readonly Installed[] {
  return Object.entries(dependencies).flatMap(([name, one]) => {
    const here = one.version === undefined || one.extraneous === true || one.resolved?.startsWith("file:") === true;
    const own = here ? [] : [{ key: `${one.name ?? name}@${one.version}`, hashes: null }];
    return [...own, ...namedIn(one)];
  });
}
