import { SafeInstallError } from "../../errors.ts";
import { unlockedCommand } from "../../project/meant.ts";
import type { Typed } from "../draft.ts";
import { initCommand } from "./change.ts";

/** There is no policy yet, and the command that writes a first one for this folder, or for the command that was typed. */
export async function noPolicyTo(what: string, shown: string, typed: Typed, cwd: string): Promise<SafeInstallError> {
  const command = typed.command ?? (await unlockedCommand(cwd));
  return new SafeInstallError("policy", "NO_POLICY", `there is no ${shown} to ${what}`, {
    hint: initCommand({ ...typed, command }),
  });
}
