import { faultsOf } from "../support/lock-faults.ts";
import { expect, it } from "vitest";

it("no small change of npm's lock makes a package disappear from what is judged", async () => {
  const { faults, mutants } = await faultsOf("package-lock.json", { every: 1 });
  expect(faults).toEqual([]);
  expect(mutants).toBeGreaterThan(400);
});
