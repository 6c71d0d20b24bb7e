import type { Layer } from "../policy/layer.ts";
import type { TrustRoot } from "../model/trust.ts";
import type { Thresholds } from "../model/trust.ts";

export interface LoadOptions {
  /** Absolute: the folder whose policy counts. */
  readonly project: string;
  /** `--policy FILE`: replaces the search. */
  readonly policy?: string;
  /** io/trust.ts loadTrustRoot. @throws SafeInstallError */
  readonly loadTrustRoot: (bytes: Buffer, name: string, thresholds: Thresholds) => TrustRoot;
}

export interface LoadedPolicy {
  /** Outermost first. Never empty. */
  readonly layers: readonly Layer[];
  /** The trust roots that the policies name, without public-good; no id twice. */
  readonly roots: readonly TrustRoot[];
  /** Absolute. The project folder where there is no repository. */
  readonly repositoryRoot: string;
  /** For the report, for instance that there is no repository. */
  readonly notes: readonly string[];
}

export declare function loadLayers(options: LoadOptions): Promise<LoadedPolicy>;
/** The nearest ancestor with `.git`, never crossing to another owner's folder; `project` itself where there is none. */
export declare function repositoryRootOf(project: string): string;
