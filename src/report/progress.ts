import { type Progress, silent } from "../gate/progress.ts";
import type { Runtime } from "../runtime.ts";
import { plural } from "./text.ts";

/** Counts on standard error while the gate works; nothing where that is no terminal. */
export async function terminalProgress(runtime: Runtime): Promise<Progress> {
  if (!runtime.stderr.isTTY || runtime.env["CI"] !== undefined) return silent;
  const { default: ora } = await import("ora");
  const spinner = ora({ discardStdin: false });
  const show = (counts: string, lasting: () => string) => {
    // Drawn anew also while nothing comes.
    spinner.suffixText = lasting;
    if (spinner.isSpinning) spinner.text = counts;
    else spinner.start(counts);
  };
  return counting({ show, end: () => void spinner.stop(), now: () => performance.now() });
}

interface Screen {
  /** One line, in place of the one before; its end is asked for as often as it is drawn. */
  readonly show: (counts: string, lasting: () => string) => void;
  readonly end: () => void;
  /** Milliseconds, from whenever. */
  readonly now: () => number;
}

/** How many are judged of how many; of work that lasts also for how long, and how many a second. */
export function counting({ show, end, now }: Screen): Progress {
  let [total, judged, denied, begun] = [0, 0, 0, 0];
  const lasting = () => duration(judged, now() - begun);
  const tell = () => show(counts(total, judged, denied), lasting);
  return {
    start(count) {
      [total, judged, denied, begun] = [count, 0, 0, now()];
      tell();
    },
    judged({ outcome }) {
      judged++;
      if (outcome === "denied") denied++;
      tell();
    },
    end,
  };
}

function counts(total: number, judged: number, denied: number): string {
  return `proving ${judged}/${plural(total, "package")}${denied === 0 ? "" : `, ${denied} denied`}`;
}

/** Milliseconds before which nobody asks. */
const LASTING = 2000;

/** `12 s, 8.5/s`, `3 min 5 s` */
function duration(judged: number, elapsed: number): string {
  if (elapsed < LASTING) return "";
  const seconds = Math.floor(elapsed / 1000);
  const time = seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const rate = (judged * 1000) / elapsed;
  return rate < 0.1 ? time : `${time}, ${rate < 10 ? rate.toFixed(1) : Math.round(rate)}/s`;
}
