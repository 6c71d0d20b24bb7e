import { type Denial, LIMITS, normalName, SafeInstallError, type Unbound } from "../../../src/plugin.ts";
import { packageRef, parseDistribution } from "../distribution.ts";
import { takeKept } from "../bytes/kept.ts";
import { RESOLUTION } from "../python/programs.ts";
import { notUnderstood, type Python, runPython } from "../python/run.ts";
import { byUrl, type Chosen, type FetchedFile, readChosen, unique, withoutSecrets } from "../report.ts";
import { type IndexPage, readPage } from "../simple.ts";
import { type HashMismatch, mismatched } from "./hashes.ts";
import type { Said } from "./said.ts";
import { mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** What pip chose, or why it could not. */
export interface PipResolution {
  readonly chosen: readonly Chosen[];
  readonly unbound: readonly Unbound[];
  readonly pages: readonly IndexPage[];
  /** Installed, fitting, and not named: they stay as they are. */
  readonly present: readonly Present[];
  /** By address: what it chose by. */
  readonly said: Readonly<Record<string, Said>>;
}

export interface Present {
  readonly name: string;
  readonly version: string;
  /** As it lies there. */
  readonly said: Said;
}

export interface ResolveRequest {
  /** The user's words: everything in them but the requirements counts. */
  readonly args: readonly string[];
  readonly lines: readonly string[];
  readonly constraints: readonly string[];
  /** Normal names of what the user asks for: never taken for installed. */
  readonly named: readonly string[];
  /** Versions by name: where one of these is installed, it counts as such although it is named. */
  readonly known?: Readonly<Record<string, string>>;
  /** Folders of the project that stand for their names; `version` null: unknown. */
  readonly folders?: readonly { readonly name: string; readonly version: string | null }[];
  readonly requireHashes?: boolean;
  /** Build requirements: the user's wishes about where and for what to install are not theirs. */
  readonly build?: boolean;
  /** Only from this folder, without any network: the second resolution. */
  readonly findLinks?: string;
}

/** Lets pip resolve, inside the guard. @throws SafeInstallError RESOLUTION_FAILED, PIP_NOT_UNDERSTOOD */
export async function resolve(asked: ResolveRequest, python: Python): Promise<PipResolution> {
  if (asked.lines.length === 0) return { chosen: [], unbound: [], pages: [], present: [], said: {} };
  const run = await runResolution(asked, python);
  const pages = await readPages(run.answer);
  if (run.answer.status === 0) {
    const files = await takeKept(run.answer.files, asked.args, python);
    const { present, said } = run.answer;
    return { ...(await readChosen(run.report, files, pages)), pages, present, said };
  }
  const unbound = whyNot(run.answer, pages);
  if (unbound.length === 0) throw failed(run.answer, python);
  return { chosen: [], unbound, pages, present: [], said: {} };
}

interface Failure extends Partial<HashMismatch> {
  readonly type: string;
  readonly message: string;
}

interface Run {
  readonly answer: Answer;
  readonly report: string;
}

interface Answer {
  readonly status: number;
  readonly failure: Failure | null;
  readonly refused: readonly { readonly name: string | null; readonly url: string | null; readonly program: string }[];
  readonly pages: readonly { readonly url: string; readonly type: string; readonly file: string }[];
  readonly files: readonly FetchedFile[];
  readonly present: readonly Present[];
  readonly said: Readonly<Record<string, Said>>;
  /** Dependencies by URL: not fetched. */
  readonly direct: readonly { readonly name: string | null; readonly url: string; readonly vcs: boolean }[];
}

async function runResolution(asked: ResolveRequest, python: Python): Promise<Run> {
  const folder = await mkdtemp(join(python.folder, "resolution-"));
  const [pages, wheels] = [join(folder, "pages"), join(folder, "wheels")];
  await Promise.all([mkdir(pages), mkdir(wheels)]);
  const [requirements, constraints] = [join(folder, "requirements.txt"), join(folder, "constraints.txt")];
  await writeFile(requirements, `${asked.lines.join("\n")}\n`);
  await writeFile(constraints, `${asked.constraints.join("\n")}\n`);
  const report = join(folder, "report.json");
  const { findLinks, args } = asked;
  const kept = findLinks === undefined ? await python.host.store.known("sha256") : [];
  const job = {
    args,
    requirements,
    constraints,
    named: asked.named,
    known: asked.known ?? {},
    folders: (asked.folders ?? []).map(({ name, version }) => ({ name, version })),
    report,
    pages,
    build: asked.build ?? false,
    requireHashes: asked.requireHashes ?? false,
    quiet: findLinks === undefined ? 1 : 3,
    maxBytes: LIMITS.artifactBytes,
    kept,
    ...(findLinks === undefined ? { wheels } : { findLinks, offline: true }),
  };
  const { code, answer } = await runPython(python, { source: RESOLUTION, job, bare: true });
  if (answer === null) throw notUnderstood(`it ended with code ${code}`);
  if (answer["kind"] === "unknown-pip") throw notUnderstood(String(answer["failure"]));
  if (answer["kind"] === "strange") throw strange(String(answer["failure"]));
  return { answer: answer as unknown as Answer, report };
}

function strange(found: string): SafeInstallError {
  const what = withoutSecrets(found.split("\n")[0] ?? "");
  return new SafeInstallError("unbound", "PIP_REQUIREMENTS", `this is no requirement of an index: ${what}`, {
    hint: "name a package, its version and its marker, and nothing else",
  });
}

async function readPages({ pages }: Answer): Promise<readonly IndexPage[]> {
  return Promise.all(pages.map(async ({ url, type, file }) => readPage(url, type, await readFile(file, "utf8"))));
}

/** Reasons that are about packages: code that would have run, and packages that there are only as source. */
function whyNot({ refused, failure, direct }: Answer, pages: readonly IndexPage[]): readonly Unbound[] {
  if (direct.length > 0)
    return direct.map(({ name, url, vcs }) => ({
      package: null,
      location: name ?? withoutSecrets(url),
      denial: byUrl(url, vcs),
    }));
  if (failure?.expected !== undefined) return [mismatched(failure as HashMismatch, pages)];
  const builds = refused.filter(({ name, url }) => name !== null || url !== null);
  if (builds.length > 0) {
    return unique(builds.map(({ name, url }) => JSON.stringify([name, url]))).map((key) => {
      const [name, url] = JSON.parse(key) as [string | null, string | null];
      return sourceOnly(name ?? withoutSecrets(url ?? ""), url, null);
    });
  }
  const [, wanted = ""] = /No matching distribution found for ([A-Za-z0-9._-]+)/.exec(failure?.message ?? "") ?? [];
  const files = pages.flatMap((page) => page.files);
  const sources = files.filter(({ filename }) => {
    const parsed = parseDistribution(filename);
    return parsed?.kind === "sdist" && parsed.name === normalName("pypi", wanted);
  });
  const last = sources.at(-1);
  return last === undefined ? [] : [sourceOnly(wanted, last.url, parseDistribution(last.filename)?.version ?? null)];
}

function sourceOnly(name: string, url: string | null, version: string | null): Unbound {
  const denial: Denial = {
    code: "SOURCE_DISTRIBUTION",
    message: `${name} would have to be built from source: that runs its code, and nothing binds what comes out`,
    details: [],
    hint: "build the wheel in your own pipeline, sign it there, and serve it from your index",
    ...(url === null ? {} : { location: withoutSecrets(url) }),
  };
  return { package: version === null ? null : packageRef(name, version), location: name, denial };
}

/** `--require-virtualenv`, outside of one (pip's `status_codes`). */
const NO_ENVIRONMENT = 3;

function failed({ failure, refused, status }: Answer, python: Python): SafeInstallError {
  if (python.host.offline) {
    return new SafeInstallError("unavailable", "RESOLUTION_FAILED", "pip cannot resolve without the network", {
      hint: "leave out --offline, or check a lockfile: safe-install check",
    });
  }
  if (failure?.type === "ExternallyManagedEnvironment" || status === NO_ENVIRONMENT)
    return new SafeInstallError(
      "usage",
      "PIP_USAGE",
      "pip does not install into this environment: see its words above",
    );
  const [child] = refused;
  if (child !== undefined && failure === null) {
    return new SafeInstallError("unbound", "RESOLUTION_FAILED", `pip wanted to start ${child.program} while resolving`);
  }
  const detail = failure === null ? "see its words above" : withoutSecrets(failure.message.split("\n")[0] ?? "");
  return new SafeInstallError("unavailable", "RESOLUTION_FAILED", `pip could not resolve the requirements: ${detail}`, {
    hint: "only wheels are considered; nothing was installed",
  });
}
