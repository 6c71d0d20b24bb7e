import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beside } from "./programs.ts";

export interface Program {
  readonly file: string;
  readonly words: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Starts a program and waits for its end. @returns milliseconds @throws Error with its output where it fails */
export async function timed({ file, words, cwd, env }: Program): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "safe-install-bench-"));
  const log = openSync(join(folder, "log"), "w+");
  try {
    const start = process.hrtime.bigint();
    const child = spawn(file, words, { cwd, env, stdio: ["ignore", log, log] });
    const [exit] = (await once(child, "exit")) as [number | null];
    const ms = Number(process.hrtime.bigint() - start) / 1e6;
    if (exit !== 0) throw new Error(`${words.join(" ")}: exit ${exit}\n${readFileSync(join(folder, "log"), "utf8")}`);
    return ms;
  } finally {
    closeSync(log);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What one run took by the clock, and of the processor with all that it started. Milliseconds. */
export interface Spent {
  readonly ms: number;
  readonly cpuMs: number;
}

/** Measured by a Python around it: Node says nothing of the processes that it has started. */
export async function spent(python: string, program: Program): Promise<Spent> {
  const folder = mkdtempSync(join(tmpdir(), "safe-install-bench-"));
  const file = join(folder, "spent");
  try {
    await timed({ ...program, file: python, words: ["-I", "-S", "-c", SPENT, file, program.file, ...program.words] });
    const [ms = 0, cpuMs = 0] = readFileSync(file, "utf8").split(" ").map(Number);
    return { ms, cpuMs };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const SPENT = `import resource, subprocess, sys, time
began = time.monotonic()
code = subprocess.run(sys.argv[2:]).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
with open(sys.argv[1], "w") as file:
    file.write("%f %f" % (1000 * (time.monotonic() - began), 1000 * (used.ru_utime + used.ru_stime)))
sys.exit(code)`;

/** The peak resident set of one run, in MB (10^6 bytes), of this process alone (not of those that it starts). */
export async function peakMemory(program: Program): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "safe-install-bench-"));
  const file = join(folder, "max-rss");
  try {
    await timed({
      ...program,
      words: ["--import", beside("./max-rss.js"), ...program.words],
      env: { ...program.env, BENCH_MAX_RSS: file },
    });
    return (Number(readFileSync(file, "utf8")) * 1024) / 1e6;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One thing to measure; `before` is not measured. */
export interface Contender {
  readonly before?: () => void | Promise<void>;
  /** @returns milliseconds */
  readonly run: () => Promise<number>;
}

/** Medians of so many rounds; in each round every contender has its turn, so that a slow minute hits all alike. */
export async function sideBySide<const Name extends string>(
  rounds: number,
  contenders: Readonly<Record<Name, Contender>>,
): Promise<Readonly<Record<Name, number>>> {
  const names = Object.keys(contenders) as Name[];
  const times = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      const { before, run } = contenders[name];
      await before?.();
      times.get(name)?.push(await run());
    }
  }
  return Object.fromEntries([...times].map(([name, all]) => [name, median(all)])) as Record<Name, number>;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = Number.NaN, high = low] = sorted.length % 2 === 0 ? sorted.slice(middle - 1) : [sorted[middle]];
  return (low + high) / 2;
}
