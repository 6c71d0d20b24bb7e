import { few } from "../report/text.ts";
import { isInCi, type Runtime } from "../runtime.ts";
import type { Survey } from "./survey.ts";

/**
 * Whether to look again: what was written allows a part that more comes behind. Where that part would run, on the
 * word of a policy that nobody has read yet, a person at a terminal is told; in CI, where changes of others are judged, it
 * waits for the review.
 */
export function goesOn(
  { isWhole, wouldRun }: Pick<Survey, "isWhole" | "wouldRun">,
  written: readonly string[],
  { env, stdout, stderr, json = false }: Pick<Runtime, "env" | "stdout" | "stderr" | "json">,
): boolean {
  if (isWhole || written.length === 0) return false;
  if (wouldRun.length === 0) return true;
  const names = few(wouldRun, 5);
  if (isInCi(env)) {
    (json ? stderr : stdout).write(
      `not read on: ${names} would run before anybody has reviewed what was written; review it, and run this again\n`,
    );
    return false;
  }
  stderr.write(`safe-install: ${names} runs now, to say what else comes: what was just written allows it\n`);
  return true;
}
