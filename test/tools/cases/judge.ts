import type { Case } from "./case.ts";
import { CHECKS } from "./checks.ts";
import type { Run } from "./outcome.ts";

/** Why a case is not met; empty: it is. */
export function faultsOf(one: Case, run: Run): readonly string[] {
  if (run.timedOut) return [`not ended after ${run.seconds} s`];
  const screen = [run.output, ...run.gated.map(({ text }) => text)].join("\n").toLowerCase();
  return [
    ...exitsOf(one, run),
    ...one.says.filter((text) => !screen.includes(text.toLowerCase())).map((text) => `does not say "${text}"`),
    ...one.never.filter((text) => screen.includes(text.toLowerCase())).map((text) => `says "${text}"`),
    ...run.output.split("\n").filter((line) => line.startsWith("FAULT")),
    ...(CHECKS[one.name]?.(run) ?? []),
  ];
}

function exitsOf({ exit }: Case, { gated, alone }: Run): readonly string[] {
  if (gated.length === 0) return ["ran nothing through the gate"];
  const counted = alone ? gated : gated.slice(-1);
  return counted
    .filter((one) => one.exit === null || !exit.includes(one.exit))
    .map((one) => `${one.args.join(" ")}: exit ${one.exit ?? "by a signal"}${reasonIn(one.text)}`);
}

/** The first line with a cross, or the first word in capitals that looks like a code. */
function reasonIn(text: string): string {
  const line = text.split("\n").find((one) => /\b[A-Z][A-Z0-9]+(?:_[A-Z0-9]+)+\b|^✗|a bug of ours/.test(one));
  return line === undefined ? "" : ` (${line.trim().slice(0, 140)})`;
}
