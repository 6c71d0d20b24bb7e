import { isolated, type Outcome } from "./cli.ts";
import { execa } from "execa";
import { readFileSync } from "node:fs";
import { join } from "node:path";

interface Peak extends Outcome {
  /** The most memory that the process had at once (`ru_maxrss`); of what it started, nothing. */
  readonly peakBytes: number;
}

/**
 * Runs Node with these arguments and measures it. A process begins with its parent's peak, and a test's is large: a shell
 * starts it, and says its exit code so that it forks for it.
 */
export async function peakOf(
  args: readonly string[],
  { cwd, home }: { readonly cwd: string; readonly home: string },
): Promise<Peak> {
  const file = join(home, "peak");
  const node = [process.execPath, "--import", `data:text/javascript,${encodeURIComponent(measure(file))}`, ...args];
  const { exitCode, stdout, stderr } = await execa("/bin/sh", ["-c", '"$@"; exit $?', "sh", ...node], {
    cwd,
    env: isolated(home),
    extendEnv: false,
    reject: false,
    stdin: "ignore",
  });
  return { exit: exitCode ?? -1, stdout, stderr, peakBytes: Number(readFileSync(file, "utf8")) * 1024 };
}

function measure(file: string): string {
  return [
    'import { writeFileSync } from "node:fs";',
    `process.on("exit", () => writeFileSync(${JSON.stringify(file)}, String(process.resourceUsage().maxRSS)));`,
  ].join("\n");
}

/** What hostile data may cost before the verdict. */
export const MOST_BYTES = 512 * 1024 * 1024;
