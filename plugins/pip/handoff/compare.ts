import { type Denial, type Digest, LIMITS, normalName, SafeInstallError } from "../../../src/plugin.ts";
import type { ExpectedFile } from "./plan.ts";
import { rivalsOf } from "./rivals.ts";
import { readInstalled, statedBy } from "../report.ts";
import { createHash } from "node:crypto";
import { createReadStream, lstatSync, readFileSync, realpath } from "node:fs";
import { dirname } from "node:path";
import { promisify } from "node:util";
import pMap from "p-map";

/** A wheel that may be installed. */
export interface Ready {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
  readonly filename: string;
}

/** What pip says that it installed is what was proven. @throws SafeInstallError INSTALLED_MISMATCH naming what differs */
export async function assertReported(report: string, ready: readonly Ready[]): Promise<void> {
  const installed = (await readInstalled(report)).map((item) => {
    const { name, version } = item.metadata;
    return spell(normalName("pypi", name), version, sha256Of(statedBy(item)));
  });
  const proven = ready.map(({ name, version, sha256 }) => spell(name, version, sha256));
  const differences = [
    ...proven.filter((one) => !installed.includes(one)).map((one) => `${one} is missing`),
    ...installed.filter((one) => !proven.includes(one)).map((one) => `${one} was not proven`),
  ];
  refuse(differences);
}

/**
 * pip writes its report before it unpacks: what lies on disk is compared too, file by file, with what the plan said before
 * anything changed. Nothing of the environment is started for it.
 * @param shared several interpreters may use it (a target)
 * @throws SafeInstallError INSTALLED_MISMATCH
 */
export async function assertOnDisk(expected: readonly ExpectedFile[], shared = false): Promise<void> {
  const real = new Map<string, Promise<string>>();
  const lies = await pMap(expected, (one) => isThere(one, real), { concurrency: LIMITS.concurrency });
  refuse(expected.filter((_, index) => lies[index] !== true).map(({ name, file }) => `${name}: ${file}`));
  refuseRivals(await rivalsOf(expected, shared));
}

/**
 * What the plan has just read in place, where nothing ran since: only what would be taken in its place is looked for.
 * @throws SafeInstallError INSTALLED_MISMATCH
 */
export async function assertNoRivals(expected: readonly ExpectedFile[]): Promise<void> {
  refuseRivals(await rivalsOf(expected));
}

/** pip leaves alone what is not of the packages that it replaces, and Python looks there first. */
function refuseRivals(paths: readonly string[]): void {
  if (paths.length === 0) return;
  throw new SafeInstallError(
    "unbound",
    "INSTALLED_MISMATCH" satisfies Denial["code"],
    `Python would take what nobody proved in the place of a proven module: ${paths.slice(0, 5).join(", ")}`,
    { hint: "no wheel of this run brings it: look where it comes from, remove it, or make a new virtual environment" },
  );
}

/** Itself, not behind a link. `real`: where folders lead that were asked about before. */
async function isThere({ path, sha256 }: ExpectedFile, real: Map<string, Promise<string>>): Promise<boolean> {
  const folder = dirname(path);
  const leads = real.get(folder) ?? resolved(folder);
  real.set(folder, leads);
  try {
    if ((await leads) !== folder) return false;
    const stats = lstatSync(path);
    return stats.isFile() && sha256.includes(stats.size > SMALL ? await hashOf(path) : hashNow(path));
  } catch {
    return false; // not there, or not to be read
  }
}

/** Bytes. On this thread: to ask another one costs more than to read so little. */
const SMALL = 1_000_000;

function hashNow(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

/** Not the native one: it spells names as a file system that ignores case has them. */
const resolved = promisify(realpath);

async function hashOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

function refuse(differences: readonly string[]): void {
  if (differences.length === 0) return;
  throw new SafeInstallError(
    "unbound",
    "INSTALLED_MISMATCH" satisfies Denial["code"],
    `pip installed something else than what was proven: ${differences.slice(0, 5).join("; ")}`,
    { hint: "nothing of it is kept; look for what else writes into this environment" },
  );
}

function sha256Of(digests: readonly Digest[]): string {
  return digests.find(({ algorithm }) => algorithm === "sha256")?.hex ?? "none";
}

function spell(name: string, version: string, sha256: string): string {
  return `${name}==${version} sha256:${sha256}`;
}
