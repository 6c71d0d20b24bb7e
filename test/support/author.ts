/** What `init`, `policy` and `explain` do, in this process. */
import { findFoundation, type Foundation } from "../../src/author/foundation.ts";
import { type Survey, survey } from "../../src/author/survey.ts";
import { run } from "../../src/cli.ts";
import { silent } from "../../src/gate/progress.ts";
import type { Screen, Runtime } from "../../src/runtime.ts";
import { isolated } from "./cli.ts";
import { noteHints } from "./hints.ts";
import { testHost } from "./npm-session.ts";
import type { Options } from "../../src/options.ts";

export const NO_OPTIONS: Options = {
  policy: null,
  policyFrom: null,
  offline: false,
  mode: null,
  reports: [],
  log: null,
  quiet: true,
};

export interface Ran {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** One command line, without a process of its own. */
export async function runAt(cwd: string, home: string, args: readonly string[]): Promise<Ran> {
  const [stdout, stderr] = [screen(), screen()];
  const exit = await run(args, runtimeAt(cwd, home, stdout, stderr));
  const said = { stdout: stdout.text(), stderr: stderr.text() };
  noteHints(said);
  return { exit, ...said };
}

/** The policy of a project, and all the facts about its lock. */
export async function surveyAt(cwd: string, home: string): Promise<{ foundation: Foundation; found: Survey }> {
  const runtime = runtimeAt(cwd, home, screen(), screen());
  const foundation = await findFoundation({ options: NO_OPTIONS, trustedRoots: [] }, runtime);
  const host = testHost({ home, env: { npm_config_fetch_retries: "0" } });
  return { foundation, found: await survey([], foundation, { runtime, host, progress: silent }) };
}

function runtimeAt(cwd: string, home: string, stdout: Screen, stderr: Screen): Runtime {
  const env = { ...isolated(home), npm_config_fetch_retries: "0" };
  return { cwd, env, home, signal: new AbortController().signal, stdout, stderr };
}

function screen(): Screen & { text(): string } {
  let all = "";
  return { write: (text) => void (all += text), isTTY: false, columns: 120, text: () => all };
}
