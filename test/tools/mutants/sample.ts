import { createHash } from "node:crypto";
import { relative } from "node:path";

export interface Sample {
  /** On the whole one mutant in so many. */
  readonly oneIn: number;
  /** Several, with commas between them: whatever one of them would try. */
  readonly seed: string;
}

/** A mutant as Stryker tells of it, with a path relative to the repository; lines and columns may count from any number. */
export interface Spot {
  readonly file: string;
  readonly mutatorName: string;
  readonly replacement: string;
  readonly location: { readonly start: Position; readonly end: Position };
}

interface Position {
  readonly line: number;
  readonly column: number;
}

/** By seed and mutant alone, so that the same command tries the same mutants of the same sources. */
export function isInSample({ oneIn, seed }: Sample, { file, mutatorName, replacement, location }: Spot): boolean {
  const { start, end } = location;
  const size = end.line === start.line ? end.column - start.column : 0;
  return seed.split(",").some((one) => {
    const text = JSON.stringify([one, file, mutatorName, replacement, size]);
    return createHash("sha256").update(text).digest().readUInt32BE(0) % oneIn === 0;
  });
}

interface Mutant extends Omit<Spot, "file"> {
  readonly id: string;
  readonly fileName: string;
}

/** Stryker's plugins: a mutant outside of the sample is passed by as if it did not compile; one that nobody notices is named at once. */
export const strykerPlugins = [
  { kind: "Checker", name: "sample", factory: checker },
  { kind: "Reporter", name: "unnoticed", factory: reporter },
];

function reporter() {
  return {
    onMutantTested: ({ status, fileName, location, replacement }: Mutant & { readonly status: string }) => {
      if (status !== "Survived" && status !== "NoCoverage") return;
      console.log(`unnoticed: ${relative(process.cwd(), fileName)}:${location.start.line} -> ${replacement}`);
    },
  };
}

function checker() {
  const sample = { oneIn: Number(process.env["MUTANTS_ONE_IN"] ?? "1"), seed: process.env["MUTANTS_SEED"] ?? "1" };
  return {
    init: () => Promise.resolve(),
    group: (mutants: readonly Mutant[]) => Promise.resolve(mutants.map(({ id }) => [id])),
    check: (mutants: readonly Mutant[]) =>
      Promise.resolve(Object.fromEntries(mutants.map((one) => [one.id, ask(one)]))),
  };

  function ask(mutant: Mutant): { readonly status: string; readonly reason?: string } {
    const file = relative(process.cwd(), mutant.fileName).replaceAll("\\", "/");
    return isInSample(sample, { ...mutant, file })
      ? { status: "passed" }
      : { status: "compileError", reason: "not in the sample" };
  }
}
