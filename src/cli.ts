import { SafeInstallError } from "./errors.ts";
import { takeCommonWords } from "./everywhere.ts";
import { EXIT, exitOfKind } from "./exit.ts";
import { type CommandLine, parseCommandLine } from "./options.ts";
import type { Runtime } from "./runtime.ts";

/** Runs one command line. Never throws; never ends the process. @returns the exit code (`exit.ts`) */
export async function run(typed: readonly string[], given: Runtime): Promise<number> {
  const { argv, runtime: asked } = takeCommonWords(typed, given);
  const { runtime, hasAnswered } = listening(asked);
  try {
    const exit = await dispatch(parseCommandLine(argv), runtime);
    return runtime.signal.aborted ? interruptedExit(runtime.signal.reason) : exit;
  } catch (error) {
    const { describeError, errorJson } = await import("./report/error.ts");
    // What comes after a report is no second object beside it.
    if (runtime.json === true && !hasAnswered()) runtime.stdout.write(errorJson(error, runtime));
    else runtime.stderr.write(describeError(error, runtime));
    if (runtime.signal.aborted) return interruptedExit(runtime.signal.reason);
    return error instanceof SafeInstallError ? exitOfKind(error.kind) : EXIT.bug;
  }
}

/** The same, which knows whether anything was written to standard output. */
function listening(runtime: Runtime): { readonly runtime: Runtime; readonly hasAnswered: () => boolean } {
  const { stdout } = runtime;
  let isAnswered = false;
  const write = (text: string) => {
    isAnswered = true;
    stdout.write(text);
  };
  const { isTTY, columns } = stdout;
  return { runtime: { ...runtime, stdout: { write, isTTY, columns } }, hasAnswered: () => isAnswered };
}

/** Each command is loaded when it is asked for: `--version` costs next to nothing. */
async function dispatch(command: CommandLine, runtime: Runtime): Promise<number> {
  if (JUDGING.has(command.name)) {
    const { refuseOwnCopyAround } = await import("./gate/own-copy.ts");
    await refuseOwnCopyAround(runtime);
  }
  switch (command.name) {
    case "version":
      runtime.stdout.write(`${await version()}\n`);
      return EXIT.ok;
    case "help": {
      const { help } = await import("./help.ts");
      runtime.stdout.write(help(command.topic));
      return EXIT.ok;
    }
    case "alone": {
      const { alone } = await import("./commands/alone.ts");
      return alone(command, runtime);
    }
    case "install": {
      const { install } = await import("./commands/installer.ts");
      return install(command, runtime);
    }
    case "check": {
      const { check } = await import("./commands/check.ts");
      return check(command, runtime);
    }
    case "verify": {
      const { verify } = await import("./commands/verify/index.ts");
      return verify(command.args, runtime);
    }
    case "sign": {
      const { sign } = await import("./commands/sign/index.ts");
      return sign(command.args, runtime);
    }
    case "evidence": {
      const { evidence } = await import("./commands/evidence/index.ts");
      return evidence(command.args, runtime);
    }
    case "report": {
      const { report } = await import("./commands/report.ts");
      return report(command.args, runtime);
    }
    case "cache": {
      const { cache } = await import("./commands/cache.ts");
      return cache(command.args, runtime);
    }
    case "trust": {
      const { trust } = await import("./commands/trust/index.ts");
      return trust(command.args, runtime);
    }
    case "init": {
      const { init } = await import("./commands/init.ts");
      return init(command.args, runtime);
    }
    case "policy": {
      const { policy } = await import("./commands/policy/index.ts");
      return policy(command.args, runtime);
    }
    case "explain": {
      const { explain } = await import("./commands/explain.ts");
      return explain(command.args, runtime);
    }
    default:
      return command satisfies never;
  }
}

/** Those that open no project through the gate, and yet say what is in order, or write what will; or sign. */
const JUDGING: ReadonlySet<CommandLine["name"]> = new Set(["verify", "sign", "init", "policy", "explain"]);

async function version(): Promise<string> {
  const { toolVersion } = await import("./version.ts");
  return toolVersion();
}

/** 128+n, as a shell says of a program that a signal ended. */
function interruptedExit(reason: unknown): number {
  const name = reason instanceof Error ? reason.message : "";
  const numbers: Readonly<Record<string, number>> = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 };
  return 128 + (numbers[name] ?? 2);
}
