import { npmPath } from "./programs.ts";
import type { Sizes } from "./sizes.ts";
import { type Group, ms, times } from "./table.ts";
import { median, type Program, type Spent, spent, timed } from "./timing.ts";
import type { Workshop } from "./workshop.ts";

/** `check` with its evidence cached, beside npm's own look at the same lockfile; and of one change, against the last commit. */
export async function checks(workshop: Workshop, sizes: Sizes, python: string): Promise<Group> {
  workshop.forget();
  const cold = await timed(workshop.safeInstall("check"));
  workshop.commitAllButOne();
  const programs = {
    npm: workshop.program(npmPath(), "ci", "--dry-run"),
    ours: workshop.safeInstall("check"),
    changed: workshop.safeInstall("check", "--changed-since", "HEAD"),
  };
  const samples = await inTurn(sizes.rounds.check, programs, python);
  const of = (name: keyof typeof programs, what: keyof Spent = "ms") => median(samples[name].map((one) => one[what]));
  return {
    title: `Check: ${sizes.check} packages, all attested`,
    lines: [
      { name: "safe-install check, evidence cached", value: ms(of("ours")), target: "<= 1.3 s, then < 1 s" },
      { name: "the same, processor", value: ms(of("ours", "cpuMs")) },
      { name: "npm ci --dry-run", value: ms(of("npm")), ratio: times(of("ours"), of("npm")), target: "about 1x" },
      {
        name: "the same, processor",
        value: ms(of("npm", "cpuMs")),
        ratio: times(of("ours", "cpuMs"), of("npm", "cpuMs")),
      },
      { name: "check --changed-since, one package changed", value: ms(of("changed")), target: "<= 400 ms" },
      { name: "the same, processor", value: ms(of("changed", "cpuMs")) },
      { name: "safe-install check, cold (once)", value: ms(cold) },
    ],
    note: `medians of ${sizes.rounds.check}; the cold one fetches all evidence with ${sizes.latencyMs} ms latency; ${rawOf(samples)}`,
  };
}

type Samples<Name extends string> = Readonly<Record<Name, readonly Spent[]>>;

/** Each has its turn in each round, so that a slow minute hits all alike. */
async function inTurn<const Name extends string>(
  rounds: number,
  programs: Readonly<Record<Name, Program>>,
  python: string,
): Promise<Samples<Name>> {
  const names = Object.keys(programs) as Name[];
  const samples = Object.fromEntries(names.map((name) => [name, [] as Spent[]])) as Record<Name, Spent[]>;
  for (let round = 0; round < rounds; round++)
    for (const name of names) samples[name].push(await spent(python, programs[name]));
  return samples;
}

function rawOf(samples: Samples<string>): string {
  const rows = Object.entries(samples).map(([name, all]) => `${name} ${all.map(figures).join(" ")}`);
  return `seconds by the clock/of the processor: ${rows.join("; ")}`;
}

function figures({ ms: clock, cpuMs }: Spent): string {
  return `${(clock / 1000).toFixed(2)}/${(cpuMs / 1000).toFixed(2)}`;
}
