import { SafeInstallError } from "../../src/plugin.ts";
import type { Handoff } from "./handoff.ts";
import { ASIDE } from "./programs/aside.ts";
import { type Python, runPython } from "./python.ts";
import type { PipOptions, Words } from "./words.ts";
import { randomUUID } from "node:crypto";

/** The environment as it was before the hand-off. */
export interface Aside {
  /** Makes it so again. */
  restore(): Promise<void>;
  /** The new state is good. */
  discard(): Promise<void>;
}

/** pip installs in place: what stands there is kept first, with a journal, so that also a later run can put it back. @throws SafeInstallError */
export async function keepAside({ python, options, journal }: Handoff): Promise<Aside> {
  const token = randomUUID();
  await python.host.cache.put(keyOf(token), Buffer.from(journal));
  await act("keep", python, options, token);
  return {
    restore: () => act("restore", python, options),
    discard: () => act("forget", python, options),
  };
}

/**
 * Puts back what a run that was killed left half done. Only a journal that this user's own run wrote at this very place is
 * acted upon: one that a clone or an archive brings along is not.
 * @throws SafeInstallError CANNOT_SET_ASIDE; where another run is at work
 */
export async function restoreInterrupted(python: Python, { options, journal }: Words): Promise<void> {
  const known = journal.token === "" ? null : await python.host.cache.get(keyOf(journal.token));
  if (known?.toString("utf8") !== journal.path) throw foreign(journal.path);
  await act("restore", python, options);
  python.host.notice("safe-install: put back what an interrupted run had left half done");
}

function keyOf(token: string): string {
  return `pip-journal:${token}`;
}

function foreign(path: string): SafeInstallError {
  return new SafeInstallError("unavailable", "CANNOT_SET_ASIDE", `${path} is not a journal that a run of yours wrote`, {
    hint: "look into that folder, then remove it; or make a new virtual environment",
  });
}

async function act(
  action: "keep" | "restore" | "forget",
  python: Python,
  options: PipOptions,
  token = "",
): Promise<void> {
  const { target_dir: target, prefix_path: prefix, root_path: root, use_user_site: user } = options;
  const job = { action, target, prefix, root, user: user === true, pid: process.pid, token };
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
