import { BIN, isolated } from "./cli.ts";
import { type ChildProcess, spawn } from "node:child_process";
import { type AddressInfo, createServer } from "node:net";
import { onTestFinished } from "vitest";

/** A run of the built program that is to be interrupted: it leads a process group of its own. */
export interface Started {
  readonly child: ChildProcess;
  /** Its exit code; null: a signal ended it. */
  readonly ended: Promise<number | null>;
  /** What it has said on standard error so far: the last of it may come after its end. */
  readonly said: () => string;
  /** To it and all that it has started. */
  readonly signal: (signal: NodeJS.Signals) => void;
}

export function start(
  args: readonly string[],
  { cwd, home, env = {} }: { readonly cwd: string; readonly home: string; readonly env?: NodeJS.ProcessEnv },
): Started {
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd,
    env: { ...isolated(home), ...env },
    stdio: ["ignore", "ignore", "pipe"],
    detached: true,
  });
  let said = "";
  child.stderr?.on("data", (bytes: Buffer) => void (said += bytes.toString("utf8")));
  const ended = new Promise<number | null>((resolve) => void child.once("exit", resolve));
  return { child, ended, said: () => said, signal: (signal) => void process.kill(-(child.pid ?? Number.NaN), signal) };
}

/** An install script that says when it has begun, and does not end by itself. */
export async function waitingScript(): Promise<{
  readonly script: string;
  /** @throws where the run ends before */
  readonly begun: (run: Started) => Promise<void>;
}> {
  const server = createServer();
  const called = new Promise<void>((resolve) => void server.once("connection", () => resolve()));
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return {
    script: `node -e "require('net').connect(${port}, '127.0.0.1').on('error', () => process.exit(1))"`,
    begun: ({ ended }) =>
      Promise.race([called, ended.then((code) => Promise.reject(new Error(`ended with ${code} too early`)))]),
  };
}
