import type { Bounds, Host, Stages } from "../../src/plugin.ts";
import { addStages } from "./add/add.ts";
import type { Checked, Located } from "./locate.ts";
import { join, readLock, type PackageSet } from "./resolve/lock.ts";
import { locksMeantBy } from "./resolve/locks-beside.ts";
import { MANIFEST, readToolManifest } from "./tools/manifests.ts";
import { partOf } from "./part.ts";
import { restoreStages } from "./restore.ts";
import { settingsFor } from "./feed/default-source.ts";
import { withLibraryPacks } from "./sdk/library-packs.ts";
import { toolStages } from "./tools/tools.ts";
import { unlockedBeside } from "./resolve/locks-beside.ts";
import { basename } from "node:path";

export async function* stages(located: Located, bounds: Bounds, host: Host): Stages {
  switch (located.kind) {
    case "check":
      return yield* checkStages(located, bounds, host);
    case "restore":
      return yield* restoreStages(located, bounds, host);
    case "add":
      return yield* addStages(located, bounds, host);
    case "tools":
      return yield* toolStages(located, bounds, host);
    default:
      return located satisfies never;
  }
}

/** From the lock alone: no dotnet, nothing of the project is evaluated. */
async function* checkStages({ request, folder, lockfile }: Checked, bounds: Bounds, host: Host): Stages {
  const settings = await withLibraryPacks(await settingsFor(folder, bounds, host), folder, host);
  const locks = await locksMeantBy(lockfile, request.lockfile !== undefined);
  const resolution = await readLocks(lockfile, locks, host);
  yield partOf(
    resolution,
    { project: folder, settings, folder: await host.temporary("dotnet-bytes"), learnt: new Map(), host },
    locks[0] ?? lockfile,
  );
  return null;
}

async function readLocks(lockfile: string, locks: readonly string[], host: Host): Promise<PackageSet> {
  if (basename(lockfile) === MANIFEST) return readToolManifest(lockfile, host);
  return join(await Promise.all([...locks.map((one) => readLock(one, host)), unlockedBeside(lockfile, host)]));
}
