import { type Denial, type Digest, normalName, SafeInstallError } from "../../src/plugin.ts";
import { COMPARISON } from "./programs/installed.ts";
import { type Python, runPython } from "./python.ts";
import { readInstalled, statedBy } from "./report.ts";
import type { PipOptions } from "./words.ts";
import { join } from "node:path";

/** A wheel that may be installed. */
export interface Ready {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
  readonly filename: string;
}

/** Where wheels go, and which. */
export interface WheelInstall {
  readonly python: Python;
  readonly options: PipOptions;
  /** What is proven, and the private folder that holds it and nothing else. */
  readonly ready: readonly Ready[];
  readonly wheels: string;
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

/** pip writes its report before it unpacks: what lies on disk is compared too, file by file. @throws SafeInstallError */
export async function assertOnDisk({ python, options, ready, wheels }: WheelInstall): Promise<void> {
  const { target_dir: target, prefix_path: prefix, root_path: root, use_user_site: user } = options;
  const files = ready.map(({ name, filename }) => ({ name, file: join(wheels, filename) }));
  const job = { target, prefix, root, user: user === true, wheels: files };
  const { answer } = await runPython(python, { source: COMPARISON, job, bare: true });
  refuse((answer?.["differences"] as readonly string[] | undefined) ?? ["what lies on disk could not be read"]);
}

function refuse(differences: readonly string[]): void {
  if (differences.length === 0) return;
  throw new SafeInstallError(
    "unbound",
    "INSTALLED_MISMATCH" satisfies Denial["code"],
    `pip installed something else than what was proven: ${differences.slice(0, 5).join("; ")}`,
    { hint: "the environment is back as it was" },
  );
}

function sha256Of(digests: readonly Digest[]): string {
  return digests.find(({ algorithm }) => algorithm === "sha256")?.hex ?? "none";
}

function spell(name: string, version: string, sha256: string): string {
  return `${name}==${version} sha256:${sha256}`;
}
