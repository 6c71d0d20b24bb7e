import { type Progress, silent } from "../gate/progress.ts";
import type { Runtime } from "../runtime.ts";
import { plural } from "./text.ts";

/** Counts on standard error while the gate works; nothing where that is no terminal. */
export async function terminalProgress(runtime: Runtime): Promise<Progress> {
  if (!runtime.stderr.isTTY || runtime.env["CI"] !== undefined) return silent;
  const { default: ora } = await import("ora");
  const spinner = ora({ discardStdin: false });
  let total = 0;
  let judged = 0;
  let denied = 0;
  const text = () => `proving ${judged}/${plural(total, "package")}${denied === 0 ? "" : `, ${denied} denied`}`;
  return {
    start(count) {
      total = count;
      spinner.start(text());
    },
    judged({ outcome }) {
      judged++;
      if (outcome === "denied") denied++;
      spinner.text = text();
    },
    end: () => void spinner.stop(),
  };
}
