#!/usr/bin/env node
import { homedir } from "node:os";
import module from "node:module";
import process from "node:process";
import type { Screen, World } from "./runtime.ts";

// Saves a fifth of the start-up where Node has it (22.1 and later).
(module as { enableCompileCache?: () => unknown }).enableCompileCache?.();

const interrupted = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => interrupted.abort(new Error(signal)));
}

const world: World = {
  cwd: process.cwd(),
  env: process.env,
  home: homedir(),
  signal: interrupted.signal,
  stdout: screen(process.stdout),
  stderr: screen(process.stderr),
};

const { run } = await import("./cli.ts");
process.exitCode = await run(process.argv.slice(2), world);

function screen(stream: NodeJS.WriteStream): Screen {
  stream.on("error", () => {});
  return { write: (text) => void stream.write(text), isTTY: stream.isTTY, columns: stream.columns ?? 80 };
}
