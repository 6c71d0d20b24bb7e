import type { Host } from "../../src/plugin.ts";
import { askProviders } from "./providers.ts";
import type { Credentials } from "./settings.ts";

/** What one run has learnt of a feed, so that it is asked once. */
export interface Learnt {
  /** The address of its packages, from its service index. */
  base: Promise<string> | null;
  /** What credential providers gave, in the order of asking. */
  readonly provided: Promise<Credentials | null>[];
}

/** Of all feeds, by address; made once a run. */
export type LearntFeeds = Map<string, Learnt>;

export function learntOf(address: string, feeds: LearntFeeds): Learnt {
  const learnt = feeds.get(address) ?? nothingLearnt();
  feeds.set(address, learnt);
  return learnt;
}

export function nothingLearnt(): Learnt {
  return { base: null, provided: [] };
}

/** What credential providers gave for one feed in this run. */
export interface Provided {
  /** The newest, while somebody is asking too; null: nobody was asked yet, or had any. */
  known(): Promise<Credentials | null>;
  /** Asks: first for any, then (1) because the first were not accepted. Many who ask at once are one question. */
  next(tries: number): Promise<Credentials | null>;
}

/** @param project no provider inside of it is asked */
export function providedFor(address: string, project: string, { provided }: Learnt, host: Host): Provided {
  return {
    known: async () => (await provided.at(-1)) ?? null,
    next: (tries) => (provided[tries] ??= askProviders({ address, isRetry: tries > 0 }, project, host)),
  };
}
