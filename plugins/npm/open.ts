import type { Host, Request, Session } from "../../src/plugin.ts";
import { CLEAN_INSTALL } from "./commands.ts";
import { npmWords } from "./exec/npx.ts";
import { openProject } from "./session.ts";
import { taskOf } from "./task.ts";

/** What a command would put on disk: in the project, beside it for one run, or among the global packages. */
export async function open(request: Request, host: Host): Promise<Session> {
  const words = npmWords(request.args, request.program);
  const args = request.purpose === "install" ? words : ["ci", ...words.filter((word) => !CLEAN_INSTALL.has(word))];
  const task = taskOf(args);
  switch (task.kind) {
    case "clean":
    case "change":
      return openProject(request, task, args, host);
    case "exec":
      return (await import("./exec/session.ts")).openExec(request, task, host);
    case "global":
      return (await import("./global/session.ts")).openGlobal(request, task, host);
    default:
      return task satisfies never;
  }
}
