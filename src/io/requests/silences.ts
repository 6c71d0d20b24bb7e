import { TimeUp } from "../deadline.ts";

/** Who let us wait in vain, and how often since he last answered. */
export interface Silences {
  count(place: URL): number;
  ended(place: URL, error: unknown): void;
}

export function countSilences(): Silences {
  const counts = new Map<string, number>();
  const count = ({ origin }: URL) => counts.get(origin) ?? 0;
  return {
    count,
    ended: (place, error) => void counts.set(place.origin, isSilence(error) ? count(place) + 1 : 0),
  };
}

function isSilence(error: unknown): boolean {
  return error instanceof TimeUp || (error as { readonly code?: string } | null)?.code === "UND_ERR_CONNECT_TIMEOUT";
}
