import { createHash } from "node:crypto";
import { parseJson } from "../../json.ts";
import { PUBLIC_GOOD, type TrustRoot } from "../../model/trust.ts";
import { endOfRoot } from "../../project/endings.ts";
import { warnAhead } from "../../policy/expiry.ts";
import { expiryOf } from "../../trust/held.ts";
import { targetOf } from "../../trust/open.ts";
import type { TrustHost } from "../../trust/refresh.ts";
import { REGISTRY_KEYS, registryKeysIn } from "../../trust/registry-keys.ts";
import { sourceOf, TRUSTED_ROOT } from "../../trust/repository.ts";
import { heldOf } from "../../trust/state.ts";
import { instancesOf } from "../../verify/trust/anchor.ts";
import { type Authority, type LogKey, readTrustedRoot } from "../../verify/trust/trusted-root.ts";

/** One trust root, as `trust show` says it; dates as RFC 3339. */
export interface DescribedRoot {
  readonly name: string;
  readonly from: "file" | "built-in" | "refreshed" | "nowhere";
  readonly mirror: string | null;
  /** When its repository was last found to be current; null: never. */
  readonly checkedAt: string | null;
  /** When its signed metadata end; null: nothing says. */
  readonly metadataExpires: string | null;
  readonly thresholds: TrustRoot["thresholds"];
  readonly logs: readonly DescribedKey[];
  readonly certificateLogs: readonly DescribedKey[];
  readonly authorities: readonly DescribedKey[];
  readonly timestampAuthorities: readonly DescribedKey[];
  readonly registryKeys: readonly DescribedKey[];
  readonly warnings: readonly string[];
}

interface DescribedKey {
  readonly name: string;
  readonly id: string;
  readonly from: string | null;
  readonly until: string | null;
}

export async function describeRoot(root: TrustRoot, host: TrustHost): Promise<DescribedRoot> {
  const repository = sourceOf(root, host.trust.settings.mirrors);
  const held = repository === null ? null : await heldOf(repository, host);
  const target = (name: string) => (repository === null ? undefined : targetOf({ repository, held }, name));
  const bytes = target(TRUSTED_ROOT);
  const json: unknown =
    repository === null ? root.json : bytes === undefined ? null : parseJson(bytes.toString("utf8"));
  const expires = held === null ? null : expiryOf(held);
  return {
    name: root.name,
    from: repository === null ? "file" : held !== null ? "refreshed" : json === null ? "nowhere" : "built-in",
    mirror: repository?.mirror ?? null,
    checkedAt: held?.checkedAt.toISOString() ?? null,
    metadataExpires: expires?.toISOString() ?? null,
    thresholds: root.thresholds,
    ...materialOf(json, root.name),
    registryKeys: root.name === PUBLIC_GOOD ? keysIn(repository?.further ?? [], target) : [],
    warnings: warningsOf({ ...root, json }, expires, host.now()),
  };
}

function materialOf(json: unknown, name: string) {
  const instances = json === null ? [] : instancesOf({ json }).map((one) => readTrustedRoot(one, name));
  return {
    logs: instances.flatMap(({ tlogs }) => tlogs.map(logOf)),
    certificateLogs: instances.flatMap(({ ctlogs }) => ctlogs.map(logOf)),
    authorities: instances.flatMap((one) => one.certificateAuthorities.map(authorityOf)),
    timestampAuthorities: instances.flatMap((one) => one.timestampAuthorities.map(authorityOf)),
  };
}

function logOf({ baseURL, logID, validFor }: LogKey): DescribedKey {
  return { name: baseURL, id: logID.toString("hex"), ...validity(validFor) };
}

function authorityOf({ uri, read, validFor }: Authority): DescribedKey {
  const [first] = read;
  const digest = createHash("sha256")
    .update(first?.der ?? "")
    .digest("hex");
  return { name: uri, id: `sha256:${digest}`, ...validity(validFor) };
}

function keysIn(names: readonly string[], target: (name: string) => Buffer | undefined): readonly DescribedKey[] {
  const files = names.filter((name) => REGISTRY_KEYS.test(name)).flatMap((name) => target(name) ?? []);
  return files.flatMap(registryKeysIn).map(({ usage, hints, validFor }) => ({
    name: usage,
    id: hints.at(-1) ?? "",
    from: validFor.start?.toISOString() ?? null,
    until: validFor.end?.toISOString() ?? null,
  }));
}

function validity({ start, end }: { readonly start: Date; readonly end: Date }) {
  return { from: start.toISOString(), until: end.getTime() > FAR ? null : end.toISOString() };
}

/** The year 9999: later ends stand for none. */
const FAR = 253_402_300_799_000;

function warningsOf(root: TrustRoot, expires: Date | null, now: Date): readonly string[] {
  const ends = root.json === null ? null : endOfRoot(root);
  return [
    ...(root.json === null ? [`trust root ${root.name} was never fetched: safe-install trust update`] : []),
    ...(ends === null ? [] : warnAhead(`trust root ${root.name}`, ends, now)),
    ...(expires === null || expires > now ? [] : [`the metadata of ${root.name} expired: safe-install trust update`]),
  ];
}
