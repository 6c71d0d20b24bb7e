import { type Copy, makeCopy } from "../../guards/copy.ts";
import type { Guard } from "../../guards/guard.ts";
import { testsReaching } from "./reaching.ts";
import type { Tried } from "./score.ts";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";

/** What end-to-end tests said of one mutant. */
interface Verdict {
  readonly noticed: boolean;
  /** The test that notices, or what was asked; and its first words. */
  readonly by: string;
  readonly why: string;
}

/**
 * Asks the end-to-end tests about each mutant, in a copy of the sources that is built with it. Noticed is what a test fails with
 * and passes without: that test is run once more without the mutant.
 * @param kept the file that takes each verdict as soon as it is known
 * @param again whether verdicts that it holds are taken over
 * @returns whether one is noticed
 */
export async function askEndToEnd(
  mutants: readonly Tried[],
  { kept, again }: { readonly kept: string; readonly again: boolean },
): Promise<(one: Tried) => boolean> {
  const verdicts = new Map<string, Verdict>(again && existsSync(kept) ? readVerdicts(kept) : []);
  const copy = makeCopy();
  const green = new Set<string>();
  try {
    for (const one of mutants) {
      if (verdicts.has(keyOf(one))) continue;
      const verdict = await verdictOf(one, copy, green);
      verdicts.set(keyOf(one), verdict);
      writeFileSync(kept, JSON.stringify([...verdicts], null, 1));
      const word = verdict.noticed ? "noticed" : "LEFT   ";
      console.log(`${word} ${one.file}:${one.line} ${one.of} -> ${one.to}\n        ${verdict.by}: ${verdict.why}`);
    }
  } finally {
    copy.remove();
  }
  return (one) => verdicts.get(keyOf(one))?.noticed === true;
}

function readVerdicts(kept: string): readonly (readonly [string, Verdict])[] {
  return JSON.parse(readFileSync(kept, "utf8")) as readonly (readonly [string, Verdict])[];
}

/** By what the file becomes: where anything else of it changes, it is asked anew. */
function keyOf({ file, mutated }: Tried): string {
  return `${file} ${createHash("sha256").update(mutated).digest("hex")}`;
}

async function verdictOf(one: Tried, copy: Copy, green: Set<string>): Promise<Verdict> {
  const tests = testsReaching(one.file);
  for (const test of tests) {
    const [failure] = await failuresWith(one, test, copy);
    if (failure === undefined) continue;
    const [title, why] = failure;
    // A file that fails as a whole has no title.
    if (await isGreen(test, title, copy, green)) return { noticed: true, by: `${test} ${title}`, why };
  }
  return { noticed: false, by: tests.join(" "), why: tests.length === 0 ? "no test is known to reach it" : "passed" };
}

async function failuresWith(one: Tried, test: string, copy: Copy): Promise<readonly (readonly [string, string])[]> {
  const restore = copy.edit(whole(one));
  try {
    const { passed, failed, failures } = await copy.run([test], [""]);
    return failed === 0 && passed === 0 ? [["", "the file did not run"]] : failures;
  } finally {
    restore();
  }
}

function whole({ file, source, mutated }: Tried): Guard {
  return { name: file, file, remove: source, put: mutated, test: "", named: "" };
}

async function isGreen(test: string, title: string, copy: Copy, green: Set<string>): Promise<boolean> {
  const key = `${test} ${title}`;
  if (green.has(key)) return true;
  const { passed, failed } = await copy.run([test], [title]);
  if (failed > 0 || passed === 0) return false;
  green.add(key);
  return true;
}
