import type { Handoff } from "../../../src/plugin.ts";
import { buildProjects, type Build, type Built, installProjects } from "./build.ts";
import { assertNoRivals, assertOnDisk, assertReported, type Ready } from "./compare.ts";
import { carried, closed, replacing } from "./words.ts";
import { type PlanPlaces, assertFit, type InstallPlan, planFor, type Wheel } from "./plan.ts";
import { INSTALLATION } from "../python/programs.ts";
import { neutralEnvironment, runPython } from "../python/run.ts";
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";

/** All that is proven, and nothing else. */
interface Let extends PlanPlaces {
  readonly ready: readonly Ready[];
  /** The private folder that holds it. */
  readonly wheels: string;
  readonly builds: readonly Build[];
  /** Of the proven wheels. */
  readonly plan: InstallPlan;
  /** Once all of it is installed. */
  readonly keep: () => Promise<void>;
}

/**
 * Lets the user's pip install from the private folder: no index, no configuration, no network, every hash named,
 * whatever is installed already replaced. First-party projects are built before anything of the environment changes, so
 * that what they bring is known as well.
 */
export async function pipHandoff(all: Let): Promise<Handoff> {
  const folder = await mkdtemp(join(all.python.folder, "handoff-"));
  const [locked, report] = [join(folder, "locked.txt"), join(folder, "report.json")];
  let { plan } = all;
  let built: Built = { code: 0, wheels: [] };
  return {
    root: plan.root,
    found: plan.found,
    get replaces() {
      return plan.replaces;
    },
    async prepare() {
      built = await buildProjects(all);
      if (all.builds.length > 0 && built.code === 0) plan = await planWith(all, built);
      assertFit(plan);
      await writeFile(locked, lockOf(changing()));
    },
    async install() {
      if (built.code !== 0) return built.code;
      // pip writes none without --compile, nor where it leaves a target's folder of bytecode as it is.
      for (const one of plan.stale) await rm(one, { force: true });
      for (const one of plan.bytecode) await rm(one, { force: true, recursive: true });
      sayStaying(plan, all);
      const code = changing().length === 0 ? 0 : await installWheels({ ...all, ready: changing() }, locked, report);
      return code === 0 ? installProjects(all, built) : code;
    },
    async compare() {
      if (changing().length === 0 && all.builds.length === 0) return assertNoRivals(plan.expected);
      if (changing().length > 0) await assertReported(report, changing());
      await assertOnDisk(plan.expected, all.options.target_dir !== null);
    },
    async next() {
      const { json_report_file: wanted } = all.options;
      if (wanted !== null && all.ready.length > 0) await copyFile(report, resolve(all.python.cwd, wanted));
      await all.keep();
      return 0;
    },
  };

  function changing(): readonly Ready[] {
    return all.ready.filter(({ name }) => !plan.staying.includes(name));
  }
}

function sayStaying({ staying }: InstallPlan, { ready, python, options }: Let): void {
  if (staying.length === 0 || options.quiet > 0) return;
  const rest = staying.length === ready.length ? "nothing is installed" : "the others are installed";
  python.host.notice(`safe-install: ${staying.length} of ${ready.length} lie there as proven: ${rest}`);
}

export function wheelsOf(ready: readonly Ready[], folder: string): readonly Wheel[] {
  return ready.map(({ name, filename }) => ({ name, file: join(folder, filename), own: false }));
}

function lockOf(ready: readonly Ready[]): string {
  return ready.map(({ name, version, sha256 }) => `${name}==${version} --hash=sha256:${sha256}\n`).join("");
}

function planWith(all: Let, built: Built): Promise<InstallPlan> {
  const replaced = all.builds.map(({ project }) => project.name);
  return planFor([...wheelsOf(all.ready, all.wheels), ...built.wheels], replaced, all);
}

async function installWheels(all: Let, locked: string, report: string): Promise<number> {
  const { python, options, ready, requested, wheels } = all;
  if (ready.length === 0) return 0;
  const own = [...closed(wheels), "--require-hashes", "--no-deps", "--report", report, "-r", locked];
  const args = ["install", ...own, ...replacing(options), ...carried(options)];
  const warn = options.warn_about_conflicts && !options.ignore_dependencies;
  const job = { args, requested, warn, offline: true };
  const env = neutralEnvironment(python.host.env);
  const { code } = await runPython(python, { source: INSTALLATION, job, bare: true, env });
  return code;
}
