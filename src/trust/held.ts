import type { HeldTrust } from "../model/trust.ts";
import { createHash } from "node:crypto";

/** One file, so that no reader sees half of it. */
export function encodeHeld({ checkedAt, metadata, targets }: HeldTrust): Buffer {
  const content = JSON.stringify({
    version: 1,
    checkedAt: checkedAt.toISOString(),
    metadata: encoded(metadata),
    targets: encoded(targets),
  });
  return Buffer.from(`${digestOf(content)}\n${content}\n`);
}

/** @returns null where the file is damaged, or of another version: then it is made anew */
export function decodeHeld(file: Buffer): HeldTrust | null {
  const [digest = "", content = ""] = file.toString("utf8").split("\n");
  if (digest !== digestOf(content)) return null;
  const held = JSON.parse(content) as Written;
  if (held.version !== 1) return null;
  const checkedAt = new Date(held.checkedAt);
  return { checkedAt, metadata: decoded(held.metadata), targets: decoded(held.targets) };
}

interface Written {
  readonly version: number;
  readonly checkedAt: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly targets: Readonly<Record<string, string>>;
}

/** The version that a signed metadata file says it has; 0: none. */
export function versionOf(file: Buffer | undefined): number {
  const { version } = signedOf(file);
  return typeof version === "number" ? version : 0;
}

/** When the first of the files ends by which a mirror shows that it is current (TUF specification, section 5.4.4); null: none says. */
export function expiryOf({ metadata }: Pick<HeldTrust, "metadata">): Date | null {
  const current = Object.entries(metadata).filter(([name]) => !/^\d+\.root\.json$/.test(name));
  const ends = current.flatMap(([, file]) => {
    const { expires } = signedOf(file);
    const date = new Date(typeof expires === "string" ? expires : Number.NaN);
    return Number.isNaN(date.getTime()) ? [] : [date.getTime()];
  });
  return ends.length === 0 ? null : new Date(Math.min(...ends));
}

/** Whether one state of a repository is from before another. */
export function isOlder(one: Pick<HeldTrust, "metadata">, other: Pick<HeldTrust, "metadata">): boolean {
  const [left, right] = [one, other].map(({ metadata }) =>
    ["root.json", "timestamp.json", "snapshot.json", "targets.json"].map((name) => versionOf(metadata[name])),
  );
  return (left ?? []).some((version, at) => version < (right?.[at] ?? 0));
}

/** For people: how old what counts of a repository is. `hasSeed`: something came with this program. null: nothing counts. */
export function ageText(held: Pick<HeldTrust, "checkedAt"> | null, hasSeed: boolean, now: Date): string | null {
  if (held === null) return hasSeed ? "as it came with this program" : null;
  return `last checked ${daysText(Math.max(0, now.getTime() - held.checkedAt.getTime()))} ago`;
}

export function daysText(ms: number): string {
  const days = Math.floor(ms / 86_400_000);
  return days === 0 ? "less than a day" : `${days} ${days === 1 ? "day" : "days"}`;
}

function signedOf(file: Buffer | undefined): { readonly version?: unknown; readonly expires?: unknown } {
  try {
    const { signed } = JSON.parse(file?.toString("utf8") ?? "{}") as { readonly signed?: object };
    return signed ?? {};
  } catch {
    return {};
  }
}

function digestOf(content: string): string {
  return createHash("sha256").update(content).digest("hex");
}

function encoded(files: Readonly<Record<string, Buffer>>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, bytes.toString("base64")]));
}

function decoded(files: Readonly<Record<string, string>>): Record<string, Buffer> {
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [name, Buffer.from(text, "base64")]));
}
