import { cacheFolder } from "../io/cache.ts";
import { type ClosableHost, createHost } from "../io/host.ts";
import type { OutputTo } from "../io/run.ts";
import { pruneDaily } from "../io/store/prune.ts";
import { stateFolder } from "../io/transaction/state.ts";
import type { Options, ReportFormat } from "../options.ts";
import { printable } from "../report/text.ts";
import { trustSettings } from "../trust/settings.ts";
import { endRefreshes } from "../trust/beside.ts";
import type { Runtime } from "../runtime.ts";

/** A host for one run; its temporary folders go whatever happens. */
export async function withHost(
  options: Pick<Options, "offline"> & Partial<Pick<Options, "reports">>,
  runtime: Runtime,
  work: (host: ClosableHost) => Promise<number>,
): Promise<number> {
  const cache = cacheFolder(runtime.env, runtime.home);
  const real = createHost({
    env: runtime.env,
    signal: runtime.signal,
    offline: options.offline,
    cacheFolder: cache,
    stateFolder: stateFolder(runtime.env, runtime.home),
    home: runtime.home,
    trust: trustSettings(runtime.env),
    output: outputOf(options, runtime),
    notice: (text) => runtime.stderr.write(`${text.split(/\r?\n/).map(printable).join("\n")}\n`),
  });
  const host = runtime.say === undefined ? real : await tracing(real, runtime.say);
  try {
    return await work(host);
  } finally {
    if (!runtime.signal.aborted) await endRefreshes(host);
    await host.close();
    if (!runtime.signal.aborted) await pruneDaily(cache, host.now());
  }
}

/** Where standard output is one document, which a program reads, nothing else may stand in it. */
export function outputOf(
  { reports = [] }: Partial<Pick<Options, "reports">>,
  { json }: Pick<Runtime, "json">,
): OutputTo {
  const isDocument = json === true || reports.some(({ file, format }) => file === null && DOCUMENTS.has(format));
  return isDocument ? 2 : 1;
}

const DOCUMENTS: ReadonlySet<ReportFormat> = new Set(["json", "sarif", "markdown", "html", "cyclonedx"]);

async function tracing(host: ClosableHost, say: (line: string) => void): Promise<ClosableHost> {
  const { traced } = await import("../report/trace.ts");
  return traced(host, say, () => performance.now());
}
