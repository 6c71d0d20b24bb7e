import { parseJson } from "../json.ts";
import { LIMITS } from "../limits.ts";
import type { Unavailable } from "../model/decision.ts";
import { BUILT_IN, type HeldTrust, PUBLIC_GOOD, type Refreshed, type TrustRoot } from "../model/trust.ts";
import type { HeldKey } from "../verify/trust/held-key.ts";
import { daysText, expiryOf } from "./held.ts";
import { mayRefresh, refresh, refreshBeside, type TrustHost } from "./refresh.ts";
import { REGISTRY_KEYS, registryKeysIn } from "./registry-keys.ts";
import { builtInRepository, sourceOf, type TrustRepository, TRUSTED_ROOT } from "./repository.ts";
import { heldOf, isDue } from "./state.ts";

/** The roots that a run stands on, as fresh as they can be had without waiting. */
export interface Trust {
  /** The built-in one first; those that cannot be had are not among them. */
  readonly roots: readonly TrustRoot[];
  readonly registryKeys: readonly HeldKey[];
  /** By id: roots that cannot be had, or have not been found to be current for too long. */
  readonly missing: ReadonlyMap<string, Unavailable>;
  /** For the report. */
  readonly notes: readonly string[];
}

export const PUBLIC_GOOD_ROOT: TrustRoot = {
  id: PUBLIC_GOOD,
  name: PUBLIC_GOOD,
  json: null,
  thresholds: { tlog: 1, sct: 1, timestamps: 1 },
  tuf: "built-in",
};

/**
 * Opens the built-in root and those that policies name. A day after the last attempt each repository is asked beside the
 * run; it is waited for only where nothing is held, or nothing that is young enough for a policy's `maxAge`.
 */
export async function openTrust(named: readonly TrustRoot[], host: TrustHost): Promise<Trust> {
  const opened = await Promise.all([PUBLIC_GOOD_ROOT, ...named].map((root) => openRoot(root, host)));
  const seen = new Map(opened.flatMap(({ state }) => (state === null ? [] : [[state.repository.key, state] as const])));
  return {
    roots: opened.flatMap(({ root }) => (root === null ? [] : [root])),
    registryKeys: await keysOf(host),
    missing: new Map(opened.flatMap(({ missing }) => (missing === null ? [] : [missing]))),
    notes: [...seen.values()].flatMap((state) => notesOf(state, host.now())),
  };
}

interface OpenedRoot {
  readonly root: TrustRoot | null;
  readonly state: State | null;
  readonly missing: readonly [string, Unavailable] | null;
}

/** What is known of a repository. */
export interface State {
  readonly repository: TrustRepository;
  readonly held: HeldTrust | null;
}

async function openRoot(root: TrustRoot, host: TrustHost): Promise<OpenedRoot> {
  const repository = sourceOf(root, host.trust.settings.mirrors);
  if (repository === null) return { root, state: null, missing: null };
  const state = { repository, held: await heldOf(repository, host) };
  const lack = lackOf(root, state, host.now());
  if (mayRefresh(host) && lack !== null) return afterRefresh(root, state, await refresh(repository, host), host);
  if (mayRefresh(host) && (await isDue(repository, host))) refreshBeside(repository, host);
  return lack === null ? found(root, state) : missing(root, state, lack);
}

/** What was held stays, where nothing new came. */
function afterRefresh(root: TrustRoot, before: State, refreshed: Refreshed, host: TrustHost): OpenedRoot {
  const state = "held" in refreshed ? { ...before, held: refreshed.held } : before;
  const lack = lackOf(root, state, host.now());
  if (lack === null) return found(root, state);
  return missing(root, state, "reason" in refreshed ? `${lack}; ${refreshed.reason}` : lack);
}

function found(root: TrustRoot, state: State): OpenedRoot {
  const bytes = targetOf(state, TRUSTED_ROOT);
  const json: unknown = bytes === undefined ? null : parseJson(bytes.toString("utf8"));
  return { root: { ...root, json }, state, missing: null };
}

function missing(root: TrustRoot, state: State, lack: string): OpenedRoot {
  const reason = `the trust root ${root.name} ${lack}`;
  return { root: null, state, missing: [root.id, { location: state.repository.mirror, reason }] };
}

/** Why a root does not count as it is; null: it does. */
function lackOf({ maxAgeMs }: TrustRoot, state: State, now: Date): string | null {
  if (targetOf(state, TRUSTED_ROOT) === undefined) return "was never fetched";
  if (maxAgeMs === undefined) return null;
  if (state.held === null) return "is as it came with this program, and the policy has a maxAge";
  const age = now.getTime() - state.held.checkedAt.getTime();
  if (age < -LIMITS.clockToleranceMs) return `was last checked at ${state.held.checkedAt.toISOString()}, after now`;
  return age <= maxAgeMs ? null : `was last found to be current ${daysText(age)} ago, longer than the policy's maxAge`;
}

export function targetOf({ held, repository }: State, name: string): Buffer | undefined {
  return held?.targets[name] ?? repository.seed[name];
}

/** Expired metadata is how a mirror that is frozen looks, and one that was not reached for long. */
function notesOf({ held, repository: { name } }: State, now: Date): readonly string[] {
  if (held === null) return [];
  const ahead = held.checkedAt.getTime() - now.getTime();
  if (ahead > LIMITS.clockToleranceMs)
    return [
      `trust root ${name}: last checked on ${dayText(held.checkedAt)}, and the clock here says ${dayText(now)}: it is slow`,
    ];
  const ended = expiryOf(held);
  if (ended === null || ended > now) return [];
  const age = daysText(now.getTime() - held.checkedAt.getTime());
  return [
    `trust root ${name}: its metadata expired on ${dayText(ended)}, last checked ${age} ago; safe-install trust update`,
  ];
}

/** The registry's keys are a target of the public-good repository. */
async function keysOf(host: TrustHost): Promise<readonly HeldKey[]> {
  const repository = builtInRepository(PUBLIC_GOOD, host.trust.settings.mirrors);
  const held = await heldOf(repository, host);
  return repository.further
    .filter((name) => REGISTRY_KEYS.test(name))
    .flatMap((name) => {
      const file = targetOf({ repository, held }, name);
      return file === undefined ? [] : registryKeysIn(file);
    });
}

export function dayText(date: Date): string {
  return date.toISOString().slice(0, 10);
}

/** A built-in root by its name, with what a policy says of its age. */
export function builtInRoot(name: string, maxAgeMs?: number): TrustRoot {
  const thresholds = BUILT_IN[name];
  if (thresholds === undefined) throw new Error(`${name} is not built in`);
  const age = maxAgeMs === undefined ? {} : { maxAgeMs };
  return {
    id: maxAgeMs === undefined ? name : `${name}<=${maxAgeMs}`,
    name,
    json: null,
    thresholds,
    tuf: "built-in",
    ...age,
  };
}
