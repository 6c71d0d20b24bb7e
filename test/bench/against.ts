import { BIN_PATH, npmPath } from "./programs.ts";
import { startRemoteRegistry } from "./registry.ts";
import type { Sizes } from "./sizes.ts";
import { type Group, ms, times } from "./table.ts";
import { type Contender, sideBySide, timed } from "./timing.ts";
import { openWorkshop, type Workshop } from "./workshop.ts";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** What two checkouts are compared by. */
type Work = (workshop: Workshop, bin: string) => Contender;

/**
 * This checkout beside another one, in one sitting: each has its own caches, and both have their turn in each round.
 * @param path of the other checkout, which is built
 */
export async function* against(path: string, sizes: Sizes, folder: string): AsyncGenerator<Group> {
  const other = join(resolve(path), "dist", "src", "bin.js");
  if (!existsSync(other)) throw new Error(`there is no ${other}: npm ci && npm run build there first`);
  const { latencyMs, install, check, rounds } = sizes;
  const registry = await startRemoteRegistry({ count: Math.max(install, check), latencyMs });
  const [mine, theirs] = ["this", "other"].map((name) => join(folder, name)) as [string, string];
  for (const place of [mine, theirs]) mkdirSync(place);
  const open = (count: number) => [openWorkshop(mine, registry, count), openWorkshop(theirs, registry, count)] as const;
  const some = open(install);
  const many = open(check);
  try {
    yield await compare(`Cold npm ci: ${install} packages`, some, other, rounds.install, cold);
    yield await compare(`Warm npm ci: ${install} packages`, some, other, rounds.install, warm);
    for (const [at, bin] of [BIN_PATH, other].entries()) await timed(many[at === 0 ? 0 : 1].program(bin, "check"));
    yield await compare(`check, evidence cached: ${check} packages`, many, other, rounds.check, checked);
    yield await decisionsOf(folder, [some[0], many[0]], other);
  } finally {
    await registry.close();
  }
}

/** The decision logs of both, over the same projects: equal but for the time at which they were written. */
async function decisionsOf(folder: string, workshops: readonly Workshop[], other: string): Promise<Group> {
  const lines = [];
  for (const [at, workshop] of workshops.entries()) {
    const logs = [];
    for (const bin of [BIN_PATH, other]) {
      const log = join(folder, `decisions-${at}-${logs.length}`);
      await timed(workshop.program(bin, "check", "--log", log));
      logs.push(readFileSync(log, "utf8").replaceAll(/"time":"[^"]*"/g, ""));
    }
    const [mine = "", theirs] = logs;
    lines.push({ name: `${mine.split("\n").length - 1} decisions`, value: mine === theirs ? "equal" : "DIFFERENT" });
  }
  return { title: "Decision logs of the two checkouts", lines, note: "byte by byte, but for the time in each line" };
}

async function compare(
  title: string,
  [mine, theirs]: readonly [Workshop, Workshop],
  other: string,
  rounds: number,
  work: Work,
): Promise<Group> {
  const median = await sideBySide(rounds, {
    npm: title.startsWith("check") ? plain(mine, "--dry-run") : work(mine, npmPath()),
    theirs: work(theirs, other),
    ours: work(mine, BIN_PATH),
  });
  return {
    title,
    lines: [
      { name: "this checkout", value: ms(median.ours) },
      {
        name: "the other checkout",
        value: ms(median.theirs),
        ratio: times(median.ours, median.theirs),
        target: "<= 1.05x",
      },
      { name: "npm itself", value: ms(median.npm), ratio: times(median.ours, median.npm) },
    ],
    note: `medians of ${rounds}, in turn; the other one is ${times(median.theirs, median.npm)} of npm itself`,
  };
}

const cold: Work = (workshop, bin) => ({
  before: () => workshop.forget(),
  run: () => timed(workshop.program(bin, ...ci(bin))),
});

const warm: Work = (workshop, bin) => ({
  before: () => workshop.uninstall(),
  run: () => timed(workshop.program(bin, ...ci(bin))),
});

const checked: Work = (workshop, bin) => ({ run: () => timed(workshop.program(bin, "check")) });

function plain(workshop: Workshop, ...options: readonly string[]): Contender {
  return { run: () => timed(workshop.program(npmPath(), "ci", ...options)) };
}

function ci(bin: string): readonly string[] {
  return bin === npmPath() ? ["ci"] : ["npm", "ci"];
}
