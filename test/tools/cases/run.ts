import { repositoryRoot } from "../../support/root.ts";
import type { Case } from "./case.ts";
import type { Gated, Run } from "./outcome.ts";
import { setStage, type Stage } from "./stage.ts";
import { COMMANDS, ENVIRONMENTS, SCRIPTS } from "./ways.ts";
import { execFileSync, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

export interface RunOptions {
  readonly cases: string;
  readonly bin: string;
  readonly limitSeconds: number;
  /** Leaves the private copy where it is. */
  readonly keep: boolean;
}

/** Runs one case in a private copy, with everything that it starts in one process group that ends with it. */
export async function runCase(one: Case, options: RunOptions): Promise<Run & { readonly root: string }> {
  const stage = setStage(one, options.cases, options.bin, ENVIRONMENTS[one.name]?.() ?? {});
  const script = scriptOf(one, options.cases);
  const started = Date.now();
  const { output, timedOut } = await start(script ?? commandsOf(one), stage, options.limitSeconds);
  const seconds = Math.round((Date.now() - started) / 1000);
  const gated = readFileSync(stage.log, "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Gated);
  const files = existsSync(stage.folder) ? readdirSync(stage.folder) : [];
  if (!options.keep) rmSync(stage.root, { recursive: true, force: true });
  return {
    root: stage.root,
    gated,
    output: script === null ? "" : output,
    alone: script === null,
    timedOut,
    seconds,
    files,
  };
}

/** The case's own script, or ours where the case has words only and must be prepared or compared; null: its commands as they are. */
function scriptOf({ name, commands: [first] }: Case, cases: string): readonly string[] | null {
  const folder = join(repositoryRoot(), "test/tools/cases/scripts");
  const ours = SCRIPTS[name];
  if (ours !== undefined) return ["bash", "-c", `. "$1"; . "$2"`, "case", join(folder, "lib.sh"), join(folder, ours)];
  if (first === "run.sh") return ["bash", join(cases, name, "run.sh")];
  if (first === "node run.mjs") return ["node", join(cases, name, "run.mjs")];
  return null;
}

function commandsOf(one: Case): readonly string[] {
  const lines = COMMANDS[one.name] ?? one.commands.map((words) => `node "$SAFE_INSTALL" ${words}`);
  return ["bash", "-c", lines.join("\n")];
}

function start(
  command: readonly string[],
  { folder, env }: Stage,
  limitSeconds: number,
): Promise<{ readonly output: string; readonly timedOut: boolean }> {
  const [program = "", ...args] = [...MOUNTS_OF_ITS_OWN, ...command];
  const child = spawn(program, args, { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
  return new Promise((resolve, reject) => {
    let output = "";
    let timedOut = false;
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (chunk: string) => (output += chunk));
    const clock = setTimeout(() => {
      timedOut = true;
      process.kill(-child.pid!, "SIGKILL");
    }, limitSeconds * 1000);
    child.once("error", reject);
    child.once("close", () => {
      clearTimeout(clock);
      resolve({ output, timedOut });
    });
  });
}

/** A case that mounts does it in a namespace of its own, which goes with its last process. */
const MOUNTS_OF_ITS_OWN: readonly string[] = canUnshare()
  ? ["unshare", "--mount", "--propagation", "private", "--"]
  : [];

function canUnshare(): boolean {
  try {
    execFileSync("unshare", ["--mount", "--propagation", "private", "--", "true"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
