import { type Host, LIMITS, SafeInstallError } from "../../../src/plugin.ts";
import type { StagedFile } from "../resolve/stage/staging.ts";
import { chmod, mkdir, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** How what was judged comes to lie in the project, around npm's own run. */
export interface Landing {
  /** Files that are put in place; relative to the project. They wait aside, as node_modules do. */
  readonly files: readonly string[];
  /** The project is still the one that was judged, also where nothing of it changes. @throws SafeInstallError LOCK_CHANGED */
  assertReady(): Promise<void>;
  /** Once the old files are aside. */
  land(): Promise<void>;
  /** npm has succeeded: what is not to stay goes. */
  settle(): Promise<void>;
}

/** @param unsaved the files are there only while npm installs (`--no-save`) */
export function landingOf(
  project: string,
  staged: readonly StagedFile[],
  unsaved: boolean,
  host: Pick<Host, "read">,
): Landing {
  const modes = new Map<string, number>();
  const changes = staged.filter(({ before, after }) => !isSame(before, after));
  return {
    files: changes.map(({ path }) => path),
    async assertReady() {
      for (const { path, before } of staged) {
        const file = join(project, path);
        if (!isSame(before, await host.read(file, { maxBytes: LIMITS.lockfileBytes }))) throw changed(file);
        if (before !== null) modes.set(path, (await stat(file)).mode & 0o777);
      }
    },
    land: () => put(({ after }) => after),
    settle: async () => (unsaved ? put(({ before }) => before) : undefined),
  };

  async function put(content: (one: StagedFile) => Buffer | null): Promise<void> {
    for (const one of changes) {
      const file = join(project, one.path);
      const bytes = content(one);
      if (bytes === null) await rm(file, { force: true });
      else await write(file, bytes, modes.get(one.path));
    }
  }
}

function isSame(one: Buffer | null, other: Buffer | null): boolean {
  return one === null || other === null ? one === other : one.equals(other);
}

async function write(file: string, bytes: Buffer, mode: number | undefined): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, bytes);
  if (mode !== undefined) await chmod(file, mode);
}

function changed(file: string): SafeInstallError {
  return new SafeInstallError("unbound", "LOCK_CHANGED", `${file} changed while it was being judged`, {
    hint: "run again once nothing else writes to the project",
  });
}
