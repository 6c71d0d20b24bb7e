import { BIN, isolated, type Outcome } from "./cli.ts";
import { execa } from "execa";
import { execFileSync } from "node:child_process";

/** What gives a process a network of its own, without anything in it; null: nothing here may. */
export const NAMESPACE: readonly string[] | null = found();

function found(): readonly string[] | null {
  for (const flags of ["-n", "-rn"]) {
    try {
      execFileSync("unshare", [flags, "true"], { stdio: "ignore" });
      return ["unshare", flags];
    } catch {
      // Not this way.
    }
  }
  return null;
}

/** The built program where there is no network at all: no loopback either, which is down in a new one. */
export async function withoutNetwork(args: readonly string[], cwd: string, home: string): Promise<Outcome> {
  const [unshare = "", ...flags] = NAMESPACE ?? [];
  // Its interfaces are looked at in it: the one that each has, and no other.
  const alone = 'test "$(tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d " ")" = lo || exit 99; exec "$@"';
  const words = [...flags, "sh", "-c", alone, "sh", process.execPath, BIN, ...args];
  const { exitCode, stdout, stderr } = await execa(unshare, words, {
    cwd,
    env: isolated(home),
    extendEnv: false,
    reject: false,
    stdin: "ignore",
  });
  return { exit: exitCode ?? -1, stdout, stderr };
}
