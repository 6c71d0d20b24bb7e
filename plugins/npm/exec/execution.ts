import type { Host } from "../../../src/plugin.ts";
import type { NpmConfig } from "../config.ts";
import type { Installer } from "../installer.ts";
import type { Executing } from "../task.ts";
import type { Wish } from "./wish.ts";

/** Where a tool runs, and with what. */
export interface Execution {
  readonly task: Executing;
  readonly wish: Wish;
  readonly cwd: string;
  /** The user's npm, and its configuration in `cwd`. */
  readonly npm: Installer;
  readonly config: NpmConfig;
  readonly repositoryRoot: string;
  readonly host: Host;
}
