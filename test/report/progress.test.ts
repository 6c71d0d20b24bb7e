import { counting } from "../../src/report/progress.ts";
import { allowed, denied } from "../support/report.ts";
import { expect, it } from "vitest";

function told() {
  let line = () => "";
  const clock = { time: 500 };
  let ended = 0;
  const progress = counting({
    show: (counts, lasting) => void (line = () => `${counts} ${lasting()}`.trim()),
    end: () => void ended++,
    now: () => clock.time,
  });
  return { progress, clock, last: () => line(), ended: () => ended };
}

it("counts what is judged and what of it is denied", () => {
  const { progress, last, ended } = told();
  progress.start(3);
  expect(last()).toBe("proving 0/3 packages");
  progress.judged(allowed("a"));
  expect(last()).toBe("proving 1/3 packages");
  progress.judged(denied("b", "NO_RULE"));
  progress.judged(denied("c", "NO_RULE", "audited"));
  expect(last()).toBe("proving 3/3 packages, 1 denied");
  expect(ended()).toBe(0);
  progress.end();
  expect(ended()).toBe(1);
});

it.each([
  [1999, "proving 1/900 packages"],
  [2000, "proving 1/900 packages 2 s, 0.5/s"],
  [59_999, "proving 1/900 packages 59 s"],
  [185_000, "proving 1/900 packages 3 min 5 s"],
])("of work that lasts it says for how long, and how many a second (%i ms)", (elapsed, line) => {
  const { progress, clock, last } = told();
  progress.start(900);
  progress.judged(allowed("a"));
  clock.time += elapsed;
  expect(last()).toBe(line);
});

it("a second part begins anew", () => {
  const { progress, clock, last } = told();
  progress.start(200);
  clock.time += 4000;
  for (let count = 0; count < 100; count++) progress.judged(denied("a", "NO_RULE"));
  expect(last()).toBe("proving 100/200 packages, 100 denied 4 s, 25/s");
  progress.start(1);
  expect(last()).toBe("proving 0/1 package");
});
