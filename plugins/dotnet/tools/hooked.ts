import type { Bounds, Part, Proven } from "../../../src/plugin.ts";
import type { LearntFeeds } from "../feed/feed.ts";
import { settingsFor } from "../feed/default-source.ts";
import { partOf, together, without } from "../part.ts";
import { ridChain } from "../platform.ts";
import type { HookedTarget } from "../reading/closure.ts";
import { join } from "../resolve/lock.ts";
import type { Dotnet } from "../run.ts";
import { attribute, children, localName } from "../xml.ts";
import { folderOf, manifestsAbove, toolsOf } from "./manifests.ts";
import { platformPackages } from "./settings.ts";

/** Local tools that a target of the project may restore and start while the project is restored. */
export interface HookedTools {
  /** Where dotnet restores them. */
  readonly folders: readonly string[];
  readonly proven: readonly Proven[];
}

interface Asked {
  /** Of the projects. */
  readonly folders: readonly string[];
  readonly bounds: Bounds;
  readonly learnt: LearntFeeds;
  readonly dotnet: Dotnet;
}

/** Where a target of a project's restore may start local tools, these belong to what is proven; null: there are none. */
export async function* hookedTools(
  { folders, bounds, learnt, dotnet }: Asked,
  targets: readonly HookedTarget[],
): AsyncGenerator<Part, HookedTools | null, readonly Proven[]> {
  const { host } = dotnet;
  const asked = targets.some(mayStartTools) ? folders : [];
  const found = (await Promise.all(asked.map((one) => manifestsAbove(one, host)))).filter(({ length }) => length > 0);
  const [project] = found.map(folderOf);
  if (project === undefined) return null;
  const settings = await settingsFor(project, bounds, host);
  const around = { project, settings, folder: await host.temporary("dotnet-bytes"), learnt, host };
  const early = yield { ...partOf(join(found.map(toolsOf)), around), opens: true };
  const platform = without(await platformPackages(early, () => ridChain(dotnet)), early);
  const proven = platform.wanted.size === 0 ? [] : yield partOf(platform, around);
  return { folders: [...new Set(found.map(folderOf))], proven: together(early, proven) };
}

/** A program may be a script that restores tools; one of these alone is none. */
function mayStartTools({ element }: HookedTarget): boolean {
  return children(element).some((one) => {
    const name = localName(one);
    return name === "Exec" ? !PLAIN.test(attribute(one, "Command") ?? "") : !IDLE.test(name);
  });
}

/** What starts no program. */
const IDLE =
  /^(?:Touch|Copy|Delete|MakeDir|RemoveDir|WriteLinesToFile|DownloadFile|Message|Warning|Error|PropertyGroup|ItemGroup)$/;
/** One command that starts no other. */
const PLAIN =
  /^\s*(?:git (?:config|submodule|rev-parse|describe|status|log)|echo|chmod|mkdir|touch|cp|mv)\b[^&|;`<>$@%\r\n]*$/;
