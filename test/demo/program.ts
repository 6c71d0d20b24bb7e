import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

export type Environment = Readonly<Record<string, string>>;

export interface Ended {
  readonly exit: number;
  /** Both streams, as they came, without colours. */
  readonly output: string;
}

export interface Running {
  readonly cwd: string;
  readonly env: Environment;
  readonly signal: AbortSignal;
  /** Passes its output on as it comes. */
  readonly show: boolean;
}

/** An environment with a home of its own: nothing of this machine's npm configuration, caches or proxies gets in. */
export function isolated(home: string, colour: boolean): Environment {
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, ".npmrc"), "update-notifier=false\naudit=false\nfund=false\n");
  const kept = ["PATH", "Path", "PATHEXT", "SystemRoot", "ComSpec", "TEMP", "TMP", "TMPDIR", "LANG", "LC_ALL"];
  const inherited = kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
  return {
    ...(Object.fromEntries(inherited) as Record<string, string>),
    HOME: home,
    USERPROFILE: home,
    NO_PROXY: "127.0.0.1",
    // npm's own variable: an empty file instead of the machine's npmrc.
    npm_config_globalconfig: join(home, "no-global-npmrc"),
    ...(colour ? { FORCE_COLOR: "1" } : { NO_COLOR: "1" }),
  };
}

/** Runs a program without a shell to its end. 128 where a signal ended it. */
export async function runProgram(file: string, words: readonly string[], running: Running): Promise<Ended> {
  const { cwd, env, signal, show } = running;
  const child = spawn(file, words, { cwd, env, signal, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => {
      output += text;
      if (show) process.stdout.write(text);
    });
  }
  const [exit] = (await once(child, "close")) as [number | null];
  // oxlint-disable-next-line no-control-regex
  return { exit: exit ?? 128, output: output.replaceAll(/\u001B\[[0-9;]*m/g, "") };
}
