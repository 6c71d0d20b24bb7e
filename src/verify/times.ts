import { RFC3161Timestamp } from "@sigstore/core";
import type { Bundle } from "./bundle/bundle.ts";
import { Fault, fail } from "./fault.ts";
import { LIMITS } from "../limits.ts";
import type { LogEntry } from "./bundle/log-entry.ts";

/** A time that the bundle claims a log or a timestamp authority to vouch for. */
export type ClaimedTime = {
  readonly time: Date;
  /** Tells one log or authority from another. */ readonly by: string;
} & ({ readonly kind: "log"; readonly entry: LogEntry } | { readonly kind: "stamp"; readonly stamp: RFC3161Timestamp });

/** A log's time counts only with its promise: an inclusion proof does not sign it. @throws Fault */
export function timesOf({ entries, timestamps }: Bundle): readonly ClaimedTime[] {
  const logged = entries.filter(
    ({ inclusionPromise, integratedTime }) => inclusionPromise !== undefined && integratedTime !== "0",
  );
  return [...logged.map(logTime), ...timestamps.map(stampTime)];
}

function logTime(entry: LogEntry): ClaimedTime {
  const time = new Date(Number(entry.integratedTime) * 1000);
  if (Number.isNaN(time.getTime())) return fail("TIME_INVALID", "the log entry's time is not one");
  return { kind: "log", entry, time, by: `log ${entry.logId.keyId.toString("hex")}` };
}

function stampTime(der: Buffer): ClaimedTime {
  try {
    const stamp = RFC3161Timestamp.parse(der as Buffer<ArrayBuffer>);
    // PKIStatus granted or grantedWithMods (RFC 3161 section 2.4.2).
    if (stamp.status !== 0n && stamp.status !== 1n) return fail("TIME_INVALID", "the authority granted no timestamp");
    const by = `tsa ${stamp.signerIssuer.toString("hex")} ${stamp.signerSerialNumber.toString("hex")}`;
    return { kind: "stamp", stamp, time: stamp.signingTime, by };
  } catch (error) {
    if (error instanceof Fault) throw error;
    return fail("TIME_INVALID", "a timestamp is malformed");
  }
}

/** For a time that somebody trusted vouches for. @throws Fault TIME_AFTER_NOW, with both times: one of the two clocks is wrong */
export function requirePast(time: Date, now: Date): void {
  if (time.getTime() <= now.getTime() + LIMITS.clockToleranceMs) return;
  const minutes = LIMITS.clockToleranceMs / 60_000;
  fail(
    "TIME_AFTER_NOW",
    `signed at ${time.toISOString()}, and the clock here says ${now.toISOString()} (${minutes} minutes apart are passed over)`,
  );
}

export function latest(times: readonly ClaimedTime[]): Date | null {
  return times.reduce<Date | null>((last, { time }) => (last === null || time > last ? time : last), null);
}
