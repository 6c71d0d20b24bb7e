import { layRepository } from "../support/repository.ts";
import { BIN_PATH } from "./programs.ts";
import { policyOf } from "./packages.ts";
import type { Locked, RemoteRegistry } from "./registry.ts";
import { isolated } from "../support/cli.ts";
import type { Program } from "./timing.ts";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

/** One project with a lockfile and a policy for the first so many packages of the registry. */
export interface Workshop {
  readonly project: string;
  /** Where npm and safe-install keep what they keep; emptied by `forget`. */
  readonly home: string;
  /** Forgets caches and node_modules: the next run is cold. */
  forget(): void;
  /** Forgets node_modules only. */
  uninstall(): void;
  /** A program with this project and this home; `script` is run by our own node. */
  program(script: string, ...words: readonly string[]): Program;
  safeInstall(...words: readonly string[]): Program;
  /** A repository whose last commit has all packages of the lock but one. */
  commitAllButOne(): void;
}

export function openWorkshop(folder: string, registry: RemoteRegistry, count: number): Workshop {
  const project = join(folder, `project-${count}`);
  const home = join(folder, `home-${count}`);
  const locked = registry.locked.slice(0, count);
  layRepository(project);
  mkdirSync(home, { recursive: true });
  writeFileSync(join(project, ".npmrc"), `registry=${registry.url}\n`);
  writeFileSync(join(project, "trusted_root.json"), JSON.stringify(registry.trustedRoot));
  writeFileSync(join(project, ".signing-policy.json"), JSON.stringify(policyOf(locked.map(({ name }) => name))));
  writeLock(project, locked);
  const program = (script: string, ...words: readonly string[]): Program => ({
    file: process.execPath,
    words: [script, ...words],
    cwd: project,
    env: isolated(home),
  });
  let removed = 0;
  /** Aside until the end: a file system that remembers what was just deleted is slow to create files, for minutes. */
  const remove = (path: string) => {
    if (existsSync(path)) renameSync(path, join(folder, `removed-${count}-${removed++}`));
  };
  const uninstall = () => remove(join(project, "node_modules"));
  return {
    project,
    home,
    forget() {
      uninstall();
      remove(home);
      mkdirSync(home);
    },
    uninstall,
    program,
    safeInstall: (...words) => program(BIN_PATH, ...words),
    commitAllButOne() {
      const git = (...words: readonly string[]) =>
        execFileSync("git", ["-c", "user.name=bench", "-c", "user.email=bench@example.test", ...words], {
          cwd: project,
        });
      git("init", "--quiet");
      // Nothing depends on the last one.
      writeLock(project, locked.slice(0, -1));
      git("add", "package.json", "package-lock.json", ".signing-policy.json", "trusted_root.json", ".npmrc");
      git("commit", "--quiet", "--message", "all but one");
      writeLock(project, locked);
    },
  };
}

/** The project depends on what no package depends on. */
function writeLock(project: string, locked: readonly Locked[]): void {
  const needed = new Set(locked.flatMap(({ dependencies }) => Object.keys(dependencies)));
  const tops = locked.filter(({ name }) => !needed.has(name));
  const dependencies = Object.fromEntries(tops.map(({ name, version }) => [name, version]));
  const root = { name: "bench", version: "1.0.0", dependencies };
  const nodes = locked.map(({ name, ...entry }) => [`node_modules/${name}`, entry]);
  const packages = { "": root, ...Object.fromEntries(nodes) };
  const lock = { name: "bench", version: "1.0.0", lockfileVersion: 3, requires: true, packages };
  writeFileSync(join(project, "package.json"), `${JSON.stringify(root, null, 2)}\n`);
  writeFileSync(join(project, "package-lock.json"), `${JSON.stringify(lock, null, 2)}\n`);
}
