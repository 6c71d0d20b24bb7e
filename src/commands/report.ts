import { SafeInstallError } from "../errors.ts";
import { EXIT } from "../exit.ts";
import { writeOutput } from "../io/output.ts";
import { answer } from "../report/answer.ts";
import { type Logged, readLogs } from "../report/earlier/logs.ts";
import { printable } from "../report/text.ts";
import type { Runtime } from "../runtime.ts";
import { toolVersion } from "../version.ts";
import { misused, readWords } from "../words.ts";

const OPTIONS = { html: { type: "boolean" }, output: { type: "string" } } as const;

/**
 * `safe-install report DECISIONS.jsonl... [--html [--output FILE]]`: what decision logs of many runs and repositories say, and
 * how it came about. It judges nothing. @returns 0 @throws SafeInstallError USAGE, FILE_UNREADABLE
 */
export async function report(args: readonly string[], runtime: Runtime): Promise<number> {
  const { values, positionals: logs } = readWords(args, OPTIONS, "report");
  if (logs.length === 0) throw misused("expected: report DECISIONS.jsonl... [--html]", "report");
  if (values.output !== undefined && values.html !== true) throw misused("--output goes with --html", "report");
  const logged = await readLogs(logs, { cwd: runtime.cwd, version: await toolVersion(), now: new Date() });
  if (logged.trends.length === 0)
    throw new SafeInstallError("usage", "USAGE", `${logs.join(", ")}: no run of safe-install is in it`, {
      hint: "safe-install --log FILE check adds one",
    });
  if (logged.unread > 0)
    runtime.stderr.write(`safe-install: ${logged.unread} lines are none of ours, and passed over\n`);
  if (values.html !== true) return answer("report", EXIT.ok, ways(logged), runtime);
  const { draw } = await import("../report/html/index.ts");
  const page = await draw({ title: titleOf(logged), report: logged.report, trends: logged.trends });
  if (values.output === undefined) runtime.stdout.write(page);
  else await writeOutput(values.output, page, runtime.cwd);
  return EXIT.ok;
}

function titleOf({ trends }: Logged): string {
  const runs = trends.reduce((sum, one) => sum + one.runs.length, 0);
  return `${runs} ${runs === 1 ? "run" : "runs"} over ${trends.length} ${trends.length === 1 ? "lock" : "locks"}`;
}

function ways(logged: Logged) {
  const { trends, report: last } = logged;
  return {
    text: () =>
      [
        titleOf(logged),
        ...trends.map(({ name }, at) => `  ${printable(name)}: ${last.projects[at]?.summary.text ?? ""}`),
        "  safe-install report LOG --html draws it",
        "",
      ].join("\n"),
    json: () => ({ trends, last }),
  };
}
