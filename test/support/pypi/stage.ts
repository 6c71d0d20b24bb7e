import { layRepository } from "../repository.ts";
import { isolated, type Outcome, safeInstall } from "../cli.ts";
import { temporaryFolder } from "../folder.ts";
import type { Instance } from "../sigstore.ts";
import { policyFor } from "./signed.ts";
import {
  hasPip,
  makeEnvironment,
  NEWEST_PIP,
  PIPS,
  type TestPip,
  untouchedEnvironment,
  type VirtualEnvironment,
} from "./pythons.ts";
import { execa } from "execa";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

if (!hasPip) {
  console.warn("No Python 3.10 or later with a pip was found: tests that run real pip are skipped.");
} else if (PIPS.length === 1) {
  console.warn(
    "One pip is at hand: what its versions tell apart is not tested. SAFE_INSTALL_WHEELS may name a folder.",
  );
}

/** A project with a policy, a virtual environment beside it, and a home of its own. */
export interface Stage {
  readonly project: string;
  readonly home: string;
  readonly environment: VirtualEnvironment;
  readonly write: (path: string, content: unknown) => void;
  /** `safe-install pip ...` with this environment's pip, by path. */
  readonly pip: (...args: readonly string[]) => Promise<Outcome>;
  readonly run: (args: readonly string[], env?: Readonly<Record<string, string>>) => Promise<Outcome>;
  /** The same pip without us. */
  readonly plain: (...args: readonly string[]) => Promise<Outcome>;
}

export interface StageOptions {
  readonly instance: Instance;
  readonly policy?: unknown;
  readonly pinned?: readonly string[];
  readonly pip?: TestPip;
  readonly env?: Readonly<Record<string, string>>;
  /** The environment is one that all such stages share: nothing is installed into it, or expected to be. */
  readonly untouched?: boolean;
  /** Where all of it lies, for several tests; absent: it goes with the test. */
  readonly below?: string;
}

export function setStage({
  instance,
  policy,
  pinned = [],
  pip,
  env = {},
  untouched = false,
  below,
}: StageOptions): Stage {
  const place = (name: string) => join(below ?? temporaryFolder(), name);
  const home = place("home");
  mkdirSync(home);
  const project = place("project");
  const chosen = pip ?? NEWEST_PIP ?? neverHere();
  const environment = untouched ? untouchedEnvironment(chosen) : makeEnvironment(place("venv"), chosen);
  layRepository(project);
  write(".signing-policy.json", policy ?? policyFor(pinned));
  write("trust/root.json", instance.trustedRoot);
  const surroundings = { PIP_DISABLE_PIP_VERSION_CHECK: "1", PIP_RETRIES: "0", ...env };
  return {
    project,
    home,
    environment,
    write,
    pip: (...args) => run([environment.pip, ...args]),
    run,
    plain: async (...args) => {
      const options = {
        cwd: project,
        env: { ...isolated(home), ...surroundings },
        extendEnv: false,
        reject: false,
      } as const;
      const { exitCode, stdout, stderr } = await execa(environment.pip, [...args], { ...options, stdin: "ignore" });
      return { exit: exitCode ?? -1, stdout, stderr };
    },
  };

  function run(args: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<Outcome> {
    return safeInstall(args, { cwd: project, home, env: { ...surroundings, ...more } });
  }

  function write(path: string, content: unknown): void {
    const file = join(project, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === "string" ? content : `${JSON.stringify(content, null, 2)}\n`);
  }
}

function neverHere(): never {
  throw new Error("no pip is at hand");
}
