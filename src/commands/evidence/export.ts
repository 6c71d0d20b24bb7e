import { SafeInstallError } from "../../errors.ts";
import type { Index } from "../../exported/index.ts";
import { recording } from "../../exported/recording.ts";
import { createSpool } from "../../exported/spool.ts";
import { type ExportPlace, writePack } from "../../exported/write.ts";
import { heldTrust } from "../../exported/trust.ts";
import type { Report } from "../../model/report.ts";
import { type Options, parseCommandLine } from "../../options.ts";
import { answer } from "../../report/answer.ts";
import { toJson } from "../../report/json.ts";
import { writeReports } from "../../report/index.ts";
import type { Runtime } from "../../runtime.ts";
import { toolVersion } from "../../version.ts";
import { misused } from "../../words.ts";
import { judgeLocks, sayPassedOver, type Watch } from "../locks.ts";
import { withHost } from "../with-host.ts";
import { readdir } from "node:fs/promises";
import { resolve } from "node:path";

/**
 * `safe-install evidence export DIR`, with the words of `check`: judges, and writes down all that the judgement stood on,
 * whatever it was. @returns its exit code
 */
export async function exportEvidence(args: readonly string[], runtime: Runtime): Promise<number> {
  const { to, words } = placeIn(args);
  const command = parseCommandLine(["check", ...words]);
  if (command.name !== "check" || command.again !== null || command.staged || command.changedSince !== null)
    throw misused("an export is of whole locks, judged now", "evidence");
  await requireNew(to, runtime.cwd);
  return withHost(command.options, runtime, async (host) => {
    const spool = createSpool(await host.temporary("export"));
    const recorder = recording(host, spool);
    const watch: Watch = (part, { repositoryRoot }) => recorder.watch(part, repositoryRoot);
    const judged = await judgeLocks(command, runtime, recorder.host, watch);
    const { report } = judged;
    const places = { policy: command.options.policy, cwd: runtime.cwd, lockfiles: command.lockfiles };
    const trust = await heldTrust(places, recorder.host);
    const index: Index = {
      version: 1,
      tool: `safe-install ${await toolVersion()}`,
      exported: host.now().toISOString(),
      policies: policiesOf(report),
      ...recorder.recorded(),
      trust: trust === null ? null : spool.put(Buffer.from(trust)),
    };
    const written = await writePack(index, spool.contentOf, to, runtime.cwd);
    const where = "folder" in to ? to.folder : to.archive;
    await say(report, { evidence: where, ...written }, command.options, runtime);
    host.notice(`safe-install: evidence in ${where}: ${written.digest}`);
    return sayPassedOver(judged, runtime, host);
  });
}

/** As `check` says it; with `--json` the report is a member of the one object. */
async function say(report: Report, members: object, options: Options, runtime: Runtime): Promise<void> {
  if (runtime.json !== true) return writeReports(report, options, runtime.stdout, runtime);
  const reports = options.reports.filter(({ file }) => file !== null);
  await writeReports(report, { ...options, reports }, { write: () => {}, isTTY: false, columns: 80 }, runtime);
  const version = await toolVersion();
  const json = () => ({ ...members, report: toJson(report, { version, now: new Date() }) });
  answer("evidence export", report.exit, { text: () => "", json }, runtime);
}

function placeIn([first, ...rest]: readonly string[]): { readonly to: ExportPlace; readonly words: readonly string[] } {
  const [, glued] = /^--archive=(.+)$/.exec(first ?? "") ?? [];
  if (glued !== undefined) return { to: { archive: glued }, words: rest };
  if (first === "--archive" && rest[0] !== undefined) return { to: { archive: rest[0] }, words: rest.slice(1) };
  if (first === undefined || first.startsWith("-"))
    throw misused(
      "expected: evidence export DIR, or evidence export --archive FILE, then the words of check",
      "evidence",
    );
  return { to: { folder: first }, words: rest };
}

/** What lies there already would look like a part of it. */
async function requireNew(to: ExportPlace, cwd: string): Promise<void> {
  if (!("folder" in to)) return;
  const names = await readdir(resolve(cwd, to.folder)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw misused(`${to.folder} is no folder`, "evidence");
  });
  if (names.length === 0) return;
  throw new SafeInstallError("usage", "USAGE", `${to.folder} is not empty`, {
    hint: "name a folder that is not there yet",
  });
}

function policiesOf({ projects }: Report): Index["policies"] {
  const all = projects.flatMap(({ policies }) => policies);
  return [...new Map(all.map((one) => [`${one.name} ${one.digest}`, { ...one }])).values()];
}
