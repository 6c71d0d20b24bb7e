import type { Options, ReportFormat } from "../options.ts";
import type { Report } from "../model/report.ts";
import { toolVersion } from "../version.ts";
import type { Screen, World } from "../world.ts";
import { json } from "./json.ts";
import { pretty } from "./pretty.ts";
import { paintFor } from "./text.ts";
import { resolve } from "node:path";

/**
 * Writes every report that was asked for. Without one on standard output, people get the pretty one:
 * on `screen`, which is standard error where standard output belongs to the installer.
 */
export async function writeReports(report: Report, options: Options, screen: Screen, world: World): Promise<void> {
  for (const { format, file } of options.reports) {
    if (file === null) world.stdout.write(await render(report, format, world.stdout, world));
    else await writeFile(resolve(world.cwd, file), await render(report, format, null, world));
  }
  const shown = options.reports.some(({ file }) => file === null);
  if (!shown && (!options.quiet || report.outcome === "denied"))
    screen.write(await render(report, "pretty", screen, world));
}

async function render(report: Report, format: ReportFormat, screen: Screen | null, world: World): Promise<string> {
  switch (format) {
    case "pretty":
      return pretty(report, screen === null ? (_, text) => text : paintFor(screen, world.env), screen?.columns ?? 120);
    case "json":
      return json(report, await toolVersion());
    default:
      return format satisfies never;
  }
}

async function writeFile(path: string, text: string): Promise<void> {
  const { default: writeFileAtomic } = await import("write-file-atomic");
  await writeFileAtomic(path, text);
}
