import { cacheFolder } from "../io/cache.ts";
import { type ClosableHost, createHost } from "../io/host.ts";
import { pruneDaily } from "../io/store/prune.ts";
import { stateFolder } from "../io/transaction/state.ts";
import type { Options } from "../options.ts";
import { printable } from "../report/text.ts";
import { trustSettings } from "../trust/settings.ts";
import { endRefreshes } from "../trust/beside.ts";
import type { Runtime } from "../runtime.ts";

/** A host for one run; its temporary folders go whatever happens. */
export async function withHost(
  options: Pick<Options, "offline">,
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

async function tracing(host: ClosableHost, say: (line: string) => void): Promise<ClosableHost> {
  const { traced } = await import("../report/trace.ts");
  return traced(host, say, () => performance.now());
}
