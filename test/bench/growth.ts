import { startRemoteRegistry } from "./registry.ts";
import type { Sizes } from "./sizes.ts";
import { type Group, type Line, ms } from "./table.ts";
import { median, peakMemory, type Spent, spent } from "./timing.ts";
import { openWorkshop } from "./workshop.ts";

/** How `check` grows with the lock: the time by the clock and of the processor, the memory, and what is asked for. */
export async function growth(folder: string, sizes: Sizes, python: string): Promise<Group> {
  const registry = await startRemoteRegistry({ count: Math.max(...sizes.growth), latencyMs: 0 });
  const lines: Line[] = [];
  try {
    for (const count of sizes.growth) {
      const workshop = openWorkshop(folder, registry, count);
      const check = workshop.safeInstall("check");
      await registry.requests();
      const cold = await spent(python, check);
      const asked = await registry.requests();
      const samples: Spent[] = [];
      for (let round = 0; round < sizes.rounds.growth; round++) samples.push(await spent(python, check));
      const memory = await peakMemory(check);
      const again = await registry.requests();
      const [clock, processor] = (["ms", "cpuMs"] as const).map((what) => median(samples.map((one) => one[what])));
      const requests = `${asked.attestations} requests, then ${again.attestations + again.tarballs + again.others}`;
      lines.push({
        name: `${count}: processor ${ms(processor ?? 0)}, ${memory.toFixed(0)} MB, ${requests}; cold ${ms(cold.ms)}`,
        value: ms(clock ?? 0),
        ratio: `${((processor ?? 0) / count).toFixed(2)} ms`,
      });
    }
  } finally {
    await registry.close();
  }
  return {
    title: "Growth: check by packages of the lock, evidence cached; the last column is of the processor, a package",
    lines,
    note: `medians of ${sizes.rounds.growth}; no latency; memory is the peak of one further run`,
  };
}
