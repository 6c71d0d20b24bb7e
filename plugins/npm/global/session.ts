import type { Host, Request, Session } from "../../../src/plugin.ts";
import type { GlobalTask } from "../task.ts";

export async function openGlobal(_request: Request, task: GlobalTask, _host: Host): Promise<Session> {
  throw new TypeError(task.change);
}
