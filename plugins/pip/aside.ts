import { SafeInstallError } from "../../src/plugin.ts";
import { ASIDE } from "./programs/aside.ts";
import { type Python, runPython } from "./python.ts";
import type { PipOptions } from "./words.ts";

/** The environment as it was before the hand-off. */
export interface Aside {
  /** Makes it so again. */
  restore(): Promise<void>;
  /** The new state is good. */
  discard(): Promise<void>;
}

/** pip installs in place: what stands there is kept first, with a journal, so that also a later run can put it back. @throws SafeInstallError */
export async function keepAside(python: Python, options: PipOptions): Promise<Aside> {
  await act("keep", python, options);
  return {
    restore: () => act("restore", python, options),
    discard: () => act("forget", python, options),
  };
}

/** Puts back what a run that was killed left half done. @throws SafeInstallError where another run is at work */
export async function restoreInterrupted(python: Python, options: PipOptions): Promise<void> {
  await act("restore", python, options);
  python.host.notice("safe-install: put back what an interrupted run had left half done");
}

async function act(action: "keep" | "restore" | "forget", python: Python, options: PipOptions): Promise<void> {
  const { target_dir: target, prefix_path: prefix, root_path: root, use_user_site: user } = options;
  const job = { action, target, prefix, root, user: user === true, pid: process.pid };
  const { code, answer } = await runPython(python, { source: ASIDE, job, bare: true, toTheEnd: true });
  const problem = answer === null ? `it ended with code ${code}` : answer["problem"];
  if (problem === null) return;
  const what = action === "keep" ? "kept aside" : action === "restore" ? "put back" : "cleaned up";
  throw new SafeInstallError(
    "unavailable",
    "CANNOT_SET_ASIDE",
    `the environment cannot be ${what}: ${typeof problem === "string" ? problem : "no answer"}`,
    {
      hint: "make a new virtual environment, one that you may write to",
    },
  );
}
