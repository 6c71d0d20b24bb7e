import { temporaryFolder } from "./folder.ts";
import { type Registry, startRegistry } from "./registry.ts";
import { createInstance } from "./signed.ts";
import type { Instance } from "./sigstore.ts";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach } from "vitest";

/** What the tests of a file share, and what each of them has to itself. */
interface NpmStage {
  readonly registry: Registry;
  readonly instance: Instance;
  /** New for each test. */
  home: string;
  /** New for each test, and not there yet. */
  project: string;
}

type Shared = Pick<NpmStage, "registry" | "instance">;

/** Called at the top of a file of tests: a registry of npm packages, and a Sigstore instance that signs some of them. */
export function npmStage(
  publish: (shared: Shared) => Promise<unknown>,
  options: Parameters<typeof createInstance>[0] = {},
): NpmStage {
  const stage: Partial<NpmStage> = {};
  beforeAll(async () => {
    const shared = { instance: await createInstance(options), registry: await startRegistry() };
    Object.assign(stage, shared);
    await publish(shared);
  });
  afterAll(() => stage.registry?.close());
  beforeEach(() => {
    stage.home = temporaryFolder();
    stage.project = join(temporaryFolder(), "project");
  });
  return stage as NpmStage;
}
