import { lstat } from "node:fs/promises";
import writeFileAtomic from "write-file-atomic";
import { SafeInstallError } from "../errors.ts";
import { readBounded } from "../io/files.ts";
import { LIMITS } from "../limits.ts";
import { recordedText as textOf } from "./propose/edit.ts";
import type { Draft } from "./draft.ts";
import { type Foundation, readPackages, shownBeside } from "./foundation.ts";

/**
 * The recorded file first: a policy never names one that is not there. @returns the names of the files that changed
 * @throws SafeInstallError POLICY_CHANGED since it was read; POLICY_LINK: a link is where a new file would be
 */
export async function writeDraft({ foundation, policyText, recordedText, plan }: Draft): Promise<readonly string[]> {
  const files: string[] = [];
  if (policyText !== null || recordedText !== null) await assertAsRead(foundation);
  if (recordedText !== null && plan.policy.recorded !== undefined) {
    await write(foundation.recordedFile, recordedText, foundation.policy.recorded === undefined);
    files.push(shownBeside(foundation, plan.policy.recorded.file));
  }
  if (policyText !== null) {
    await write(foundation.file, policyText, foundation.text === null);
    files.push(foundation.shown);
  }
  return files;
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

/** Where a file that is there leads was seen when it was read; in the place of a new one a clone may hold a link to any file of the user's. */
async function write(file: string, text: string, isNew: boolean): Promise<void> {
  const isLink = isNew && (await lstat(file).catch(() => null))?.isSymbolicLink() === true;
  if (isLink)
    throw new SafeInstallError("policy", "POLICY_LINK", `${file} is a link, in the place of a file that would be new`, {
      hint: "remove the link",
    });
  await writeFileAtomic(file, text);
}
