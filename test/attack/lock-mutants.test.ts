import { faultsOf } from "../support/lock-faults.ts";
import { LOCKS } from "../support/lock-samples.ts";
import { describe, expect, it } from "vitest";

describe("no small change of a lock makes a package disappear from what is judged", () => {
  /** npm's reader builds a whole tree for each: here every ninth, in `test/long` all of them. */
  const every = (name: string): number => (name === "package-lock.json" ? 9 : 1);

  it.each(Object.keys(LOCKS))("%s", async (name) => {
    const { faults, judged, mutants } = await faultsOf(name, { every: every(name) });
    expect(faults).toEqual([]);
    expect(judged).toBeGreaterThan(0);
    expect(mutants * every(name)).toBeGreaterThan(name === "dotnet-tools.json" ? 250 : 400);
  });
});
