import { appendFileSync } from "node:fs";
import { afterAll, afterEach, beforeEach, inject } from "vitest";

const ask = inject as (name: string) => unknown;
const mutant = ask("mode") === "mutant" ? (ask("activeMutant") as string) : undefined;
const noticed = globalThis as { noticedMutant?: unknown; hasLoadedAll?: boolean };

/**
 * Stryker wakes a mutant before the first test alone, and the thread is the one of the mutant before: what a file of tests does
 * while it loads is done with this one, never with another. In a thread that has not run all tests without any, modules are
 * still to be loaded, and stay for the mutants behind: there nothing is awake while they are.
 */
const stryker = (globalThis as Record<string, unknown>)[ask("globalNamespace") as string] as {
  activeMutant?: unknown;
  hitCount?: number;
};
if (mutant === undefined) noticed.hasLoadedAll = true;
else stryker.activeMutant = noticed.hasLoadedAll === true ? mutant : undefined;

/** What promises to be done in time, or to need no more stack than a process has, fails here without any mutant. */
beforeEach(({ task, skip }) => skip(task.timeout < 60_000 || /(?<![\w/"])deep(?![\w/"])/.test(task.name)));

/** What runs while a module loads runs once, whoever loads it: a mutant that no test came by again was not tried. */
const { MUTANTS_MET: met } = process.env;
if (mutant !== undefined && met !== undefined)
  afterAll(() => {
    if ((stryker.hitCount ?? 0) > 0) appendFileSync(met, `${mutant}\n`);
  });

/** One test that fails is enough: what comes behind it is not run. Vitest's own `bail` would end the thread's next run, too. */
if (mutant !== undefined) {
  beforeEach(({ skip }) => skip(noticed.noticedMutant === mutant));
  afterEach(({ task }) => {
    if (task.result?.state === "fail") noticed.noticedMutant = mutant;
  });
}
