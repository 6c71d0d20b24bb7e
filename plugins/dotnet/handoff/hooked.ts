import { isInside, type Place, type Proven } from "../../../src/plugin.ts";
import { makeHome } from "../home.ts";
import { type Dotnet, environment } from "../run.ts";
import { keepResolved } from "../tools/cache.ts";
import type { RestoreTarget } from "../target.ts";
import type { HookedTools } from "../tools/hooked.ts";
import { closedSettings } from "./closed.ts";
import { requireFrom } from "./compare.ts";
import type { FolderFeed } from "./folder-feed.ts";
import { newPackagesFolder } from "./packages-folder.ts";
import { readFile } from "node:fs/promises";

/** A restore in which targets of the project run. */
export interface HookedRun {
  readonly replaces: readonly Place[];
  /** What the targets may be handed beside the project's packages. */
  readonly proven: readonly Proven[];
  /** Restores the tools, then `restore` with a dotnet and a packages folder for what the targets start. @returns exit code */
  run(feed: FolderFeed, restore: (dotnet: Dotnet, packages: string) => Promise<number>): Promise<number>;
  /** @throws SafeInstallError INSTALLED_MISMATCH */
  requireProven(): Promise<void>;
}

/**
 * While targets of the project run, NuGet finds the feed of proven packages and no other, wherever in the repository a target
 * starts it; and dotnet finds the tools that were proven, and none that it found before.
 */
export async function hookedRun(
  dotnet: Dotnet,
  { root, target }: { readonly root: string; readonly target: RestoreTarget },
  tools: HookedTools | null,
): Promise<HookedRun> {
  const { host, file } = dotnet;
  const { folder, file: of } = target;
  const [first = folder] = tools?.folders ?? [];
  const packages = await newPackagesFolder(isInside(first, root) ? first : folder, of, ".safe-install-tools");
  const replaced = tools === null ? [] : packages.replaces;
  const aside = [...replaced, ...(await newPackagesFolder(folder, of)).replaces].map(({ path }) => path);
  const closed = await closedSettings(root, aside);
  let home = "";
  return {
    replaces: [...closed.replaces, ...replaced],
    proven: tools?.proven ?? [],
    async run({ config }, restore) {
      const settings = await readFile(config, "utf8");
      home = await makeHome(host, settings);
      const inside = { ...dotnet, home };
      if (tools !== null) await packages.make();
      const place = tools === null ? await host.temporary("dotnet-none") : packages.folder;
      await closed.close(settings);
      try {
        for (const cwd of tools?.folders ?? []) {
          const args = ["tool", "restore", "--configfile", config, "--no-http-cache"];
          const code = await host.run({ file, args, cwd, env: await environment(inside, place) });
          if (code !== 0) return code;
        }
        return await restore(inside, place);
      } finally {
        await closed.open();
      }
    },
    async requireProven() {
      if (tools === null) return;
      await requireFrom(packages.folder, tools.proven);
      await keepResolved(home, packages.folder, host);
    },
  };
}
