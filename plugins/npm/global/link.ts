import { type Denial, LIMITS, parseJson, SafeInstallError, type Session } from "../../../src/plugin.ts";
import { registrySpec } from "../exec/wish.ts";
import { binsOf } from "../package-json.ts";
import { binsToMove } from "./folder.ts";
import { type GlobalHandoff, prepareGlobal, replacing, runGlobal } from "./handoff.ts";
import { NOTHING } from "./uninstall.ts";
import { mkdir, realpath } from "node:fs/promises";
import { join } from "node:path";

/** A link beside the global packages to this folder, which is first-party: nothing is fetched, and npm could not. */
export async function linkGlobally(handoff: GlobalHandoff): Promise<Session> {
  const { config, host } = handoff;
  const project = await realpath(config.prefix);
  const content = await host.read(join(project, "package.json"), { maxBytes: LIMITS.manifestBytes });
  const text = (content ?? Buffer.from("{}")).toString("utf8").replace(/^\uFEFF/, "");
  const manifest = (parseJson(text) ?? {}) as Readonly<Record<string, unknown>>;
  const { name } = registrySpec(typeof manifest["name"] === "string" ? manifest["name"] : "");
  return {
    ...NOTHING,
    project: config.prefix,
    notGated: [{ kind: "first-party", name }],
    handoff: () => link(name, project, binsOf(manifest["bin"], name).keys(), handoff),
  };
}

async function link(name: string, project: string, bins: Iterable<string>, handoff: GlobalHandoff): Promise<number> {
  const { folder, host } = handoff;
  // npm link is not itself global; the folder that it links to is a folder.
  const settings = await prepareGlobal([], null, handoff, { global: "false" });
  const { "allow-file": _, ...rest } = settings;
  const place = join(folder.packages, name);
  const places = [place, ...(await binsToMove(folder, [name], bins))];
  return host.transaction(replacing(folder, places), async () => {
    await mkdir(folder.prefix, { recursive: true });
    const code = await runGlobal(["link"], rest, handoff);
    if (code === 0 && (await realpath(join(folder.prefix, place)).catch(() => null)) !== project)
      throw new SafeInstallError(
        "unbound",
        "INSTALLED_MISMATCH" satisfies Denial["code"],
        `${place} does not lead to ${project}`,
      );
    return code;
  });
}
