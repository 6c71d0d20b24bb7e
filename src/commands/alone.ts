import { SafeInstallError } from "../errors.ts";
import type { AloneCommand } from "../options.ts";
import { INSTALLERS, loadPlugin, lockedInstall } from "../plugins.ts";
import type { Plugin } from "../plugin.ts";
import { silent } from "../progress.ts";
import { writeReports } from "../report/index.ts";
import { terminalProgress } from "../report/progress.ts";
import type { World } from "../world.ts";
import { withHost } from "./host.ts";
import { type Judged, judgeProject, reportOf } from "./session.ts";
import { readdir } from "node:fs/promises";

/**
 * `safe-install` alone: the locked install of everything that lies here. All of it is judged before any of it is
 * installed; then one after the other. @returns the first exit code that is not 0
 */
export async function alone({ options }: AloneCommand, world: World): Promise<number> {
  return withHost(options, world, async (host) => {
    const names = await readdir(world.cwd);
    const found = await findHere(names);
    if (found.length === 0) throw nothingHere(names);
    for (const name of othersOf(names, found)) host.notice(`safe-install: ${name} is not gated, and not installed`);
    const progress = options.quiet ? silent : await terminalProgress(world);
    const judged: Judged[] = [];
    try {
      for (const { plugin, args } of found) {
        const request = { purpose: "install", args, cwd: world.cwd } as const;
        judged.push(await judgeProject(plugin, request, options, { world, host, progress }));
      }
      const title = found.map(({ installer, args }) => `${installer} ${args[0] ?? ""}`.trim()).join(" + ");
      const report = reportOf(
        title,
        judged.map(({ report }) => report),
      );
      await writeReports(report, options, world.stderr, world);
      return report.outcome === "denied" ? report.exit : await handOffAll(judged);
    } finally {
      for (const { session } of judged) await session.close();
    }
  });
}

async function handOffAll(judged: readonly Judged[]): Promise<number> {
  for (const { session, gated } of judged) {
    const code = await session.handoff(gated.proven);
    if (code !== 0) return code;
  }
  return 0;
}

interface Found {
  readonly installer: string;
  readonly plugin: Plugin;
  readonly args: readonly string[];
}

async function findHere(names: readonly string[]): Promise<readonly Found[]> {
  const found = INSTALLERS.flatMap((installer) => {
    const args = lockedInstall(installer, names);
    return args === null ? [] : [{ installer, args }];
  });
  return Promise.all(found.map(async (one) => ({ ...one, plugin: await loadPlugin(one.installer) })));
}

/** Locks of installers that are not gated: nothing is passed over in silence. */
function othersOf(names: readonly string[], found: readonly Found[]): readonly string[] {
  const known = new Set(found.flatMap(({ plugin }) => plugin.lockfiles));
  return names.filter((name) => LOCK.test(name) && !known.has(name));
}

const LOCK =
  /^(?:yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|deno\.lock|(?:poetry|uv|pdm|Pipfile|Gemfile|Cargo|composer)\.lock|requirements.*\.txt|pylock.*\.toml|packages.*\.lock\.json|go\.sum)$/;

function nothingHere(names: readonly string[]): SafeInstallError {
  const others = othersOf(names, []);
  const seen = others.length === 0 ? "" : ` (${others.join(", ")} is not gated)`;
  return new SafeInstallError(
    "usage",
    "NOTHING_HERE",
    `there is nothing here that could be installed from a lock${seen}`,
    {
      hint: "go to the folder of the lockfile; safe-install --help",
    },
  );
}
