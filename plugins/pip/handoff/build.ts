import type { FirstParty } from "../resolve/first-party.ts";
import { carried, closed } from "./words.ts";
import type { Wheel } from "./plan.ts";
import { PROJECTS } from "../python/programs.ts";
import { neutralEnvironment, type Python, runPython } from "../python/run.ts";
import type { PipOptions } from "../words.ts";
import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";

/** A first-party project, with the private folder of its proven build requirements. */
export interface Build {
  readonly project: FirstParty;
  readonly wheels: string;
}

/** What came of building. */
export interface Built {
  /** pip's own exit code. */
  readonly code: number;
  /** One a project; none of a project that pip does not build a wheel of (an editable one of an old backend). */
  readonly wheels: readonly Wheel[];
}

interface Means {
  readonly python: Python;
  readonly options: PipOptions;
  readonly builds: readonly Build[];
}

/** The project's code runs now, with proven build requirements and without any index; nothing is installed. */
export async function buildProjects({ python, options, builds }: Means): Promise<Built> {
  const built: Wheel[] = [];
  for (const build of builds) {
    const to = await mkdtemp(join(python.folder, "built-"));
    const args = ["install", "--ignore-installed", ...wordsOf(build, elsewhere(options, join(to, "target")))];
    const { code, answer } = await run({ args, to }, python);
    if (code !== 0) return { code, wheels: [] };
    const kept = (answer?.["built"] ?? []) as readonly Omit<Wheel, "own">[];
    built.push(...kept.map((one) => ({ ...one, own: true })));
  }
  return { code: 0, wheels: built };
}

/** Each with the wheel that was built of it. @returns pip's exit code, of the first that fails */
export async function installProjects({ python, options, builds }: Means, { wheels }: Built): Promise<number> {
  const built = Object.fromEntries(wheels.map(({ name, file }) => [name, file]));
  for (const build of builds) {
    const args = ["install", ...wordsOf(build, options)];
    const { code } = await run({ args, built }, python);
    if (code !== 0) return code;
  }
  return 0;
}

function run(words: Readonly<Record<string, unknown>>, python: Python) {
  const env = neutralEnvironment(python.host.env);
  const job = { ...words, offline: false, children: true };
  return runPython(python, { source: PROJECTS, job, bare: true, apart: true, env });
}

/** Nothing goes there; pip only asks who manages an environment where no place of its own is named. */
export function elsewhere(options: PipOptions, folder: string): PipOptions {
  const { target_dir: target, prefix_path: prefix, root_path: root } = options;
  if (target === null && prefix === null && root === null) return options;
  return { ...options, target_dir: folder, prefix_path: null, root_path: null, use_user_site: null };
}

export function wordsOf({ project, wheels }: Build, options: PipOptions): readonly string[] {
  const extras = project.extras.length > 0 ? `[${project.extras.join(",")}]` : "";
  const what = [...(project.editable ? ["-e"] : []), `${project.folder}${extras}`];
  return [...closed(wheels), "--no-deps", ...carried(options), ...what];
}
