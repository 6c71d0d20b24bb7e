import writeFileAtomic from "write-file-atomic";
import type { Draft } from "./draft.ts";
import { shownBeside } from "./foundation.ts";

/** The recorded file first: a policy never names one that is not there. @returns the names of the files that changed */
export async function writeDraft({ foundation, policyText, recordedText, plan }: Draft): Promise<readonly string[]> {
  const files: string[] = [];
  if (recordedText !== null && plan.policy.recorded !== undefined) {
    await writeFileAtomic(foundation.recordedFile, recordedText);
    files.push(shownBeside(foundation, plan.policy.recorded.file));
  }
  if (policyText !== null) {
    await writeFileAtomic(foundation.file, policyText);
    files.push(foundation.shown);
  }
  return files;
}
