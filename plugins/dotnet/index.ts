import type { Plugin } from "../../src/plugin.ts";
import { classify } from "./args.ts";
import { dotnetCommand } from "./installer.ts";
import { type Located, locate } from "./locate.ts";
import { isOwnLock } from "./resolve/locks-here.ts";
import { stages } from "./stages.ts";
import { table } from "./table.ts";

/** The .NET SDK: `dotnet restore` and what restores on its way. */
export const dotnet = {
  ecosystem: table.ecosystem,
  classify,
  command: dotnetCommand,
  lockfiles: table.lockfiles,
  isLockedIn: (names) => names.some(isOwnLock),
  readsLockfile: (name) => table.locks.some((lock) => lock.name.test(name)),
  locate,
  stages,
} satisfies Plugin<Located>;
