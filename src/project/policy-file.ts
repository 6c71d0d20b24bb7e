import { ASKABLE } from "../plugins.ts";
import { createHash } from "node:crypto";
import { lstat, realpath } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { SafeInstallError } from "../errors.ts";
import { LIMITS } from "../limits.ts";
import { PUBLIC_GOOD, type TrustRoot } from "../model/trust.ts";
import type { Layer } from "../policy/layer.ts";
import { indexRules } from "../policy/match.ts";
import { parsePolicy } from "../policy/read/parse.ts";
import { endsOf } from "./ends.ts";
import type { NotaryTrust } from "../verify/notary/trust.ts";
import type { HeldKey } from "../verify/trust/held-key.ts";
import { isMissing } from "../io/files.ts";
import { isInside, wayTo } from "../io/inside.ts";
import { readKeys } from "./policy-keys.ts";
import { readNotary } from "./named/trust-stores.ts";
import { type LoadTrustRoot, readRoots, requireTimes } from "./policy-roots.ts";
import { type PolicyPlace, readNamed, readRecorded, resolveSources } from "./policy-names.ts";

export const POLICY_FILE = ".signing-policy.json";

export interface LoadOptions {
  /** Absolute: the folder whose policy counts. */
  readonly project: string;
  /** `--policy FILE`, absolute; replaces the search. */
  readonly policy?: string;
  /** @throws SafeInstallError where the bytes are not a trusted root */
  readonly loadTrustRoot: LoadTrustRoot;
}

export interface LoadedPolicy {
  /** Outermost first. Never empty. */
  readonly layers: readonly Layer[];
  /** The trust roots that the policies name, without the built-in one; no id twice. */
  readonly roots: readonly TrustRoot[];
  /** The keys that their signers name; no id twice. */
  readonly keys: readonly HeldKey[];
  /** What their signers of the Notary Project trust; no id twice. */
  readonly notary: readonly NotaryTrust[];
  /** Absolute. The project folder where there is no repository. */
  readonly repositoryRoot: string;
  /** Every file that was read, policies and what they name: name relative to the root (with `--policy` to its folder) -> sha256 (hex). */
  readonly files: ReadonlyMap<string, string>;
  /** For the report, for instance that there is no repository. */
  readonly notes: readonly string[];
}

/**
 * Every policy that applies to a project, with the files that they name.
 * @throws SafeInstallError kind "policy": none found (NO_POLICY), or one of them is wrong
 */
export async function loadLayers(options: LoadOptions): Promise<LoadedPolicy> {
  const project = await realpath(options.project);
  const { repository, notes } = await endsOf(project);
  const repositoryRoot = repository ?? project;
  const places =
    options.policy === undefined
      ? await discover(project, repositoryRoot)
      : [await named(options.policy, repositoryRoot)];
  if (places.length === 0) throw noPolicy(options.project);
  if (places.length > LIMITS.policyLayers) throw tooMany(places.length);
  const loaded = await Promise.all(places.map((place) => loadLayer(place, options)));
  const [roots, keys] = [loaded.flatMap(({ roots }) => roots), loaded.flatMap(({ keys }) => keys)];
  return {
    layers: loaded.map(({ layer }) => layer),
    roots: unique(roots),
    keys: unique(keys),
    notary: unique(loaded.flatMap(({ notary }) => notary)),
    repositoryRoot,
    files: new Map(places.flatMap(({ seen }) => [...seen])),
    notes: [...notes, ...(repository === null && options.policy === undefined ? [NO_REPOSITORY] : [])],
  };
}

/** By their ids. */
export function unique<T extends { readonly id: string }>(all: readonly T[]): readonly T[] {
  return [...new Map(all.map((one) => [one.id, one])).values()];
}

const NO_REPOSITORY = "no git repository here: only the project folder's own policy was looked for";

/** The policy files from the repository's root down to the project. */
async function discover(project: string, root: string): Promise<readonly PolicyPlace[]> {
  const steps = wayTo(root, project).split("/").filter(Boolean);
  const folders = [root, ...steps.map((_, at) => join(root, ...steps.slice(0, at + 1)))];
  const places = folders.map((folder) => ({
    file: join(folder, POLICY_FILE),
    name: wayTo(root, join(folder, POLICY_FILE)),
    folder,
    boundary: root,
    seen: new Map(),
  }));
  const present = await Promise.all(places.map(({ file }) => exists(file)));
  return places.filter((_, at) => present[at]);
}

/**
 * Policies below the project on the way to where the command was typed, relative to the project: an installer may take a
 * folder further up for the project (npm: a workspace's root), and then they are not asked.
 */
export async function policiesBelow(project: string, cwd: string): Promise<readonly string[]> {
  const [root = project, here = cwd] = await Promise.all([project, cwd].map((one) => realpath(one).catch(() => one)));
  if (!isInside(here, root)) return [];
  return (await discover(here, root)).filter(({ folder }) => folder !== root).map(({ name }) => name);
}

/** A policy named on the command line; what it names stays below its folder. */
async function named(file: string, root: string): Promise<PolicyPlace> {
  if (!(await exists(file))) {
    throw new SafeInstallError("policy", "NO_POLICY", `${file}: there is no such file`, { hint: "look at --policy" });
  }
  const real = await realpath(file);
  const name = isInside(real, root) ? wayTo(root, real) : real;
  return { file: real, name, folder: dirname(real), boundary: dirname(real), seen: new Map() };
}

interface Loaded {
  readonly layer: Layer;
  readonly roots: readonly TrustRoot[];
  readonly keys: readonly HeldKey[];
  readonly notary: readonly NotaryTrust[];
}

async function loadLayer(place: PolicyPlace, options: LoadOptions): Promise<Loaded> {
  const bytes = await readNamed(place, basename(place.file), LIMITS.policyBytes);
  const policy = parsePolicy(bytes.toString("utf8"), place.name, ASKABLE);
  const roots = await readRoots(place, policy, options.loadTrustRoot);
  requireTimes(place.name, policy, roots);
  const ids = { [PUBLIC_GOOD]: PUBLIC_GOOD, ...Object.fromEntries(roots.map(({ name, id }) => [name, id])) };
  const keys = await readKeys(place, policy, ids);
  const notary = await readNotary(place, policy);
  return {
    layer: {
      name: place.name,
      digest: createHash("sha256").update(bytes).digest("hex"),
      policy,
      index: indexRules(policy),
      roots: ids,
      keys: keys.bySigner,
      notary: notary.bySigner,
      recorded: policy.recorded === undefined ? null : await readRecorded(place, policy.recorded.file),
      sources: await resolveSources(place, policy),
      override: null,
    },
    roots,
    keys: keys.held,
    notary: notary.trusts,
  };
}

/** Also a link that leads nowhere is there: it is an error, not an absent policy. */
async function exists(file: string): Promise<boolean> {
  try {
    await lstat(file);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw new SafeInstallError("policy", "POLICY_UNREADABLE", `${file}: ${(error as Error).message}`, { cause: error });
  }
}

function noPolicy(project: string): SafeInstallError {
  return new SafeInstallError("policy", "NO_POLICY", `there is no ${POLICY_FILE} for ${project}`, {
    hint: `safe-install init writes a first one; to watch only, begin with { "version": 1, "mode": "audit" }`,
  });
}

function tooMany(count: number): SafeInstallError {
  return new SafeInstallError("policy", "POLICY_LAYERS", `${count} policies apply; at most ${LIMITS.policyLayers} may`);
}
