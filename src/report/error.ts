import { SafeInstallError } from "../errors.ts";
import type { Runtime } from "../runtime.ts";
import { asJson, forScreen, type Paint, paintFor, printable } from "./text.ts";

/** What a person sees of an error. A stack appears only for a bug of ours. */
export function describeError(error: unknown, runtime: Runtime): string {
  return forScreen(described(error, runtime), runtime.stderr);
}

function described(error: unknown, runtime: Runtime): string {
  const paint = paintFor(runtime.stderr, runtime.env);
  if (runtime.signal.aborted) return "safe-install: interrupted; the project is as it was\n";
  if (error instanceof SafeInstallError) return describeKnown(error, paint);
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `${paint("red", "safe-install: a bug of ours")}; nothing was installed\n${stack}\n`;
}

/** The same for machines: an object whose `error` has a code, `INTERNAL` for a bug of ours. */
export function errorJson(error: unknown, { signal }: Runtime): string {
  return asJson({ schemaVersion: 1, error: signal.aborted ? INTERRUPTED : membersOf(error) });
}

const INTERRUPTED = { code: "INTERRUPTED", message: "the project is as it was" };

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
