import { type Denial, LIMITS, type Unbound } from "../../../src/plugin.ts";
import { takeKept } from "../bytes/kept.ts";
import { RESOLUTION } from "../python/programs.ts";
import { notUnderstood, type Python, runPython } from "../python/run.ts";
import { byUrl, type Chosen, type FetchedFile, readChosen, withoutSecrets } from "../report.ts";
import { type IndexPage, readPage } from "../simple.ts";
import { type HashMismatch, mismatched } from "./hashes.ts";
import { failed, strange } from "./failed.ts";
import type { Said } from "./said.ts";
import { onlySources } from "./sources.ts";
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
  /** By name: where one of these is installed, and a wheel for this interpreter, it counts as such although it is named. */
  readonly known?: Readonly<Record<string, { readonly version: string; readonly filename: string }>>;
  /** Folders of the project that stand for their names; `version` null: unknown. */
  readonly folders?: readonly { readonly name: string; readonly version: string | null }[];
  readonly requireHashes?: boolean;
  /** Build requirements: the user's wishes about where and for what to install are not theirs. */
  readonly build?: boolean;
  /** To find out what else is missing: nothing is fetched, and pip says little. */
  readonly looks?: boolean;
  /** Only from this folder, without any network: the second resolution. */
  readonly findLinks?: string;
}

/** Lets pip resolve, inside the guard. @throws SafeInstallError RESOLUTION_FAILED, PIP_NOT_UNDERSTOOD */
export async function resolve(asked: ResolveRequest, python: Python): Promise<PipResolution> {
  if (asked.lines.length === 0) return { chosen: [], unbound: [], pages: [], present: [], said: {} };
  const first = await resolveOnce(asked, python);
  const asks = asked.findLinks === undefined && asked.looks !== true && !python.host.offline;
  return asks && first.unbound.length > 0 ? withOthers(first, asked, python) : first;
}

/** Who has to act wants to know of all that there is only as source: what is known of stands for itself, and pip goes on. */
async function withOthers(first: PipResolution, asked: ResolveRequest, python: Python): Promise<PipResolution> {
  const unbound = [...first.unbound];
  for (let round = 0; round < MORE; round++) {
    const known = unbound.flatMap(({ package: ref, denial }) => (denial.code === SOURCE && ref !== null ? [ref] : []));
    if (known.length < unbound.length) break;
    const folders = [...(asked.folders ?? []), ...known];
    const next = await resolveOnce({ ...asked, folders, looks: true }, python).catch(() => null);
    const others = (next?.unbound ?? []).filter(({ denial }) => denial.code === SOURCE);
    if (others.length === 0 || others.some(({ location }) => unbound.some((one) => one.location === location))) break;
    unbound.push(...others);
  }
  return { ...first, unbound };
}

const SOURCE = "SOURCE_DISTRIBUTION" satisfies Denial["code"];

/** Times that pip goes on for the sake of the report. */
const MORE = 20;

async function resolveOnce(asked: ResolveRequest, python: Python): Promise<PipResolution> {
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
  readonly conflict: readonly string[];
  /** Indexes that gave no answer at all: their origins. */
  readonly unreached?: readonly string[];
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
    quiet: findLinks === undefined && asked.looks !== true ? 1 : 3,
    maxBytes: LIMITS.artifactBytes,
    kept,
    ...(findLinks !== undefined ? { findLinks, offline: true } : asked.looks === true ? {} : { wheels }),
  };
  const { code, answer } = await runPython(python, { source: RESOLUTION, job, bare: true });
  if (answer === null) throw notUnderstood(`it ended with code ${code}`);
  if (answer["kind"] === "unknown-pip") throw notUnderstood(String(answer["failure"]));
  if (answer["kind"] === "strange") throw strange(String(answer["failure"]));
  return { answer: answer as unknown as Answer, report };
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
  return onlySources({ refused, failure }, pages);
}
