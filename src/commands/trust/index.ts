import { loadPolicy } from "../../gate/ground.ts";
import { SafeInstallError } from "../../errors.ts";
import type { ClosableHost } from "../../io/host.ts";
import { GITHUB, PUBLIC_GOOD, type TrustRoot } from "../../model/trust.ts";
import type { Runtime } from "../../runtime.ts";
import { builtInRoot, PUBLIC_GOOD_ROOT } from "../../trust/open.ts";
import { withHost } from "../with-host.ts";
import { parseTrust } from "./arguments.ts";

/** `safe-install trust [show|update|pin]`. @returns the exit code */
export async function trust(args: readonly string[], runtime: Runtime): Promise<number> {
  const asked = parseTrust(args);
  // A bundle is there because the network is not, and to look at what is held asks nobody.
  const offline = asked.action !== "update" || asked.bundle !== null;
  return withHost({ offline }, runtime, async (host) => {
    const roots = await rootsHere(runtime);
    switch (asked.action) {
      case "show": {
        const { show } = await import("./show.ts");
        return show(roots, runtime, host);
      }
      case "update": {
        const { updateRoots } = await import("./update.ts");
        return updateRoots(roots, asked, runtime, host);
      }
      case "pin": {
        const { pinRoots } = await import("./pin.ts");
        return pinRoots(roots, asked.file ?? "", runtime, host);
      }
      default:
        return asked.action satisfies never;
    }
  });
}

export type CommandHost = ClosableHost;

/** The built-in roots, and those of the policies that apply here: one line a name and repository. */
async function rootsHere({ cwd }: Runtime): Promise<readonly TrustRoot[]> {
  const loaded = await loadPolicy(cwd, null, cwd).catch((error: unknown) => {
    if (error instanceof SafeInstallError && error.code === "NO_POLICY") return { roots: [] };
    throw error;
  });
  const named = loaded.roots.filter(({ name }) => name !== GITHUB && name !== PUBLIC_GOOD);
  const aged = (name: string) => loaded.roots.filter((one) => one.name === name);
  const [publicGood = PUBLIC_GOOD_ROOT] = aged(PUBLIC_GOOD);
  const [github = builtInRoot(GITHUB)] = aged(GITHUB);
  return [publicGood, github, ...named];
}
