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

type IsNoticed = (one: Tried) => boolean;

interface Asking {
  /** The file that takes each verdict as soon as it is known. */
  readonly kept: string;
  /** Whether verdicts that it holds are taken over. */
  readonly again: boolean;
  /** Whether no more has to be asked. */
  readonly isEnough: (isNoticed: IsNoticed) => boolean;
}

/**
 * Asks the end-to-end tests about one mutant after the other, in a copy of the sources that is built with it. Noticed is what a test fails with
 * and passes without: that test is run once more without the mutant.
 *
 * What no unit test reaches comes first: an end-to-end test most often does.
 * @returns whether one is noticed; what was not asked about is not
 */
export async function askEndToEnd(mutants: readonly Tried[], { kept, again, isEnough }: Asking): Promise<IsNoticed> {
  const verdicts = new Map<string, Verdict>(again && existsSync(kept) ? readVerdicts(kept) : []);
  const isNoticed = (one: Tried) => verdicts.get(keyOf(one))?.noticed === true;
  const copy = makeCopy();
  const green = new Set<string>();
  try {
    for (const one of mutants.toSorted((left, right) => Number(left.reached) - Number(right.reached))) {
      if (isEnough(isNoticed)) break;
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
  return isNoticed;
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
  return { noticed: false, by: tests.join(" "), why: "passed" };
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
