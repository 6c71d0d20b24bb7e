import { lstat } from "node:fs/promises";
import { SafeInstallError } from "../errors.ts";
import { readBounded } from "../io/files.ts";
import { placeOf, writeOutput } from "../io/output.ts";
import { LIMITS } from "../limits.ts";
import { recordedText as textOf } from "./propose/edit.ts";
import type { Draft } from "./draft.ts";
import { type Foundation, readPackages, shownBeside } from "./foundation.ts";

/**
 * The recorded file first: a policy never names one that is not there. @returns the names of the files that changed
 * @throws SafeInstallError POLICY_CHANGED since it was read; RECORDED_UNNAMED; OUTPUT_LINK: no link is followed
 */
export async function writeDraft(draft: Written): Promise<readonly string[]> {
  const { foundation, policyText, recordedText, plan } = draft;
  const { recordedFile, file, policy, repositoryRoot: root } = foundation;
  const named = recordedText === null ? undefined : plan.policy.recorded?.file;
  const files = [
    ...(named === undefined || recordedText === null
      ? []
      : [{ path: recordedFile, text: recordedText, shown: shownBeside(foundation, named) }]),
    ...(policyText === null ? [] : [{ path: file, text: policyText, shown: foundation.shown }]),
  ];
  if (files.length > 0) await assertAsRead(foundation);
  for (const { path } of files) await placeOf(path, root);
  if (named !== undefined && policy.recorded === undefined)
    await assertFree(recordedFile, shownBeside(foundation, named));
  for (const { path, text } of files) await writeOutput(path, text, root);
  return files.map(({ shown }) => shown);
}

type Written = Pick<Draft, "foundation" | "policyText" | "recordedText"> & {
  readonly plan: Pick<Draft["plan"], "policy">;
};

/** Digests that somebody else's program, or an earlier policy, goes by. */
async function assertFree(file: string, shown: string): Promise<void> {
  if ((await lstat(file).catch(() => null)) === null) return;
  throw new SafeInstallError("policy", "RECORDED_UNNAMED", `${shown} is there, and no policy names it`, {
    hint: `nothing was written: name it in the policy ("recorded"), or move it away`,
  });
}

/** Collecting evidence takes a while: a revocation that somebody has written meanwhile must not get lost. */
async function assertAsRead({ file, shown, text, policy, recordedFile, recorded }: Foundation): Promise<void> {
  const now = await readBounded(file, { maxBytes: LIMITS.policyBytes });
  const digests = policy.recorded === undefined ? recorded : await readPackages(recordedFile);
  if ((now?.toString("utf8") ?? null) === text && textOf(digests) === textOf(recorded)) return;
  throw new SafeInstallError("policy", "POLICY_CHANGED", `${shown}, or its recorded file, changed in the meantime`, {
    hint: "nothing was written: run it again",
  });
}
