import type { Plugin } from "../../src/plugin.ts";
import { classify } from "./args.ts";
import { dotnetCommand } from "./installer.ts";
import { LOCKFILES } from "./lock.ts";
import { isOwnLock } from "./locks-beside.ts";
import { type Located, locate } from "./locate.ts";
import { MANIFEST } from "./manifests.ts";
import { stages } from "./stages.ts";
import { LOCK } from "./unlocked.ts";

/** The .NET SDK: `dotnet restore` and what restores on its way. */
export const dotnet = {
  ecosystem: "nuget",
  classify,
  command: dotnetCommand,
  lockfiles: LOCKFILES,
  isLockedIn: (names) => names.some(isOwnLock),
  readsLockfile: (name) => LOCK.test(name) || name === MANIFEST,
  locate,
  stages,
} satisfies Plugin<Located>;
