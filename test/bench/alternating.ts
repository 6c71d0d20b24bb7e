import { type Line, ms, times } from "./table.ts";
import { median, type Program, type Spent, spent } from "./timing.ts";

/** One of the two that are compared. */
export interface Side<State extends string> {
  readonly name: "plain" | "gated";
  /** Makes what the next run finds; not measured. */
  prepare(state: State): void | Promise<void>;
  readonly program: Program;
}

/** Of each state, in the order of its runs. */
export type Samples<State extends string> = Readonly<
  Record<State, Readonly<Record<Side<State>["name"], readonly Spent[]>>>
>;

/** One after the other in every state, so that a slow minute hits both alike. */
export async function alternate<const State extends string>(
  sides: readonly Side<State>[],
  states: readonly State[],
  how: { readonly rounds: number; readonly python: string },
): Promise<Samples<State>> {
  const samples = Object.fromEntries(
    states.map((state) => [state, { plain: [] as Spent[], gated: [] as Spent[] }]),
  ) as Record<State, { readonly plain: Spent[]; readonly gated: Spent[] }>;
  for (let round = 0; round < how.rounds; round++)
    for (const state of states)
      for (const side of sides) {
        await side.prepare(state);
        samples[state][side.name].push(await spent(how.python, side.program));
      }
  return samples;
}

/** By the clock and of the processor, plain first. */
export function linesOf<State extends string>(
  state: State,
  samples: Samples<State>,
  { command, target }: { readonly command: string; readonly target: string },
): readonly Line[] {
  const of = (name: Side<State>["name"], what: keyof Spent) => median(samples[state][name].map((one) => one[what]));
  const line = (what: keyof Spent, unit: string): Line => ({
    name: `safe-install ${command}, ${state}${unit}`,
    value: ms(of("gated", what)),
    ratio: times(of("gated", what), of("plain", what)),
    target,
  });
  return [
    { name: `${command}, ${state}`, value: ms(of("plain", "ms")) },
    line("ms", ""),
    { name: `${command}, ${state}, processor`, value: ms(of("plain", "cpuMs")) },
    line("cpuMs", ", processor"),
  ];
}

/** What a shared machine does to the clock, the raw samples show. */
export function rawSamples<State extends string>(samples: Samples<State>, rounds: number): string {
  const raw = Object.entries<Readonly<Record<Side<State>["name"], readonly Spent[]>>>(samples).flatMap(([state, of]) =>
    (["plain", "gated"] as const).map((name) => {
      const figures = of[name].map((one) => `${(one.ms / 1000).toFixed(2)}/${(one.cpuMs / 1000).toFixed(2)}`);
      return `${state} ${name} ${figures.join(" ")}`;
    }),
  );
  return `medians of ${rounds} alternating runs; seconds by the clock/of the processor: ${raw.join("; ")}`;
}
