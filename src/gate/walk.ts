import type { Bounds, Handoff, Host, Part, Proven } from "../plugin.ts";
import type { Opened } from "../project/open.ts";

/** @returns what may be unpacked of the part; null: nothing further is asked for. */
type Visit = (part: Part) => Promise<readonly Proven[] | null>;

/**
 * The one loop over the parts of a project. `visit` sees each in turn; what it hands back is all that the plugin gets.
 * @returns how to install; null where `visit` stopped, or where nothing is to be installed.
 */
export async function walk<B extends Bounds>(
  { plugin, project, bounds }: Opened<B>,
  host: Host,
  visit: Visit,
): Promise<Handoff | null> {
  const { repositoryRoot, registries, archives = [] } = bounds;
  const stages = plugin.stages(project, { repositoryRoot, registries, archives }, host);
  try {
    let stage = await stages.next([]);
    while (stage.done !== true) {
      const proven = await visit(stage.value);
      if (proven === null) return null;
      stage = await stages.next(proven);
    }
    return stage.value;
  } finally {
    await stages.return(null);
  }
}
