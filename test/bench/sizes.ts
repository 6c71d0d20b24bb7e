/** How much is measured. */
export interface Sizes {
  readonly install: number;
  readonly check: number;
  readonly bundles: number;
  readonly wheels: number;
  readonly packages: number;
  readonly latencyMs: number;
  /** Packages of the locks that growth is shown by. */
  readonly growth: readonly number[];
  /** Rounds of the medians: whole installs, checks, passes over all bundles, start-ups. */
  readonly rounds: {
    readonly install: number;
    readonly pip: number;
    readonly dotnet: number;
    readonly check: number;
    readonly verification: number;
    readonly startup: number;
    readonly growth: number;
  };
}

export const FULL: Sizes = {
  install: 300,
  check: 1000,
  bundles: 300,
  wheels: 60,
  packages: 60,
  latencyMs: 20,
  growth: [100, 300, 1000, 3000, 10_000],
  rounds: { install: 7, pip: 7, dotnet: 7, check: 7, verification: 7, startup: 15, growth: 3 },
};

/** Under a minute: shows that everything runs; its numbers mean little. */
export const QUICK: Sizes = {
  install: 20,
  check: 40,
  bundles: 20,
  wheels: 4,
  packages: 4,
  latencyMs: 20,
  growth: [10, 20],
  rounds: { install: 1, pip: 1, dotnet: 1, check: 1, verification: 1, startup: 1, growth: 1 },
};
