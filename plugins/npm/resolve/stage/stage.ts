import { type Host, LIMITS, SafeInstallError, wayTo } from "../../../../src/plugin.ts";
import { EXTENSIONS, readsShrinkwrap } from "../lock.ts";
import { LOCKFILES } from "../../table.ts";
import { fetchListed } from "./listed.ts";
import { resolveIn } from "./resolving.ts";
import { type Origin, readManifests, type ProjectFile, type ManifestFiles } from "./manifests.ts";
import type { Copy, StagedFile, Staging } from "./staging.ts";
import { mkdir, readFile, realpath, symlink, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { aliasesIn } from "../aliases.ts";
import { aliasesOf, type Manifest, readOwn } from "../../package-json.ts";

/** What npm made of the project, in a private copy of what it reads. */
interface Staged {
  /** The copy's own repository root and project. Absolute, links resolved. */
  readonly repositoryRoot: string;
  readonly project: string;
  /** Everything that npm has read there. */
  readonly files: readonly StagedFile[];
}

/**
 * Lets the user's own npm resolve, in a folder of our own that holds only what npm reads: manifests, the lock and .npmrc.
 * Nothing is installed, no script runs, no git is started, and the project is not touched.
 * @throws SafeInstallError where something in it could not be bound anyway, or where npm cannot resolve.
 */
export async function stage(staging: Staging): Promise<Staged> {
  const { origin, task, host } = staging;
  if (task.change === "audit fix" && host.offline) throw noAdvisories();
  await refuseExtensions(origin.project, host);
  const locks = await readLocks(staging);
  const lock = locks.find(({ content }) => content !== null)?.content ?? null;
  const specs = staging.task.change === "install" ? staging.task.specs : [];
  const read = await readManifests(origin, specs, lock, host, staging.archives);
  const sources = [...read.files, ...locks];
  const folder = await host.temporary("npm-stage");
  const texts = [...sources.map(({ content }) => content?.toString("utf8") ?? ""), ...specs];
  const fetching = { folder: await host.temporary("npm-archives"), flat: staging.config.flat, host };
  const archives = await fetchListed(staging.archives, texts, fetching);
  const copy = { ...(await lay(folder, { ...read, files: sources }, staging)), archives };
  await resolveIn(copy, folder, staging);
  const { repositoryRoot, project } = copy;
  const files = await compare(copy, sources, origin);
  refuseForeignNames(files, specs);
  return { repositoryRoot, project, files };
}

/** npm would say nothing, and fix nothing. */
function noAdvisories(): SafeInstallError {
  const hint = "leave out --offline";
  return new SafeInstallError("unavailable", "NOT_RESOLVED", "advisories are asked of the registry", { hint });
}

async function refuseExtensions(project: string, host: Host): Promise<void> {
  for (const name of EXTENSIONS) {
    if ((await host.read(join(project, name), { maxBytes: LIMITS.manifestBytes })) === null) continue;
    throw new SafeInstallError("unbound", "LOCK_EXTENSION", `${name} would change what npm resolves`, {
      hint: "use overrides in package.json instead",
    });
  }
}

async function readLocks({ origin, npm, host }: Staging): Promise<readonly ProjectFile[]> {
  const names = readsShrinkwrap(npm) ? LOCKFILES : LOCKFILES.slice(1);
  return Promise.all(
    names.map(async (name) => {
      const file = join(origin.project, name);
      const content = await host.read(file, { maxBytes: LIMITS.lockfileBytes });
      return { path: wayTo(origin.repositoryRoot, file), content };
    }),
  );
}

/** The same folders under the same names: npm writes both into the lock. */
async function lay(folder: string, sources: ManifestFiles, { origin, host }: Staging): Promise<Omit<Copy, "archives">> {
  const repositoryRoot = join(await realpath(folder), basename(origin.repositoryRoot) || "root");
  const inCopy = (path: string) => join(repositoryRoot, wayTo(origin.repositoryRoot, path));
  const npmrc = await host.read(join(origin.project, ".npmrc"), { maxBytes: LIMITS.manifestBytes });
  const files = [
    ...sources.files,
    ...sources.archives,
    { path: wayTo(origin.repositoryRoot, join(origin.project, ".npmrc")), content: npmrc },
  ];
  for (const place of [origin.project, origin.cwd]) await mkdir(inCopy(place), { recursive: true, mode: 0o700 });
  for (const { path, content } of files) {
    if (content === null) continue;
    await mkdir(dirname(join(repositoryRoot, path)), { recursive: true, mode: 0o700 });
    await writeFile(join(repositoryRoot, path), content, { mode: 0o600 });
  }
  for (const [path, target] of sources.links) {
    await mkdir(join(repositoryRoot, target), { recursive: true, mode: 0o700 });
    await mkdir(dirname(join(repositoryRoot, path)), { recursive: true, mode: 0o700 });
    await symlink(wayTo(dirname(path), target) || ".", join(repositoryRoot, path));
  }
  const project = inCopy(origin.project);
  const hasManifest = sources.files.some(({ path, content }) => content !== null && path === manifestOf(origin));
  return { repositoryRoot, project, cwd: inCopy(origin.cwd), hasManifest };
}

function manifestOf({ repositoryRoot, project }: Origin): string {
  return wayTo(repositoryRoot, join(project, "package.json"));
}

async function compare(copy: Copy, sources: readonly ProjectFile[], origin: Origin): Promise<readonly StagedFile[]> {
  return Promise.all(
    sources.map(async ({ path, content }) => {
      const after = await readFile(join(copy.repositoryRoot, path)).catch(() => null);
      return { path: wayTo(origin.project, join(origin.repositoryRoot, path)), before: content, after };
    }),
  );
}

/**
 * npm believes a registry about the name of what it serves, and writes it into package.json as an alias. Only one that was
 * there before, or that was typed, is the user's.
 * @throws SafeInstallError PACKAGE_MISMATCH
 */
function refuseForeignNames(files: readonly StagedFile[], specs: readonly string[]): void {
  const typed = aliasesIn(specs.map(asEntry));
  for (const { path, before, after } of files) {
    if (basename(path) !== "package.json") continue;
    const old = aliasesAt(before);
    for (const [name, real] of aliasesAt(after)) {
      if (old.get(name) !== real && typed.get(name) !== real) throw foreign(name, real);
    }
  }
}

/** `name@npm:real@range` as package.json would have it. */
function asEntry(spec: string): readonly [string, string] {
  const at = spec.indexOf("@", 1);
  return at < 0 ? [spec, ""] : [spec.slice(0, at), spec.slice(at + 1)];
}

function aliasesAt(content: Buffer | null): ReadonlyMap<string, string> {
  const manifest = content === null ? {} : readOwn(content.toString("utf8")).content;
  const { devDependencies, ...own } = manifest as Partial<Manifest> & { readonly devDependencies?: unknown };
  return new Map([...aliasesOf(own), ...aliasesOf({ dependencies: devDependencies })]);
}

function foreign(name: string, real: string): SafeInstallError {
  return new SafeInstallError("unbound", "PACKAGE_MISMATCH", `the registry answers for ${name} with ${real}`, {
    hint: `if that is meant: npm install ${name}@npm:${real}`,
  });
}
