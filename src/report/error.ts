import { SafeInstallError } from "../errors.ts";
import type { Runtime } from "../runtime.ts";
import { asJson, forScreen, type Paint, paintFor, printable } from "./text.ts";

/** What a person sees of an error. A stack appears only for a bug of ours. */
export function describeError(error: unknown, runtime: Runtime): string {
  return forScreen(described(error, runtime), runtime.stderr);
}

function described(error: unknown, runtime: Runtime): string {
  const paint = paintFor(runtime.stderr, runtime.env);
  if (runtime.signal.aborted && !isLeft(error)) return `safe-install: interrupted; ${INTERRUPTED.message}\n`;
  if (error instanceof SafeInstallError) return describeKnown(error, paint);
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `${paint("red", "safe-install: a bug of ours")}; nothing was installed\n${stack}\n`;
}

/** The same for machines: an object whose `error` has a code, `INTERNAL` for a bug of ours. */
export function errorJson(error: unknown, { signal }: Runtime): string {
  return asJson({ schemaVersion: 1, error: signal.aborted && !isLeft(error) ? INTERRUPTED : membersOf(error) });
}

/** What was done before stays: another installer's part, a policy that was written. */
const INTERRUPTED = { code: "INTERRUPTED", message: "nothing is left half done" };

/** What somebody has to mend is said, whoever wanted it to end. */
function isLeft(error: unknown): boolean {
  return error instanceof SafeInstallError && error.code === "CANNOT_PUT_BACK";
}

function membersOf(error: unknown) {
  if (!(error instanceof SafeInstallError)) return { code: "INTERNAL", message: String(error) };
  const { kind, code, message, hint = `safe-install explain ${code}` } = error;
  return { kind, code, message, hint };
}

function describeKnown(error: SafeInstallError, paint: Paint): string {
  const message = error.message.split("\n").map(printable).join("\n  ");
  const { hint = `safe-install explain ${error.code}` } = error;
  const shown = hint.split("\n").map(printable).join("\n        ");
  return `${paint("red", `✗ ${error.code}`)}  ${message}\n${paint("dim", "  hint")}  ${shown}\n`;
}
