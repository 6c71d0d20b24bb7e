import { randomUUID } from "node:crypto";
import { SafeInstallError } from "../errors.ts";
import { appendOutput } from "../io/output.ts";
import type { Digest } from "../model/digest.ts";
import { asJsonLine } from "../report/text.ts";

/** What a line of the log says of a signature beside when and how it ended. Nothing of it is a secret. */
export interface AuditedSignature {
  /** Who asked for it: a user, or a token's own words about its bearer. */
  readonly caller: Readonly<Record<string, string>>;
  /** As it was typed. */
  readonly file: string;
  readonly digests: readonly Digest[];
  /** null: of the file's own bytes. */
  readonly predicateType: string | null;
  /** `sha256:HEX` of a public key, or the address of who issues the certificate. */
  readonly by: { readonly key: string } | { readonly authority: string };
}

/** What came of it. */
export interface AuditedOutcome {
  readonly outcome: "signed" | "failed";
  /** The code of what stopped it. */
  readonly code?: string;
  /** `sha256:HEX` of the certificate. */
  readonly certificate?: string;
  readonly logIndexes?: readonly string[];
  /** `sha256:HEX` of the bundle as it is written. */
  readonly bundle?: string;
}

interface AuditOptions {
  /** As it was typed; null: there is none. */
  readonly file: string | null;
  readonly cwd: string;
  readonly tool: string;
  readonly now: () => Date;
}

/** Lines before and after each signature (JSON Lines), with one id each. */
export interface AuditLog {
  /** @returns takes the outcome; both @throws SafeInstallError AUDIT_UNWRITABLE */
  intend(signature: AuditedSignature): Promise<(outcome: AuditedOutcome) => Promise<void>>;
}

/** What cannot be written down is not done. */
export function auditLog({ file, cwd, tool, now }: AuditOptions): AuditLog {
  const append = async (line: object) => {
    if (file === null) return;
    const text = `${asJsonLine({ schemaVersion: 1, time: now().toISOString(), tool, ...line })}\n`;
    await appendOutput(file, text, cwd).catch((error: unknown) => {
      throw unwritable(error);
    });
  };
  return {
    intend: async (signature) => {
      const id = randomUUID();
      await append({ event: "intent", id, ...signature });
      return (outcome) => append({ event: "outcome", id, ...signature, ...outcome });
    },
  };
}

function unwritable(error: unknown): unknown {
  if (!(error instanceof SafeInstallError) || error.code !== "LOG_UNWRITABLE") return error;
  return new SafeInstallError("unavailable", "AUDIT_UNWRITABLE", error.message, {
    hint: "no bundle was written: name a file that can be written with --audit-log",
    cause: error,
  });
}
