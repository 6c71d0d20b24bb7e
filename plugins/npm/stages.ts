import type { Bounds, Host, Stages } from "../../src/plugin.ts";
import { install } from "./install.ts";
import type { NpmProject } from "./locate.ts";

/** What a command would put on disk: in the project, beside it for one run, or among the global packages. */
export async function* stages(project: NpmProject, bounds: Bounds, outside: Host): Stages {
  // Who tells npm to stay offline means us too.
  const host: Host = { ...outside, offline: outside.offline || project.config.get("offline") === true };
  const { task } = project;
  switch (task.kind) {
    case "clean":
    case "change":
      return yield* install({ ...project, task, bounds, host });
    case "exec": {
      const { execute } = await import("./exec/stages.ts");
      return yield* execute({ ...project, task, bounds, host });
    }
    case "global": {
      const { changeGlobal } = await import("./global/stages.ts");
      return yield* changeGlobal({ ...project, task, bounds, host });
    }
    default:
      return task satisfies never;
  }
}
