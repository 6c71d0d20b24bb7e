import type { Guided, Host } from "../../../src/plugin.ts";
import { BEGINNING, SERVING } from "./programs.ts";
import { readFile } from "node:fs/promises";

/** One interpreter that answers several questions, one after the other, each in a copy of itself (`serving.py`). */
export interface Helper {
  /**
   * @param job its file; the program lies beside it
   * @returns the exit code; null where there is no such interpreter: then the program wants one of its own
   */
  answer(job: string): Promise<number | null>;
}

/** @param start starts the interpreter with this program */
export function openHelper(start: (source: string) => Promise<Guided>): Helper {
  let last: Promise<unknown> = Promise.resolve();
  let guided: Guided | null = null;
  let asks = false;
  return {
    answer(job) {
      const answer = last.then(() => answerNow(job));
      last = answer.catch(() => {});
      return answer;
    },
  };

  async function answerNow(job: string): Promise<number | null> {
    if (guided === null) {
      guided = await start(SERVING);
      asks = await guided.asks();
    }
    if (!asks) return null;
    guided.tell(job);
    asks = await guided.asks();
    const ended = await readFile(`${job}.ended`, "utf8").catch(() => null);
    return ended === null ? guided.ended : Number(ended);
  }
}

/** What a helper has not loaded yet; null where the program does not begin as it does. */
export function afterBeginning(source: string): string | null {
  return source.startsWith(BEGINNING) ? source.slice(BEGINNING.length) : null;
}

/** Elsewhere a copy of a process that has loaded the system's libraries may not use them (macOS), or there are none (Windows). */
export function mayServe(host: Pick<Host, "guide">): boolean {
  return host.guide !== null && process.platform === "linux";
}
