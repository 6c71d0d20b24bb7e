import { execa } from "execa";
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { noteHints } from "./hints.ts";
import { keptProcess } from "./kept.ts";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

/** The built program. `npm run build` makes it. */
export const BIN = join(ROOT, "dist", "src", "bin.js");

const kept = keptProcess(join(ROOT, "dist", "src", "cli.js"));

export interface Outcome {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs the built program as a user would, with a home of its own: nothing of this machine's npm configuration,
 * caches or proxies takes part. A test file's runs share a process where they come one after the other (`kept.ts`).
 */
export async function safeInstall(
  args: readonly string[],
  options: {
    readonly cwd: string;
    readonly home: string;
    readonly env?: Readonly<Record<string, string>>;
    /** What it reads from its standard input; nothing unless told. */
    readonly input?: string;
  },
): Promise<Outcome> {
  if (!existsSync(BIN)) throw new Error("the program is not built: run `npm run build` first");
  const env = { ...isolated(options.home), ...options.env };
  const answer = options.input === undefined ? kept.run({ args, cwd: options.cwd, env }) : null;
  if (answer !== null) return noted(await answer);
  const { exitCode, stdout, stderr } = await execa(process.execPath, [BIN, ...args], {
    cwd: options.cwd,
    env,
    extendEnv: false,
    reject: false,
    ...(options.input === undefined ? { stdin: "ignore" } : { input: options.input }),
  });
  return noted({ exit: exitCode ?? -1, stdout, stderr });
}

function noted(outcome: Outcome): Outcome {
  noteHints(outcome);
  return outcome;
}

/** Plain npm in the same surroundings, to show what happens without us. */
export async function plainNpm(
  args: readonly string[],
  options: { readonly cwd: string; readonly home: string },
): Promise<Outcome> {
  const { exitCode, stdout, stderr } = await execa("npm", args, {
    cwd: options.cwd,
    env: isolated(options.home),
    extendEnv: false,
    reject: false,
    stdin: "ignore",
  });
  return { exit: exitCode ?? -1, stdout, stderr };
}

/** PATH is the machine's; everything else that npm or we would read from it is not. */
export function isolated(home: string): Record<string, string> {
  return {
    PATH: process.env["PATH"] ?? "",
    HOME: home,
    XDG_CACHE_HOME: join(home, ".cache"),
    npm_config_cache: join(home, ".npm"),
    npm_config_userconfig: join(home, ".npmrc"),
    npm_config_globalconfig: join(home, "npmrc"),
    npm_config_update_notifier: "false",
    npm_config_audit: "false",
    npm_config_fund: "false",
    NO_COLOR: "1",
    // No test asks a repository that it has not started.
    SAFE_INSTALL_TRUST_MIRROR: "off",
  };
}
