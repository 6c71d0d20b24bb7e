import { SafeInstallError } from "../../src/errors.ts";
import { mutantsOf, type Mutant } from "./lock-mutants.ts";
import { readingOf } from "./lock-readings.ts";
import { LOCKS, MANIFEST } from "./lock-samples.ts";

/** What was read wrongly of the mutants of the sample of this name: every mutant, or every third, … */
export async function faultsOf(
  name: string,
  { every }: { readonly every: number },
): Promise<{ readonly faults: readonly string[]; readonly judged: number; readonly mutants: number }> {
  const lock = LOCKS[name] ?? null;
  const read = await readingOf(name, MANIFEST);
  const judged = (await read(lock)) ?? new Set();
  const mutants = mutantsOf(lock).filter((_, index) => index % every === 0);
  const faults: string[] = [];
  for (const mutant of mutants) {
    const found = await read(mutant.lock).catch((error: unknown) =>
      error instanceof SafeInstallError ? null : (error as Error),
    );
    if (found instanceof Error) faults.push(`${mutant.change}: ${found.message}`);
    else if (found !== null && isLess(found, judged, mutant)) faults.push(`${mutant.change}: judged is ${found.size}`);
  }
  return { faults, judged: judged.size, mutants: mutants.length };
}

/** Under another name a package is another one; otherwise every one that was judged still is. */
function isLess(found: ReadonlySet<string>, judged: ReadonlySet<string>, { renames }: Mutant): boolean {
  return renames ? found.size < judged.size : [...judged].some((one) => !found.has(one));
}
