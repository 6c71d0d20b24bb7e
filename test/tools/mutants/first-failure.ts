import { afterEach, beforeEach, inject } from "vitest";

const ask = inject as (name: string) => unknown;
const mutant = ask("mode") === "mutant" ? ask("activeMutant") : undefined;
const noticed = globalThis as { noticedMutant?: unknown };

/** What promises to be done in time, or to need no more stack than a process has, fails here without any mutant. */
beforeEach(({ task, skip }) => skip(task.timeout < 60_000 || /\bdeep\b/.test(task.name)));

/** One test that fails is enough: what comes behind it is not run. Vitest's own `bail` would end the thread's next run, too. */
if (mutant !== undefined) {
  beforeEach(({ skip }) => skip(noticed.noticedMutant === mutant));
  afterEach(({ task }) => {
    if (task.result?.state === "fail") noticed.noticedMutant = mutant;
  });
}
