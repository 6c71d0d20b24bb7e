import type { Options, ReportFormat } from "../options.ts";
import type { Report } from "../model/report.ts";
import { toolHomepage, toolVersion } from "../version.ts";
import type { Screen, Runtime } from "../runtime.ts";
import { appendOutput, placeOf, writeOutput } from "../io/output.ts";
import { json, type Made, toJson } from "./json.ts";
import { lazily } from "../gate/bytes.ts";
import type { ReportPlaces } from "./places.ts";
import { pretty } from "./pretty.ts";
import { forScreen, paintFor, printable } from "./text.ts";

/**
 * Appends to the decision log, then writes every report that was asked for. Without one on standard output, people get the pretty one:
 * on `screen`, which is standard error where standard output belongs to the installer. Where no report is asked for at
 * all, GitHub Actions and Azure Pipelines get their annotations beside it.
 */
export async function writeReports(report: Report, options: Options, screen: Screen, runtime: Runtime): Promise<void> {
  if (runtime.say !== undefined) await sayAll(report, runtime.say);
  for (const { file } of options.reports) if (file !== null) await placeOf(file, runtime.cwd);
  const made = await madeNow(options, runtime);
  if (options.log !== null) await appendLog(report, options.log, made, runtime);
  const render = renderer(report, made, runtime);
  for (const { format, file } of options.reports) {
    if (file === null) runtime.stdout.write(await render(format, runtime.stdout));
    else await writeOutput(file, await render(format, null), runtime.cwd);
    if (format === "github") await appendSummary(report, runtime);
  }
  const shown = options.reports.some(({ file }) => file === null);
  if (!shown && (!options.quiet || report.outcome === "denied")) screen.write(await render("pretty", screen));
  const surroundings = options.reports.length === 0 ? ciOf(runtime.env) : null;
  if (surroundings === null) return;
  screen.write(await render(surroundings, screen));
  if (surroundings === "github") await appendSummary(report, runtime);
}

async function sayAll({ projects }: Report, say: (line: string) => void): Promise<void> {
  const { sayJudged } = await import("./trace.ts");
  for (const project of projects) sayJudged(project, say);
}

type Render = (format: ReportFormat, screen: Screen | null) => Promise<string>;

function renderer(report: Report, made: Made, runtime: Runtime): Render {
  const places = lazily(() => placesOf(report, runtime));
  return async (format, screen) => {
    switch (format) {
      case "pretty":
        return screen === null
          ? pretty(report, (_, text) => text, 120)
          : forScreen(pretty(report, paintFor(screen, runtime.env), screen.columns), screen);
      case "json":
        return json(report, made);
      case "markdown": {
        const { markdown } = await import("./markdown/index.ts");
        return markdown(toJson(report, made));
      }
      case "html": {
        const { page } = await import("./html/index.ts");
        return page(toJson(report, made));
      }
      case "cyclonedx": {
        const { cyclonedx } = await import("./cyclonedx/index.ts");
        return cyclonedx(toJson(report, made));
      }
      case "sarif": {
        const { sarif } = await import("./sarif.ts");
        return sarif(report, await places.get(), made.version, await toolHomepage());
      }
      case "github": {
        const { github } = await import("./github.ts");
        return github(report, await places.get());
      }
      case "azure": {
        const { azure } = await import("./azure.ts");
        return azure(report, await places.get());
      }
      default:
        return format satisfies never;
    }
  };
}

async function placesOf(report: Report, { cwd }: Runtime): Promise<ReportPlaces> {
  const { readPlaces } = await import("./places.ts");
  return readPlaces(report, cwd);
}

/** As the systems themselves say it: `GITHUB_ACTIONS=true`, `TF_BUILD=True`. */
function ciOf(env: Runtime["env"]): "github" | "azure" | null {
  if (env["GITHUB_ACTIONS"] === "true") return "github";
  return env["TF_BUILD"]?.toLowerCase() === "true" ? "azure" : null;
}

/** Earlier runs are read before this one is added to them. */
async function madeNow({ log, reports }: Options, { cwd }: Runtime): Promise<Made> {
  const made = { version: await toolVersion(), now: new Date() };
  if (log === null || !reports.some(({ format }) => COMPARING.has(format))) return made;
  const { lastRuns } = await import("./earlier/runs.ts");
  return { ...made, earlier: await lastRuns(await placeOf(log, cwd)) };
}

/** Those that say what is otherwise since the last run. */
const COMPARING: ReadonlySet<ReportFormat> = new Set(["json", "markdown", "html"]);

async function appendLog(report: Report, file: string, made: Made, runtime: Runtime): Promise<void> {
  const { decisionLog } = await import("./log.ts");
  await appendOutput(file, decisionLog(report, made), runtime.cwd);
}

/** GitHub names the file of the step that runs; other steps have others. */
async function appendSummary(report: Report, runtime: Runtime): Promise<void> {
  const file = runtime.env["GITHUB_STEP_SUMMARY"];
  if (file === undefined || file === "") return;
  const { githubSummary } = await import("./github-summary.ts");
  const text = githubSummary(report, await placesOf(report, runtime));
  await appendOutput(file, text, runtime.cwd).catch((error: Error) => {
    // A summary is for reading: what is decided does not hang on it.
    runtime.stderr.write(`safe-install: no step summary: ${printable(error.message)}\n`);
  });
}
