import type { Layer } from "../policy/layer.ts";
import type { Policy } from "../policy/schema/index.ts";

/** Policies as they were loaded. */
export interface Compared {
  readonly layers: readonly Layer[];
  /** Every file that was read, policies and what they name: name -> sha256 (hex). */
  readonly files: ReadonlyMap<string, string>;
}

/**
 * What changed in the policies themselves and in the files that they name, member by member, whether or not it shows in a
 * package of this lock. A member that nobody gave words here is said by its name and its values.
 */
export function remarks(before: Compared, after: Compared): readonly string[] {
  const names = [...new Set([...before.layers, ...after.layers].map(({ name }) => name))];
  const ofLayers = names.flatMap((name) => {
    const old = before.layers.find((layer) => layer.name === name);
    const fresh = after.layers.find((layer) => layer.name === name);
    if (old === undefined) return [`${name}: a new layer: it is asked as well`];
    if (fresh === undefined) return [`${name}: this layer is gone: nobody asks it any more`];
    return layerChanges(old, fresh).map((text) => `${name}: ${text}`);
  });
  return [...ofLayers, ...fileChanges(before, after)];
}

function layerChanges(before: Layer, after: Layer): readonly string[] {
  const found = [
    ...keysOf(before.policy, after.policy).flatMap((member) => memberChanges(member, before.policy, after.policy)),
    ...recordedChanges(before, after),
  ];
  if (found.length > 0 || before.digest === after.digest) return found;
  return ["another text with the same meaning"];
}

function memberChanges(member: string, before: Policy, after: Policy): readonly string[] {
  const [old, fresh] = [before, after].map((policy) => (policy as Readonly<Record<string, unknown>>)[member]);
  switch (member) {
    case "mode":
      return changes("mode", old ?? "enforce", fresh ?? "enforce");
    case "trust":
      return named("trust root", old, fresh);
    case "signers":
      return named("signer", old, fresh);
    case "rules":
      return listed("rule", old, fresh);
    case "exceptions":
      return listed("exception", old, fresh);
    case "archives":
      return listed("archive", old, fresh);
    case "revoked":
      return listed("revocation", old, fresh);
    default:
      return changes(member, old, fresh);
  }
}

function named(what: string, before: unknown = {}, after: unknown = {}): readonly string[] {
  const [old, fresh] = [before, after] as Readonly<Record<string, unknown>>[];
  return keysOf(old, fresh).flatMap((name) => changes(`${what} ${name}`, own(old, name), own(fresh, name)));
}

/** What of a list is shown; the rest is counted. */
const SHOWN = 20;

/** The order of rules, exceptions and revocations says nothing. */
function listed(what: string, before: unknown = [], after: unknown = []): readonly string[] {
  const [old, fresh] = [before, after].map((list) => new Map((list as unknown[]).map((one) => [canonical(one), one])));
  const only = (these = new Map<string, unknown>(), those = new Map<string, unknown>()) =>
    [...these].flatMap(([text, one]) => (those.has(text) ? [] : [one]));
  return [...bounded(`${what} is new`, only(fresh, old)), ...bounded(`${what} is gone`, only(old, fresh))];
}

function bounded(words: string, list: readonly unknown[]): readonly string[] {
  const more = list.length - SHOWN;
  const lines = list.slice(0, SHOWN).map((one) => `${words}: ${shown(one)}`);
  return more > 0 ? [...lines, `${words}: ${more} more`] : lines;
}

/** Any member: where both are objects, what differs in them. */
function changes(path: string, before: unknown, after: unknown): readonly string[] {
  if (canonical(before) === canonical(after)) return [];
  if (before === undefined) return [`${path} is new: ${shown(after)}`];
  if (after === undefined) return [`${path} is gone`];
  if (!isObject(before) || !isObject(after)) return [`${path}: ${plain(before)} becomes ${plain(after)}`];
  return keysOf(before, after).flatMap((key) => changes(`${path}.${key}`, own(before, key), own(after, key)));
}

/** Versions that are recorded; those that stay may have got other bytes. */
function recordedChanges({ recorded: before }: Layer, { recorded: after }: Layer): readonly string[] {
  const [old, fresh] = [digestsOf(before), digestsOf(after)];
  const stays = [...fresh.keys()].filter((key) => old.has(key));
  return [
    ...counted(fresh.size - stays.length, "new"),
    ...counted(old.size - stays.length, "gone"),
    ...counted(stays.filter((key) => old.get(key) !== fresh.get(key)).length, "with other digests"),
  ];
}

function digestsOf(recorded: Layer["recorded"]): ReadonlyMap<string, string> {
  return new Map([...(recorded?.digests ?? [])].map(([key, digests]) => [key, digests.toSorted().join()]));
}

function counted(count: number, what: string): readonly string[] {
  return count === 0 ? [] : [`recorded versions ${what}: ${count}`];
}

/** The policies' own text is compared by what it says. */
function fileChanges(before: Compared, after: Compared): readonly string[] {
  const policies = new Set([...before.layers, ...after.layers].map(({ digest }) => digest));
  const names = [...new Set([...before.files.keys(), ...after.files.keys()])];
  return names.flatMap((name) => {
    const [old, fresh] = [before.files.get(name), after.files.get(name)];
    if (old === fresh || [old, fresh].some((digest) => digest !== undefined && policies.has(digest))) return [];
    if (old === undefined) return [`${name}: read from now on`];
    return [fresh === undefined ? `${name}: no longer read` : `${name}: other content under the same name`];
  });
}

function shown(value: unknown): string {
  const text = canonical(value);
  return text.length > 300 ? `${text.slice(0, 300)}...` : text;
}

/** A word without quotes. */
function plain(value: unknown): string {
  return typeof value === "string" && /^[a-z]+$/.test(value) ? value : shown(value);
}

/** Members in one order: theirs says nothing. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) =>
    isObject(one)
      ? Object.fromEntries(
          Object.keys(one)
            .toSorted()
            .map((key) => [key, one[key]]),
        )
      : one,
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function keysOf(before: object = {}, after: object = {}): readonly string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])];
}

function own(of: Readonly<Record<string, unknown>> | undefined, key: string): unknown {
  return of !== undefined && Object.hasOwn(of, key) ? of[key] : undefined;
}
