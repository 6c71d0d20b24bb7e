import { SafeInstallError } from "../errors.ts";

/** A decision that is repeated. */
export interface Again {
  /** A folder or an archive. */
  readonly evidence: string;
  /** The time that counts as now; null: now. */
  readonly at: Date | null;
  /** `sha256:HEX` of its index, by somebody who is believed. */
  readonly digest: string | null;
}

/** What the words ask for; null: nothing of the kind. @throws SafeInstallError kind "usage" */
export function againOf(evidence?: string, at?: string, digest?: string): Again | null {
  if (evidence === undefined && (at ?? digest) === undefined) return null;
  if (evidence === undefined) throw usage("--at and --digest go with --evidence", "check --evidence DIR --at TIME");
  if (at !== undefined && (!INSTANT.test(at) || Number.isNaN(Date.parse(at))))
    throw usage(`--at ${at}: no time`, "in UTC: 2028-11-30T12:00:00Z, or a day: 2028-11-30");
  if (digest !== undefined && !/^sha256:[0-9a-f]{64}$/.test(digest))
    throw usage(`--digest ${digest}: expected sha256:HEX`, "as safe-install evidence export has said it");
  return { evidence, at: at === undefined ? null : new Date(at), digest: digest ?? null };
}

const INSTANT = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d{1,3})?Z)?$/;

function usage(message: string, hint: string): SafeInstallError {
  return new SafeInstallError("usage", "USAGE", message, { hint });
}
