import { cacheFolder } from "../io/cache.ts";
import { type ClosableHost, createHost } from "../io/host.ts";
import { pruneDaily } from "../io/store/prune.ts";
import { stateFolder } from "../io/transaction/state.ts";
import type { Options } from "../options.ts";
import { printable } from "../report/text.ts";
import type { World } from "../runtime.ts";

/** A host for one run; its temporary folders go whatever happens. */
export async function withHost(
  options: Pick<Options, "offline">,
  world: World,
  work: (host: ClosableHost) => Promise<number>,
): Promise<number> {
  const cache = cacheFolder(world.env, world.home);
  const host = createHost({
    env: world.env,
    signal: world.signal,
    offline: options.offline,
    cacheFolder: cache,
    stateFolder: stateFolder(world.env, world.home),
    home: world.home,
    notice: (text) => world.stderr.write(`${text.split(/\r?\n/).map(printable).join("\n")}\n`),
  });
  try {
    return await work(host);
  } finally {
    await host.close();
    if (!world.signal.aborted) await pruneDaily(cache, host.now());
  }
}
