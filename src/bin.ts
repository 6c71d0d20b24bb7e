#!/usr/bin/env node
import { homedir, userInfo } from "node:os";
import { isAbsolute } from "node:path";
import process from "node:process";
import type { Screen, Runtime } from "./runtime.ts";

// Without a home of its own everything of ours, and of the installers, would lie in the project.
if (!isAbsolute(process.env["HOME"] ?? "/")) process.env["HOME"] = userInfo().homedir;

const interrupted = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => interrupted.abort(new Error(signal)));
}

const runtime: Runtime = {
  cwd: process.cwd(),
  env: process.env,
  home: homedir(),
  signal: interrupted.signal,
  stdout: screen(process.stdout),
  stderr: screen(process.stderr),
  ...(process.stdin.isTTY && process.stderr.isTTY ? { askSecret } : {}),
};

const { run } = await import("./cli.ts");
process.exitCode = await run(process.argv.slice(2), runtime);

function screen(stream: NodeJS.WriteStream): Screen {
  stream.on("error", () => {});
  return { write: (text) => void stream.write(text), isTTY: stream.isTTY, columns: stream.columns ?? 80 };
}

async function askSecret(question: string): Promise<string> {
  const { askHidden } = await import("./io/prompt.ts");
  return askHidden(question, process.stdin, process.stderr);
}
