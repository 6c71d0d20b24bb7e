import { SourceUnavailable } from "../../../src/plugin.ts";

/** Which places have answered in this run. */
export interface KnownPlaces {
  /**
   * Asks an address. The first question to a place goes alone, and where the place cannot be reached at all, it is the last:
   * whoever asks afterwards hears at once what the first one heard.
   * @throws SourceUnavailable with the place itself for its location where it is down
   */
  ask<T>(url: string, question: () => Promise<T>): Promise<T>;
}

interface KnownPlace {
  /** Settles with the first question; never rejects. */
  readonly first: Promise<void>;
  hasAnswered: boolean;
  /** In vain, one after another. */
  failures: number;
  /** Why it is asked no more. */
  down: string | null;
}

export function openKnownPlaces(): KnownPlaces {
  const places = new Map<string, KnownPlace>();
  return { ask };

  async function ask<T>(url: string, question: () => Promise<T>): Promise<T> {
    const { origin } = new URL(url);
    const known = places.get(origin);
    if (known === undefined) return begin(origin, question);
    await known.first;
    if (known.down !== null) throw new SourceUnavailable(origin, known.down);
    return follow(origin, known, question);
  }

  function begin<T>(origin: string, question: () => Promise<T>): Promise<T> {
    const place: KnownPlace = { first: Promise.resolve(), hasAnswered: false, failures: 0, down: null };
    const answer = follow(origin, place, question);
    const settled = () => {};
    places.set(origin, Object.assign(place, { first: answer.then(settled, settled) }));
    return answer;
  }
}

async function follow<T>(origin: string, place: KnownPlace, question: () => Promise<T>): Promise<T> {
  try {
    const answer = await question();
    place.hasAnswered = true;
    place.failures = 0;
    return answer;
  } catch (error) {
    if (!(error instanceof SourceUnavailable) || !UNREACHED.test(error.reason)) throw error;
    place.failures += 1;
    if (place.failures < (place.hasAnswered ? FAILURES : 1)) throw error;
    place.down = `the place cannot be reached: ${error.reason}`;
    throw new SourceUnavailable(origin, place.down);
  }
}

/** One that has answered before may be busy. */
const FAILURES = 3;

/** By the system's codes, by ours, and by the names of what pip's session raises (requests.exceptions). */
const UNREACHED =
  /^(?:E(?:CONNREFUSED|NOTFOUND|AI_AGAIN|HOSTUNREACH|NETUNREACH|TIMEDOUT)|Connect Timeout Error\b.*|ConnectionError|ConnectTimeout|ReadTimeout|NetworkConnectionError|ProxyError|SSLError|not asked: it was silent before)$/;
