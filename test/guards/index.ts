/**
 * Removes guards one at a time, in copies of the sources, and shows that the test named for each goes red.
 * `npm run test:guards [-- NAME...]`. A guard whose removal nobody notices fails the run.
 */
import { makeCopy } from "./copy.ts";
import type { Guard } from "./guard.ts";
import { GUARDS } from "./guards.ts";
import pMap from "p-map";

const chosen = process.argv.slice(2).map((word) => word.toLowerCase());
const guards = chosen.length === 0 ? GUARDS : GUARDS.filter((guard) => chosen.some((part) => isMeant(guard, part)));
const copies = [makeCopy(), makeCopy()];
process.once("exit", () => {
  for (const copy of copies) copy.remove();
});

await mustBeGreen();
const started = Date.now();
const outcomes = await pMap(guards, isNoticed, { concurrency: copies.length });
const red = outcomes.filter(Boolean).length;
console.log(`${red} passed, ${guards.length - red} failed, ${Math.round((Date.now() - started) / 1000)} s`);
process.exitCode = red === guards.length ? 0 : 1;

function isMeant({ name, file, code }: Guard, part: string): boolean {
  return [name, file, code ?? ""].some((text) => text.toLowerCase().includes(part));
}

/** The tests must pass before anything is removed: red would prove nothing otherwise. */
async function mustBeGreen(): Promise<void> {
  const [copy] = copies;
  const files = [...new Set(guards.map(({ test }) => test))];
  const { failed, passed, output } = await copy!.run(files, [...new Set(guards.map(({ named }) => named))]);
  if (failed === 0 && passed > 0) return;
  console.log(output);
  throw new Error("the tests fail before any guard is removed");
}

/** Red is a test that ran and failed; sources that can no longer be loaded prove nothing. */
async function isNoticed(guard: Guard): Promise<boolean> {
  const copy = copies.pop()!;
  const restore = copy.edit(guard);
  try {
    const { failed, passed } = await copy.run([guard.test], [guard.named]);
    const word = failed > 0 ? "red    " : passed > 0 ? "GREEN  " : "NOT RUN";
    console.log(`${word}  ${guard.name}${guard.code === undefined ? "" : `  (${guard.code})`}`);
    return failed > 0;
  } finally {
    restore();
    copies.push(copy);
  }
}
