import {
  type Context,
  type Host,
  type NotGated,
  type Request,
  SafeInstallError,
  type Session,
  type Unbound,
} from "../../src/plugin.ts";
import { restoreInterrupted, restoreWithoutPip } from "./aside.ts";
import { layOut, type Resolved, resolveAgain } from "./again.ts";
import { handOff } from "./handoff.ts";
import type { Ready } from "./installed.ts";
import { findAnyPip, findPip } from "./interpreter.ts";
import { pylockLines } from "./lock/pylock-lines.ts";
import { openMembers } from "./members.ts";
import type { Python } from "./python.ts";
import { type FirstParty, notGatedOf } from "./first-party.ts";
import { sortRequirements, type Wish } from "./requirements.ts";
import { type Closure, resolve } from "./resolve.ts";
import { openPipSession } from "./session.ts";
import { askWords, refuseOptions, type Words } from "./words.ts";
import { realpath, rm } from "node:fs/promises";

/**
 * `pip install`: pip resolves without running anybody's code; what it chose is fetched, proven, and resolved once more
 * from the proven bytes.
 */
export async function openInstallation(request: Request, host: Host): Promise<Session> {
  const project = await realpath(request.cwd);
  const context = await request.context(project);
  const python = await startPython(request, context, host);
  const words = await askOrMend(python, request.args);
  refuseOptions(words);
  if (words.journal.there) await restoreInterrupted(python, words);
  const wish = await withLocks(await sortRequirements(words, context.repositoryRoot, project), words, python);
  const closures = wish.unbound.length > 0 ? [] : await resolveAll(wish, request.args, python);
  return openSession({ project, wish, closures, words, context, python, args: request.args });
}

async function askOrMend(python: Python, args: readonly string[]): Promise<Words> {
  try {
    return await askWords(python, args);
  } catch (error) {
    const isLost = error instanceof SafeInstallError && error.kind === "installer";
    if (!isLost || !(await restoreWithoutPip(python))) throw error;
    return askWords(python, args);
  }
}

async function startPython(request: Request, context: Context, host: Host): Promise<Python> {
  const { program, cwd } = request;
  const { python: file } = await (program === undefined ? findAnyPip(cwd, host.env) : findPip(program, cwd, host.env));
  const folder = await host.temporary("pip");
  return { file, cwd: request.cwd, project: context.repositoryRoot, folder, host };
}

/** With what a lock adds. */
interface Asking extends Wish {
  readonly notGated: readonly NotGated[];
}

/** `-r pylock.toml`: read by us, for every line of pip, as requirements with the lock's hashes. */
async function withLocks(wish: Wish, words: Words, python: Python): Promise<Asking> {
  const { lines, hashes, unbound, notGated } = await pylockLines(words.files, python);
  return {
    ...wish,
    lines: [...wish.lines, ...lines],
    hashes: new Map([...wish.hashes, ...hashes]),
    unbound: [...wish.unbound, ...unbound],
    notGated,
  };
}

/** One dependency set: the project's own, or what the build of one first-party project needs. */
interface Named extends Resolved, Closure {
  readonly builds: FirstParty | null;
}

async function resolveAll(wish: Asking, args: readonly string[], python: Python): Promise<readonly Named[]> {
  const { lines, constraints, requireHashes } = wish;
  const own = { args, lines, constraints, requireHashes };
  const all: Named[] = [{ ...own, ...(await resolve(own, python)), builds: null }];
  for (const project of wish.firstParty) {
    const asked = { args, lines: project.buildRequires, constraints: [], build: true };
    all.push({ ...asked, ...(await resolve(asked, python)), builds: project });
  }
  return all;
}

interface Opened {
  readonly project: string;
  readonly wish: Asking;
  readonly closures: readonly Named[];
  readonly words: Words;
  readonly context: Context;
  readonly python: Python;
  readonly args: readonly string[];
}

async function openSession(opened: Opened): Promise<Session> {
  const { project, wish, closures, words, context, python, args } = opened;
  const { index_url: index, extra_index_urls: extra, no_index: none } = words.options;
  const origins = new Set((none ? [] : [index, ...extra]).flatMap((url) => originOf(url)));
  const places = { host: python.host, session: openPipSession(python, args), origins };
  const pages = closures.flatMap((closure) => closure.pages);
  const members = openMembers(closures.flatMap(membersOf), { pages, hashes: wish.hashes, places });
  const { artifacts, obtain, collect } = members;
  const unbound: Unbound[] = [...wish.unbound, ...closures.flatMap((closure) => closure.unbound)];
  const laidOut = new Map<Named, string>();
  if (unbound.length === 0 && (await context.prove({ artifacts, obtain, collect })) !== null) {
    for (const closure of closures) {
      const folder = await layOut(closure.chosen, members.obtained, python);
      laidOut.set(closure, folder);
      unbound.push(...(await resolveAgain(closure, folder, python)));
    }
  }
  return {
    project,
    lockfile: null,
    artifacts,
    unbound,
    notGated: [...notGatedOf(wish.firstParty, project), ...wish.notGated],
    obtain,
    collect,
    async handoff(proven) {
      const admitted = new Set(proven.map(({ artifact }) => artifact));
      const [own, ...builds] = closures;
      if (unbound.length > 0 || own === undefined || artifacts.some((one) => !admitted.has(one))) throw notProven();
      return handOff({
        python,
        options: words.options,
        journal: words.journal.path,
        ready: own.chosen.map((one): Ready => ({
          ...one.package,
          sha256: members.sha256(one),
          filename: one.filename,
        })),
        wheels: folderOf(own),
        builds: builds.flatMap((closure) =>
          closure.builds === null ? [] : [{ project: closure.builds, wheels: folderOf(closure) }],
        ),
      });
    },
    close: () => rm(python.folder, { recursive: true, force: true }),
  };

  function folderOf(closure: Named): string {
    const folder = laidOut.get(closure);
    if (folder === undefined) throw notProven();
    return folder;
  }
}

function membersOf({ chosen, builds }: Named) {
  return chosen.map((one) => ({ ...one, location: builds === null ? one.filename : `build of ${builds.name}` }));
}

function originOf(url: string | null): readonly string[] {
  return url !== null && URL.canParse(url) ? [new URL(url).origin] : [];
}

function notProven(): SafeInstallError {
  return new SafeInstallError("unbound", "NOT_OBTAINED", "what is not proven is never installed");
}
