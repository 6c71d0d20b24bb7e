import type { Host } from "../../src/plugin.ts";
import type { Feed } from "./feed.ts";
import { askProviders } from "./providers.ts";
import type { Credentials } from "./settings.ts";

/** What credential providers gave for one feed in this run. */
export interface Provided {
  /** The newest, while somebody is asking too; null: nobody was asked yet, or had any. */
  known(): Promise<Credentials | null>;
  /** Asks: first for any, then (1) because the first were not accepted. Many who ask at once are one question. */
  next(tries: number): Promise<Credentials | null>;
}

const asked = new WeakMap<Host, Map<string, Promise<Credentials | null>[]>>();

export function providedFor({ address, project }: Feed, host: Host): Provided {
  const feeds = asked.get(host) ?? new Map<string, Promise<Credentials | null>[]>();
  asked.set(host, feeds);
  const answers = feeds.get(address) ?? [];
  feeds.set(address, answers);
  return {
    known: async () => (await answers.at(-1)) ?? null,
    next: (tries) => (answers[tries] ??= askProviders({ address, isRetry: tries > 0 }, project, host)),
  };
}
