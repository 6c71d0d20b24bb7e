import { isolated } from "../support/cli.ts";
import { type Index, makeWheel, startIndex } from "../support/pypi.ts";
import { makeEnvironment, NEWEST_PIP, PYTHON, type VirtualEnvironment } from "../support/pypi/pythons.ts";
import { policyFor, publishSigned } from "../support/pypi/signed.ts";
import { layRepository } from "../support/repository.ts";
import { createInstance, type Instance } from "../support/sigstore.ts";
import { BIN_PATH } from "./programs.ts";
import type { Sizes } from "./sizes.ts";
import { alternate, linesOf, rawSamples, type Side } from "./alternating.ts";
import type { Group } from "./table.ts";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** `pip install -r requirements.txt`, plain and gated: with nothing anywhere, with warm caches, and where all of it is installed. */
export async function pipInstalls(folder: string, sizes: Sizes): Promise<Group> {
  const title = `pip install: ${sizes.wheels} wheels, all attested, ${sizes.latencyMs} ms latency`;
  if (PYTHON === null || NEWEST_PIP === null) return { title, lines: [], note: "no pip is at hand" };
  const index = await startIndex({ latencyMs: sizes.latencyMs });
  try {
    const instance = await createInstance();
    const names = await publishAll(index, instance, sizes.wheels);
    const sides = [
      open(folder, "plain", names, index, instance),
      open(folder, "gated", names, index, instance),
    ] as const;
    const samples = await alternate(sides, STATES, { rounds: sizes.rounds.pip, python: PYTHON });
    return {
      title,
      lines: STATES.flatMap((state) => linesOf(state, samples, { command: "pip install", target: GOALS[state] })),
      note: `pip ${NEWEST_PIP.version}; ${rawSamples(samples, sizes.rounds.pip)}`,
    };
  } finally {
    await index.close();
  }
}

const STATES = ["cold", "warm", "again"] as const;
type State = (typeof STATES)[number];

const GOALS: Readonly<Record<State, string>> = { cold: "<= 1.3x", warm: "<= 1.3x", again: "<= 2x" };

async function publishAll(index: Index, instance: Instance, count: number): Promise<readonly string[]> {
  const names = Array.from({ length: count }, (_, at) => `bench${at}`);
  for (const name of names) {
    const files = Object.fromEntries(
      Array.from({ length: 20 }, (_, at) => [`${name}/part_${at}.py`, `def f(x):\n    return x + ${at}\n`.repeat(40)]),
    );
    await publishSigned(index, instance, makeWheel({ name, version: "1.0.0", files }));
  }
  return names;
}

/** A project, a home and an environment; each run finds these as its state has them. */
function open(
  folder: string,
  name: Side<State>["name"],
  names: readonly string[],
  index: Index,
  instance: Instance,
): Side<State> {
  if (NEWEST_PIP === null) throw new Error("no pip is at hand");
  const [project, home] = [join(folder, `${name}-project`), join(folder, `${name}-home`)];
  layRepository(project);
  mkdirSync(join(project, "trust"));
  writeFileSync(join(project, "trust/root.json"), JSON.stringify(instance.trustedRoot));
  writeFileSync(join(project, ".signing-policy.json"), JSON.stringify(policyFor(names)));
  writeFileSync(join(project, "requirements.txt"), names.map((one) => `${one}==1.0.0\n`).join(""));
  const place = join(folder, `${name}-venv`);
  const environment: VirtualEnvironment = makeEnvironment(place, NEWEST_PIP);
  execFileSync(environment.python, ["-I", "-S", "-m", "compileall", "-q", environment.sitePackages]);
  const pristine = join(folder, `${name}-pristine`);
  execFileSync("cp", ["-a", place, pristine]);
  let removed = 0;
  const remove = (path: string) => {
    if (existsSync(path)) renameSync(path, join(folder, `removed-${name}-${removed++}`));
  };
  const words = ["install", "-q", "-i", index.url, "-r", "requirements.txt"];
  const env = { ...isolated(home), PIP_DISABLE_PIP_VERSION_CHECK: "1" };
  const [file = "", ...rest] =
    name === "plain" ? [environment.pip] : [process.execPath, BIN_PATH, "--quiet", environment.pip];
  return {
    name,
    prepare(state) {
      if (state !== "again") {
        remove(place);
        execFileSync("cp", ["-a", pristine, place]);
      }
      if (state === "cold") remove(home);
      mkdirSync(home, { recursive: true });
    },
    program: { file, words: [...rest, ...words], cwd: project, env },
  };
}
