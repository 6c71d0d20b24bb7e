import type { PackageOptions } from "../support/nuget.ts";
import { csproj, dotnetEnvironment, hasDotnet, plainDotnet } from "../support/nuget/project.ts";
import { policyFor, type Scene, stage, startScene } from "../support/nuget/scene.ts";
import { PYTHON } from "../support/pypi/pythons.ts";
import { alternate, linesOf, rawSamples, type Side } from "./alternating.ts";
import { BIN_PATH, onPath } from "./programs.ts";
import type { Sizes } from "./sizes.ts";
import type { Group } from "./table.ts";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";

/** `dotnet restore` of one project, plain and gated, with a lock and without. */
export async function* dotnetRestores(folder: string, sizes: Sizes): AsyncGenerator<Group> {
  for (const locked of [true, false]) yield await restores(join(folder, String(locked)), sizes, locked);
}

async function restores(folder: string, sizes: Sizes, locked: boolean): Promise<Group> {
  const title = `dotnet restore ${locked ? "with" : "without"} a lock: ${sizes.packages} packages, all attested, ${sizes.latencyMs} ms latency`;
  if (!hasDotnet || PYTHON === null)
    return { title, lines: [], note: "no .NET SDK (or no Python to measure with) is at hand" };
  const scene = await startScene({ latencyMs: sizes.latencyMs });
  try {
    const direct = await publishAll(scene, sizes.packages);
    const sides = await Promise.all(
      (["plain", "gated"] as const).map((name) => open(folder, name, { scene, direct, locked })),
    );
    const samples = await alternate(sides, STATES, { rounds: sizes.rounds.dotnet, python: PYTHON });
    return {
      title,
      lines: STATES.flatMap((state) => linesOf(state, samples, { command: "dotnet restore", target: "<= 1.3x" })),
      note: rawSamples(samples, sizes.rounds.dotnet),
    };
  } finally {
    await scene.feed.close();
  }
}

/** With nothing anywhere; with the packages of an earlier restore; where nothing is to be done. */
const STATES = ["cold", "warm", "again"] as const;
type State = (typeof STATES)[number];

/** A third is asked for, each of these asks for two others. @returns ids that are asked for */
async function publishAll(scene: Scene, count: number): Promise<readonly string[]> {
  const direct = Math.max(1, Math.floor(count / 3));
  for (let at = 0; at < count; at++) {
    const others = at < direct ? [direct + 2 * at, direct + 2 * at + 1].filter((one) => one < count) : [];
    const dependencies = Object.fromEntries(others.map((one) => [idOf(one), "1.0.0"]));
    await scene.publish({ id: idOf(at), version: "1.0.0", dependencies, files: filesOf(idOf(at)) });
  }
  return Array.from({ length: direct }, (_, at) => idOf(at));
}

function idOf(at: number): string {
  return `Bench.P${at}`;
}

/** As a library of three frameworks: an assembly that does not compress, documentation that does. */
function filesOf(id: string): NonNullable<PackageOptions["files"]> {
  const assembly = (name: string) =>
    Buffer.concat(Array.from({ length: 640 }, (_, at) => createHash("sha512").update(`${id} ${name} ${at}`).digest()));
  const words = `<member name="M:${id}.Do(System.String)"><summary>Does what it says.</summary></member>\n`.repeat(600);
  const frameworks = ["netstandard2.0", "net8.0", "net10.0"];
  return Object.fromEntries(
    frameworks.flatMap((one) => [
      [`lib/${one}/${id}.dll`, assembly(one)] as const,
      [`lib/${one}/${id}.xml`, words] as const,
    ]),
  );
}

interface Place {
  readonly scene: Scene;
  readonly direct: readonly string[];
  readonly locked: boolean;
}

/** A project and a home; each run finds these as its state has them. */
async function open(folder: string, name: Side<State>["name"], { scene, direct, locked }: Place): Promise<Side<State>> {
  const [project, home] = [join(folder, name, "app"), join(folder, name, "home")];
  const references = Object.fromEntries(direct.map((id) => [id, "1.0.0"]));
  const properties = locked ? { RestorePackagesWithLockFile: "true" } : {};
  const all = Array.from({ length: scene.bundles.size }, (_, at) => idOf(at));
  const there = stage(scene, { project, home }, { "app.csproj": csproj(references, properties) }, policyFor(all));
  if (locked) await plainDotnet(["restore"], { cwd: project, home: join(folder, name, "other") });
  let removed = 0;
  const remove = (path: string) => {
    if (existsSync(path)) renameSync(path, join(folder, `removed-${name}-${removed++}`));
  };
  const dotnet = onPath("dotnet");
  const [file, ...words] = name === "plain" ? [dotnet] : [process.execPath, BIN_PATH, "--quiet", "dotnet"];
  return {
    name,
    prepare(state) {
      if (state !== "again") remove(join(there.project, "obj"));
      if (state === "cold") remove(home);
      mkdirSync(home, { recursive: true });
    },
    program: { file, words: [...words, "restore", "-v:q"], cwd: project, env: dotnetEnvironment(home) },
  };
}
