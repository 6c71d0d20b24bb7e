import { EXIT } from "../../exit.ts";
import type { TrustRoot } from "../../model/trust.ts";
import { answer } from "../../report/answer.ts";
import { type Paint, printable } from "../../report/text.ts";
import type { Runtime } from "../../runtime.ts";
import { daysText } from "../../trust/held.ts";
import type { TrustHost } from "../../trust/refresh.ts";
import { describeRoot, type DescribedRoot } from "./described.ts";

/** Which roots, logs, authorities and registry keys count here, from where, how old, until when. Asks nobody. */
export async function show(roots: readonly TrustRoot[], runtime: Runtime, host: TrustHost): Promise<number> {
  const described = await Promise.all(roots.map((root) => describeRoot(root, host)));
  const text = (paint: Paint) => described.map((one) => block(one, paint, host.now())).join("\n");
  return answer("trust show", EXIT.ok, { text, json: () => ({ roots: described }) }, runtime);
}

const KINDS = [
  ["log", "logs"],
  ["certificate log", "certificateLogs"],
  ["authority", "authorities"],
  ["timestamps", "timestampAuthorities"],
  ["registry key", "registryKeys"],
] as const;

function block(root: DescribedRoot, paint: Paint, now: Date): string {
  const { name, warnings } = root;
  const rows = KINDS.flatMap(([word, kind]) =>
    root[kind].map((one) => `    ${paint("dim", word.padEnd(16))}${printable(one.name)}  ${until(one.until)}\n`),
  );
  const said = warnings.map((one) => `    ${paint("yellow", "warning".padEnd(16))}${printable(one)}\n`);
  return `${paint("bold", printable(name))}  ${origin(root, now)}\n${rows.join("")}${said.join("")}`;
}

function origin({ from, mirror, checkedAt }: DescribedRoot, now: Date): string {
  if (from === "file") return "a file that the policy names";
  const place = printable(mirror ?? "");
  if (checkedAt === null) return `${from === "built-in" ? "as it came with safe-install" : "not here yet"}; ${place}`;
  return `last checked ${daysText(Math.max(0, now.getTime() - Date.parse(checkedAt)))} ago; ${place}`;
}

function until(date: string | null): string {
  return date === null ? "" : `until ${date.slice(0, 10)}`;
}
