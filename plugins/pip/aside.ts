import { type Host, parseJson, SafeInstallError } from "../../src/plugin.ts";
import type { WheelInstall } from "./installed.ts";
import { ASIDE } from "./programs/aside.ts";
import { type Python, runPython } from "./python.ts";
import type { PipOptions, Words } from "./words.ts";
import { randomUUID } from "node:crypto";
import { join } from "node:path";

/** The environment as it was before the hand-off. */
export interface Aside {
  /** Makes it so again. */
  restore(): Promise<void>;
  /** The new state is good. */
  discard(): Promise<void>;
}

/** pip installs in place: what stands there is kept first, with a journal, so that also a later run can put it back. @throws SafeInstallError */
export async function keepAside(install: WheelInstall, journal: string): Promise<Aside> {
  const { python, options, ready, wheels } = install;
  const token = randomUUID();
  const { cache } = python.host;
  await cache.put(keyOf(token), Buffer.from(journal));
  const files = ready.map(({ name, filename }) => ({ name, file: join(wheels, filename) }));
  const { places, base } = await act("keep", python, { ...whereTo(options), token, wheels: files });
  await cache.put(lastOf(python), Buffer.from(JSON.stringify({ journal, token, places, base })));
  const again = { ...python, file: String(base) };
  return {
    restore: async () => void (await act("restore", again, { places })),
    discard: async () => void (await act("forget", again, { places })),
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
  await act("restore", python, whereTo(options));
  tell(python.host);
}

/**
 * The same where pip or the environment's interpreter is what was left half done, and cannot say where to: by the
 * interpreter that the environment was made with. @returns whether there was such a run
 */
export async function restoreWithoutPip(python: Python): Promise<boolean> {
  const { host } = python;
  const last = await host.cache.get(lastOf(python));
  if (last === null) return false;
  const { journal, token, places, base } = parseJson(last.toString("utf8")) as Readonly<Record<string, unknown>>;
  const written = await host.read(join(String(journal), "journal.json"), { maxBytes: JOURNAL_BYTES });
  if (written === null || (parseJson(written.toString("utf8")) as { token?: unknown }).token !== token) return false;
  await act("restore", { ...python, file: String(base) }, { places });
  tell(host);
  return true;
}

/** A line for every file that wheels put elsewhere. */
const JOURNAL_BYTES = 50_000_000;

function keyOf(token: string): string {
  return `pip-journal:${token}`;
}

/** The last hand-off of this interpreter. */
function lastOf({ file }: Python): string {
  return `pip-last-journal:${file}`;
}

function tell(host: Host): void {
  host.notice("safe-install: put back what an interrupted run had left half done");
}

function foreign(path: string): SafeInstallError {
  return new SafeInstallError("unavailable", "CANNOT_SET_ASIDE", `${path} is not a journal that a run of yours wrote`, {
    hint: "look into that folder, then remove it; or make a new virtual environment",
  });
}

function whereTo({ target_dir: target, prefix_path: prefix, root_path: root, use_user_site: user }: PipOptions) {
  return { target, prefix, root, user: user === true, places: null };
}

async function act(
  action: "keep" | "restore" | "forget",
  python: Python,
  what: Readonly<Record<string, unknown>>,
): Promise<Readonly<Record<string, unknown>>> {
  const job = { action, pid: process.pid, ...what };
  const { code, answer } = await runPython(python, { source: ASIDE, job, bare: true, toTheEnd: true });
  const problem = answer === null ? `it ended with code ${code}` : answer["problem"];
  if (answer !== null && problem === null) return answer;
  const said = action === "keep" ? "kept aside" : action === "restore" ? "put back" : "cleaned up";
  throw new SafeInstallError(
    "unavailable",
    "CANNOT_SET_ASIDE",
    `the environment cannot be ${said}: ${typeof problem === "string" ? problem : "no answer"}`,
    { hint: "make a new virtual environment, one that you may write to" },
  );
}
