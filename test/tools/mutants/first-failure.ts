import { afterEach, beforeEach, inject } from "vitest";

/** One test that fails is enough: what comes behind it is not run. Vitest's own `bail` would end the thread's next run, too. */
const ask = inject as (name: string) => unknown;
const mutant = ask("mode") === "mutant" ? ask("activeMutant") : undefined;
const noticed = globalThis as { noticedMutant?: unknown };

if (mutant !== undefined) {
  beforeEach(({ skip }) => skip(noticed.noticedMutant === mutant));
  afterEach(({ task }) => {
    if (task.result?.state === "fail") noticed.noticedMutant = mutant;
  });
}
