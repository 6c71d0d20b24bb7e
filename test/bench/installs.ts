import { alternate, linesOf, rawSamples, type Side } from "./alternating.ts";
import { beside, npmPath } from "./programs.ts";
import type { RemoteRegistry } from "./registry.ts";
import type { Sizes } from "./sizes.ts";
import { type Group, ms, times } from "./table.ts";
import { type Program, sideBySide, timed } from "./timing.ts";
import { writeTufCache } from "./tuf-cache.ts";
import type { Workshop } from "./workshop.ts";
import { join } from "node:path";

/** `npm ci`, plain and gated, each with a home of its own: with nothing in any cache, and with all that an earlier run left. */
export async function npmInstalls(
  [plain, gated]: readonly [Workshop, Workshop],
  sizes: Sizes,
  python: string,
): Promise<Group> {
  const side = (name: Side<State>["name"], workshop: Workshop, program: Program): Side<State> => ({
    name,
    prepare: (state) => (state === "cold" ? workshop.forget() : workshop.uninstall()),
    program,
  });
  const sides = [
    side("plain", plain, plain.program(npmPath(), "ci")),
    side("gated", gated, gated.safeInstall("npm", "ci")),
  ];
  const samples = await alternate(sides, STATES, { rounds: sizes.rounds.install, python });
  return {
    title: `npm ci: ${sizes.install} packages, all attested, ${sizes.latencyMs} ms latency`,
    lines: STATES.flatMap((state) => linesOf(state, samples, { command: "npm ci", target: GOALS[state] })),
    note: rawSamples(samples, sizes.rounds.install),
  };
}

const STATES = ["cold", "warm"] as const;
type State = (typeof STATES)[number];

const GOALS: Readonly<Record<State, string>> = { cold: "<= 1.15x, then 1.0x", warm: "<= 1.4x, then 1.15x" };

/** Cold installs: nothing in any cache, no node_modules. */
export async function coldInstalls(workshop: Workshop, registry: RemoteRegistry, sizes: Sizes): Promise<Group> {
  const before = () => workshop.forget();
  const npmCi = workshop.program(npmPath(), "ci");
  const tufCache = join(workshop.home, ".npm", "_tuf");
  const pacote = workshop.program(
    beside("./pacote-peer.js"),
    registry.url,
    join(workshop.home, ".npm", "_cacache"),
    tufCache,
  );
  const median = await sideBySide(sizes.rounds.install, {
    npm: { before, run: () => timed(npmCi) },
    ours: { before, run: () => timed(workshop.safeInstall("npm", "ci")) },
    verified: {
      before() {
        workshop.forget();
        writeTufCache(tufCache, registry.trustedRoot);
      },
      run: async () => (await timed(npmCi)) + (await timed(pacote)),
    },
  });
  return {
    title: `Cold install: ${sizes.install} packages, all attested, ${sizes.latencyMs} ms latency`,
    lines: [
      { name: "safe-install npm ci", value: ms(median.ours) },
      {
        name: "npm ci",
        value: ms(median.npm),
        ratio: times(median.ours, median.npm),
        target: "<= 1.15x, then <= 1.0x",
      },
      {
        name: "npm ci, then pacote's own verification",
        value: ms(median.verified),
        ratio: times(median.ours, median.verified),
        target: "< 1x, then 0.2x",
      },
    ],
    note:
      `medians of ${sizes.rounds.install}. npm audit signatures itself asks Sigstore's TUF mirror first and cannot run on loopback: ` +
      "its pacote calls run here instead, full packuments (small ones here), a TUF cache on disk, no registry signatures",
  };
}
