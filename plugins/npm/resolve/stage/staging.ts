import type { Host, ListedArchive } from "../../../../src/plugin.ts";
import type { NpmConfig } from "../../config.ts";
import type { Installer } from "../../installer.ts";
import type { Changing } from "../../task.ts";
import type { Origin } from "./manifests.ts";

export interface Staging {
  readonly origin: Origin;
  readonly task: Changing;
  readonly npm: Installer;
  readonly config: NpmConfig;
  /** Further origins that the policy admits. */
  readonly admitted: readonly string[];
  /** Archives that the policy lists. */
  readonly archives: readonly ListedArchive[];
  readonly host: Host;
}

/** The folder of our own. Absolute, links resolved. */
export interface Copy {
  readonly repositoryRoot: string;
  readonly project: string;
  readonly cwd: string;
  readonly hasManifest: boolean;
  /** Archives that npm may unpack to read them: address -> private file. */
  readonly archives: Readonly<Record<string, string>>;
}

/** A file as it is in the project, and as it is to be; null where there is none. */
export interface StagedFile {
  /** Relative to the project. */
  readonly path: string;
  readonly before: Buffer | null;
  readonly after: Buffer | null;
}

/** `--no-save`: package.json and the lock stay as they are, the packages are installed. */
export function isUnsaved({ change }: Changing, config: NpmConfig): boolean {
  return (change === "install" || change === "uninstall") && config.get("save") === false;
}
