import { SafeInstallError } from "../errors.ts";
import { INSTALLERS, installerIn, loadPlugin } from "../plugins.ts";
import type { Plugin, Request } from "../plugin.ts";

/**
 * An installer's command line, for instance `npm install left-pad`, as the gate would take it.
 * @throws SafeInstallError kind "usage": it is none, it installs nothing, or it is not gated
 */
export async function gatedCommand(
  words: readonly string[],
): Promise<{ readonly plugin: Plugin } & Required<Pick<Request, "args" | "program">>> {
  const installer = installerIn(words);
  if (installer === null) throw notMeant(`${words[0] ?? "nothing"} is none of ${INSTALLERS.join(", ")}`);
  const [program, args] = [words.slice(0, installer.length), words.slice(installer.length)];
  const plugin = await loadPlugin(installer.name);
  const invocation = plugin.classify(args, program);
  if (invocation.kind === "refuse")
    throw new SafeInstallError("usage", "NOT_GATED", invocation.reason, { hint: invocation.hint });
  if (invocation.kind === "pass") throw notMeant(`${words.join(" ")} installs nothing`);
  return { plugin, program, args };
}

function notMeant(why: string): SafeInstallError {
  return new SafeInstallError("usage", "USAGE", `after --: ${why}`, {
    hint: "after -- stands what would install the packages, for instance: -- npm install left-pad",
  });
}
