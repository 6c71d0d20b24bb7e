import { isolated } from "../support/cli.ts";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
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

/** An environment with a home of its own, and with colours where they are wanted. */
export function surroundings(home: string, colour: boolean): Environment {
  mkdirSync(home, { recursive: true });
  const { NO_COLOR = "1", ...rest } = isolated(home);
  return colour ? { ...rest, FORCE_COLOR: "1" } : { ...rest, NO_COLOR };
}

/** Runs a program without a shell to its end; an interruption is passed on and its end waited for. @throws where interrupted */
export async function runProgram(file: string, words: readonly string[], running: Running): Promise<Ended> {
  const { cwd, env, signal, show } = running;
  const child = spawn(file, words, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const stop = () => child.kill("SIGTERM");
  signal.addEventListener("abort", stop);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => {
      output += text;
      if (show) process.stdout.write(text);
    });
  }
  const [exit] = (await once(child, "close")) as [number | null];
  signal.removeEventListener("abort", stop);
  signal.throwIfAborted();
  // oxlint-disable-next-line no-control-regex
  return { exit: exit ?? 128, output: output.replaceAll(/\u001B\[[0-9;]*m/g, "") };
}
